#include "node/explorer/summaries.hpp"

#include <algorithm>

#include "core/base/hex.hpp"

namespace entresol::explorer {
namespace {

constexpr std::size_t SELECTOR_BYTES = 4;

json::object describe(const chain::Transaction& tx, const Hash32& hash, const Address& sender) {
    json::object out{
        {"hash", to_hex(hash)},          {"type", static_cast<std::uint64_t>(tx.type)},
        {"from", to_hex(sender)},        {"to", tx.to ? json::value(to_hex(*tx.to)) : json::value(nullptr)},
        {"value", to_decimal(tx.value)}, {"method", nullptr}};
    if (tx.to && tx.data.size() >= SELECTOR_BYTES) out["method"] = to_hex(ByteView(tx.data).first(SELECTOR_BYTES));
    return out;
}

}  // namespace

const char* status_of(const ledger::Ledger& ledger, std::uint64_t number) {
    if (number <= ledger.finalized()->number()) return "finalized";
    return number <= ledger.safe()->number() ? "safe" : "sealed";
}

json::object block_summary(const State& state, const BlockFigures& block) {
    return {{"number", block.number},
            {"hash", to_hex(block.hash)},
            {"timestampMs", block.timestamp * 1000},
            {"transactions", block.transactions},
            {"gasUsed", block.gas_used},
            {"gasLimit", block.gas_limit},
            {"baseFee", to_decimal(block.base_fee)},
            {"sizeBytes", block.size_bytes},
            {"status", status_of(state.sources.ledger(), block.number)}};
}

json::object transaction_summary(const State& state, const ledger::StoredBlock& block, std::size_t index) {
    auto out = describe(block.block.transactions[index], block.tx_hashes[index], block.senders[index]);
    out["blockNumber"] = block.number();
    out["blockHash"] = to_hex(block.hash);
    out["index"] = index;
    out["timestampMs"] = block.block.header.timestamp * 1000;
    out["success"] = block.outcomes[index].receipt.succeeded;
    out["status"] = status_of(state.sources.ledger(), block.number());
    return out;
}

json::object transaction_summary(const sequencer::Preview& preview, std::size_t index) {
    const auto& shown = *preview.transactions[index];
    auto out = describe(shown.tx, shown.hash, shown.sender);
    out["blockNumber"] = preview.header.number;
    out["blockHash"] = nullptr;
    out["index"] = index;
    out["timestampMs"] = shown.mini_block != nullptr ? shown.mini_block->made_at_ms : preview.header.timestamp * 1000;
    out["success"] = shown.outcome.receipt.succeeded;
    out["status"] = "mini-block";
    return out;
}

json::object transaction_summary(const pool::CheckedTransaction& tx) {
    auto out = describe(tx.tx, tx.hash, tx.sender);
    out["blockNumber"] = nullptr;
    out["blockHash"] = nullptr;
    out["index"] = nullptr;
    out["timestampMs"] = tx.arrived_ms;
    out["success"] = nullptr;
    out["status"] = "waiting";
    return out;
}

BlockPage list_blocks(const State& state, const Request& request) {
    const auto& ledger = state.sources.ledger();
    BlockPage page;
    auto block = !request.before        ? ledger.head()
                 : *request.before == 0 ? nullptr
                                        : ledger.find_block(std::min(*request.before - 1, ledger.head()->number()));
    while (block != nullptr && page.blocks.size() < request.limit) {
        page.blocks.push_back(block_summary(state, figures_of(*block)));
        if (block->number() == 0) return page;
        if (page.blocks.size() == request.limit) page.next = block->number();
        block = ledger.find_block(block->number() - 1);
    }
    return page;
}

}  // namespace entresol::explorer
