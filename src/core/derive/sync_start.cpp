#include "core/derive/sync_start.hpp"

#include <algorithm>

namespace entresol::derive {
namespace {

Result<bool, Stall> is_canonical(L1Provider& l1, const BlockId& id) {
    const auto header = l1.header_by_number(id.number);
    if (!header) {
        if (header.error() == FetchError::Temporary) return fail(Stall::Temporary);
        return false;  // L1 is shorter now
    }
    return chain::header_hash(*header) == id.hash;
}

Result<std::pair<chain::Block, L2BlockRef>, Stall> load_block(const RollupConfig& config, L2Reader& l2,
                                                              std::uint64_t number) {
    auto block = l2.block_by_number(number);
    if (!block) return fail(block.error() == FetchError::Temporary ? Stall::Temporary : Stall::Broken);
    const auto ref = make_l2_block_ref(config, *block);
    if (!ref) return fail(Stall::Broken);
    return std::pair(*std::move(block), *ref);
}

/// The newest block that is certainly derived from the canonical L1 chain.
Result<L2BlockRef, Stall> find_safe_head(const RollupConfig& config, L1Provider& l1, L2Reader& l2, std::uint64_t number,
                                         std::uint64_t floor) {
    std::optional<std::uint64_t> highest_origin;  // of the newest block with a canonical origin
    bool window_passed = false;                   // the block after this one begins an epoch a window older than that
    while (true) {
        TRY(const auto loaded, load_block(config, l2, number));
        const L2BlockRef& ref = loaded.second;
        TRY(const bool origin_stands, is_canonical(l1, ref.l1_origin));
        if (number <= floor) {
            if (!origin_stands) return fail(Stall::Broken);
            return ref;
        }
        if (origin_stands) {
            if (window_passed) return ref;
            if (const auto source = l2.derived_from(number)) {
                TRY(const bool source_stands, is_canonical(l1, *source));
                if (source_stands) return ref;
            }
            if (!highest_origin) highest_origin = ref.l1_origin.number;
            window_passed = ref.sequence_number == 0 && ref.l1_origin.number + config.seq_window_size < *highest_origin;
        }
        --number;
    }
}

}  // namespace

Result<SyncStart, Stall> find_sync_start(const RollupConfig& config, L1Provider& l1, L2Reader& l2,
                                         std::uint64_t safe_number, std::uint64_t finalized_number) {
    const std::uint64_t floor = std::max(finalized_number, config.l2_genesis.number);
    TRY(const L2BlockRef safe_head, find_safe_head(config, l1, l2, std::max(safe_number, floor), floor));
    // A channel that holds the next block's batch opened at most channel_timeout before it closed, and that is after the safe head's origin.
    TRY(auto base, load_block(config, l2, safe_head.number));
    while (base.second.number > config.l2_genesis.number && base.second.l1_origin.number > config.l1_genesis.number &&
           base.second.l1_origin.number + config.channel_timeout > safe_head.l1_origin.number) {
        TRY(auto parent, load_block(config, l2, base.second.number - 1));
        base = std::move(parent);
    }
    const auto header = l1.header_by_hash(base.second.l1_origin.hash);
    if (!header) return fail(to_stall(header.error()));
    const auto system = read_system_config(config, base.first);
    if (!system) return fail(Stall::Broken);
    return SyncStart{safe_head, make_l1_block_ref(*header), *system};
}

}  // namespace entresol::derive
