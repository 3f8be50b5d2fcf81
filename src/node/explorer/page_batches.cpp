// Batches on L1, and what a search text names.
#include "core/base/hex.hpp"
#include "node/explorer/summaries.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {
namespace {

constexpr std::size_t KNOWN_BATCHES = 1'000;
constexpr std::uint64_t MAX_BLOCKS_OF_BATCH = 200;

std::optional<json::object> find_batch(const State& state, const Hash32& l1_tx_hash) {
    const json::value wanted(to_hex(l1_tx_hash));
    for (auto& value : state.sources.context().rollup->recent_batches(KNOWN_BATCHES)) {
        auto& batch = value.as_object();
        for (const auto& hash : batch.at("l1TransactionHashes").as_array())
            if (hash == wanted) return std::move(batch);
        if (batch.at("l1TransactionHash") == wanted) return std::move(batch);
    }
    return std::nullopt;
}

json::object target(const char* kind, std::string where) { return {{"kind", kind}, {"target", std::move(where)}}; }

bool is_known_transaction(const State& state, const Hash32& hash) {
    if (state.sources.ledger().find_transaction(hash)) return true;
    const auto& context = state.sources.context();
    if (context.sequencer == nullptr) return false;
    if (context.sequencer->find_preview(hash) != nullptr) return true;
    bool found = false;
    context.loop.run_and_wait([&] { found = context.sequencer->pool().find(hash) != nullptr; });
    return found;
}

}  // namespace

ApiResult<json::object> batches_page(const State& state, const Request& request) {
    return json::object{{"batches", state.sources.context().rollup->recent_batches(request.limit)}};
}

ApiResult<json::object> batch_page(const State& state, const Request& request) {
    const auto hash = parse_fixed<Hash32>(request.path[1]);
    if (!hash) return bad_request("not an L1 transaction hash");
    auto batch = find_batch(state, *hash);
    if (!batch) return not_found("this node knows of no batch in that L1 transaction");
    json::array blocks;
    const auto first = batch->at("firstBlock").to_number<std::uint64_t>();
    const auto last = batch->at("lastBlock").to_number<std::uint64_t>();
    for (std::uint64_t number = last; number >= first && last - number < MAX_BLOCKS_OF_BATCH; --number) {
        const auto block = state.sources.ledger().find_block(number);
        if (block != nullptr) blocks.push_back(block_summary(state, figures_of(*block)));
        if (number == 0) break;
    }
    (*batch)["blocks"] = std::move(blocks);
    return std::move(*batch);
}

ApiResult<json::object> search_page(const State& state, const Request& request) {
    const auto& text = request.path[1];
    if (const auto number = parse_number(text)) {
        if (state.sources.ledger().find_block_hash(*number)) return target("block", "/block/" + text);
        return not_found("there is no block " + text + " yet");
    }
    if (const auto address = parse_fixed<Address>(text)) return target("address", "/address/" + to_hex(*address));
    const auto hash = parse_fixed<Hash32>(text);
    if (!hash) return not_found("not a block number, a hash or an address");
    const auto name = to_hex(*hash);
    if (is_known_transaction(state, *hash)) return target("tx", "/tx/" + name);
    if (state.sources.ledger().find_block(*hash) != nullptr) return target("block", "/block/" + name);
    if (find_batch(state, *hash)) return target("batch", "/batch/" + name);
    return not_found("nothing here has this hash");
}

}  // namespace entresol::explorer
