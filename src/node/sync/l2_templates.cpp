#include "node/sync/l2_templates.hpp"

namespace entresol::sync {
namespace {

using derive::BlockId;

struct Origin {
    BlockId id;
    std::uint64_t timestamp = 0;
};

// The parent's origin, or the L1 block after it when that is known with its receipts, stands on it and is not later than the L2 block (batch
// validity rules).
std::optional<Origin> choose_origin(derive::L1Provider& l1, const derive::L2BlockRef& parent, std::uint64_t timestamp,
                                    std::uint64_t confirmation_depth) {
    const auto current = l1.header_by_hash(parent.l1_origin.hash);
    const auto canonical = l1.header_by_number(parent.l1_origin.number);
    if (!current || !canonical || chain::header_hash(*canonical) != parent.l1_origin.hash)
        return std::nullopt;  // L1 was reorganised: wait for the reset
    const Origin same{parent.l1_origin, current->timestamp};
    const auto next = l1.header_by_number(parent.l1_origin.number + 1);
    if (!next || next->parent_hash != parent.l1_origin.hash || next->timestamp > timestamp) return same;
    if (confirmation_depth > 0 && !l1.header_by_number(next->number + confirmation_depth)) return same;
    const Hash32 hash = chain::header_hash(*next);
    if (!l1.receipts(hash)) return same;
    return Origin{{hash, next->number}, next->timestamp};
}

}  // namespace

sequencer::TemplateSource make_l2_templates(derive::RollupConfig config, derive::L1Provider& l1,
                                            std::uint64_t confirmation_depth) {
    return [config = std::move(config), &l1, confirmation_depth](
               const ledger::StoredBlock& parent_block,
               std::uint64_t timestamp) -> std::optional<sequencer::BlockTemplate> {
        const auto parent = derive::make_l2_block_ref(config, parent_block.block);
        const auto system_config = derive::read_system_config(config, parent_block.block);
        CHECK(parent.has_value() && system_config.has_value());  // a block of our own chain
        const auto origin = choose_origin(l1, *parent, timestamp, confirmation_depth);
        if (!origin) return std::nullopt;
        const auto attributes = derive::prepare_attributes(config, l1, *parent, *system_config, origin->id, timestamp);
        if (!attributes) return std::nullopt;
        const auto block = derive::make_block_attributes(config, *attributes);
        sequencer::BlockTemplate result{.timestamp = block.timestamp,
                                        .coinbase = block.coinbase,
                                        .prev_randao = block.prev_randao,
                                        .gas_limit = block.gas_limit,
                                        .parent_beacon_block_root = block.parent_beacon_block_root,
                                        .extra_data = block.extra_data,
                                        .forced = {},
                                        .only_forced = timestamp > origin->timestamp + config.max_sequencer_drift,
                                        .origin_moves = origin->id.hash != parent->l1_origin.hash};
        for (const auto& encoded : attributes->transactions) {
            auto tx = chain::decode_transaction(encoded);
            CHECK(tx.has_value());  // we made it
            result.forced.push_back(std::move(*tx));
        }
        return result;
    };
}

}  // namespace entresol::sync
