// Overview, the list of blocks, one block.
#include <algorithm>

#include "core/base/hex.hpp"
#include "core/derive/block_ref.hpp"
#include "node/explorer/summaries.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {
namespace {

constexpr std::size_t OVERVIEW_BLOCKS = 20;
constexpr std::size_t OVERVIEW_TRANSACTIONS = 20;
constexpr std::size_t OVERVIEW_MINI_BLOCKS = 30;
constexpr std::size_t TRANSACTION_BLOCKS = 60;  // how far back the overview looks for transactions of users
constexpr std::uint64_t RATE_WINDOW_S = 10;
constexpr std::size_t LARGEST_LIST = 5'000;  // transactions of one block that are listed

json::object head_to_json(const ledger::StoredBlock& block) {
    return {
        {"number", block.number()}, {"hash", to_hex(block.hash)}, {"timestampMs", block.block.header.timestamp * 1000}};
}

json::array series(const std::vector<BlockFigures>& blocks) {
    json::array out;
    for (const auto& block : blocks)
        out.push_back(json::object{{"number", block.number},
                                   {"timestampMs", block.timestamp * 1000},
                                   {"transactions", block.transactions},
                                   {"gasUsed", block.gas_used},
                                   {"baseFee", to_decimal(block.base_fee)}});
    return out;
}

// Transactions a second over the last blocks; each block's attributes deposit is nobody's transaction.
double rate(const std::vector<BlockFigures>& blocks) {
    if (blocks.size() < 2) return 0;
    std::size_t count = 0;
    std::uint64_t since = blocks.back().timestamp;
    for (auto it = blocks.rbegin(); it != blocks.rend() && it->number > 0; ++it) {
        if (blocks.back().timestamp - it->timestamp >= RATE_WINDOW_S) break;
        count += it->transactions - std::min<std::size_t>(1, it->transactions);
        since = (it + 1 != blocks.rend()) ? (it + 1)->timestamp : it->timestamp;
    }
    const auto seconds = std::clamp<std::uint64_t>(blocks.back().timestamp - since, 1, RATE_WINDOW_S);
    return static_cast<double>(count) / static_cast<double>(seconds);
}

bool is_attributes(const chain::Transaction& tx, std::size_t index) {
    return index == 0 && tx.type == chain::TxType::Deposit;
}

// Newest first: those of the block in progress, then of sealed blocks.
json::array latest_transactions(const State& state, const std::vector<BlockFigures>& blocks) {
    json::array out;
    const auto full = [&] { return out.size() >= OVERVIEW_TRANSACTIONS; };
    if (const auto* sequencer = state.sources.context().sequencer) {
        const auto preview = sequencer->preview();
        for (std::size_t i = preview->transactions.size(); i-- > 0 && !full();)
            if (!is_attributes(preview->transactions[i]->tx, i)) out.push_back(transaction_summary(*preview, i));
    }
    std::size_t looked = 0;
    for (auto it = blocks.rbegin(); it != blocks.rend() && !full() && looked < TRANSACTION_BLOCKS; ++it, ++looked) {
        if (it->transactions < 2) continue;
        const auto block = state.sources.ledger().find_block(it->hash);
        if (block == nullptr) continue;
        for (std::size_t i = block->tx_hashes.size(); i-- > 0 && !full();)
            if (!is_attributes(block->block.transactions[i], i)) out.push_back(transaction_summary(state, *block, i));
    }
    return out;
}

json::array mini_blocks(const State& state) {
    json::array out;
    for (const auto& mark : state.recent.mini_blocks(OVERVIEW_MINI_BLOCKS))
        out.push_back(json::object{{"number", mark.number},
                                   {"index", mark.index},
                                   {"transactions", mark.transactions},
                                   {"madeAtMs", mark.made_at_ms}});
    return out;
}

json::object l1_heads(const json::object& sync) {
    const auto number = [&](const char* name) { return sync.at(name).as_object().at("number"); };
    return {{"head", number("head_l1")},
            {"safe", number("safe_l1")},
            {"finalized", number("finalized_l1")},
            {"current", number("current_l1")}};
}

struct Production {
    std::size_t pending = 0;
    std::uint64_t block_time_ms = 0;
};
Production production(const State& state) {
    const auto& context = state.sources.context();
    Production out{.block_time_ms = state.sources.config.block_time * 1000};
    if (context.sequencer != nullptr)
        context.loop.run_and_wait([&] {
            out = {.pending = context.sequencer->pool().size(), .block_time_ms = context.sequencer->block_time_ms()};
        });
    return out;
}

json::value gas_price(const State& state) {
    const auto answer = state.sources.l2->call("eth_gasPrice", {});
    const auto price =
        answer && answer->is_string() ? parse_quantity(std::string_view(answer->get_string())) : std::nullopt;
    return price ? json::value(to_decimal(*price)) : json::value(nullptr);
}

json::array transaction_list(const State& state, const ledger::StoredBlock& block) {
    json::array out;
    for (std::size_t i = 0; i < std::min(block.tx_hashes.size(), LARGEST_LIST); ++i)
        out.push_back(transaction_summary(state, block, i));
    return out;
}

ApiResult<ledger::BlockPtr> find_named_block(const State& state, const std::string& name) {
    const auto& ledger = state.sources.ledger();
    ledger::BlockPtr block;
    if (const auto number = parse_number(name)) {
        block = ledger.find_block(*number);
        if (block == nullptr)
            return not_found("block " + name + " is not there; the newest is " +
                             std::to_string(ledger.head()->number()));
    } else if (const auto hash = parse_fixed<Hash32>(name)) {
        block = ledger.find_block(*hash);
        if (block == nullptr) return not_found("no block has this hash");
    } else {
        return bad_request("neither a block number nor a block hash");
    }
    return block;
}

}  // namespace

ApiResult<json::object> overview_page(const State& state, const Request&) {
    const auto& context = state.sources.context();
    const auto& ledger = state.sources.ledger();
    const auto blocks = state.recent.blocks();
    const auto sync = context.rollup->sync_status();
    const auto produced = production(state);
    json::array latest;
    for (auto it = blocks.rbegin(); it != blocks.rend() && latest.size() < OVERVIEW_BLOCKS; ++it)
        latest.push_back(block_summary(state, *it));
    json::object contracts;
    for (const auto& [name, address] : state.sources.contracts) contracts[name] = to_hex(address);
    const auto& problem = sync.at("problem").as_string();
    return json::object{{"client", context.client_version},
                        {"l1ChainId", state.sources.config.l1.chain_id},
                        {"l2ChainId", state.sources.config.l2.chain_id},
                        {"nowMs", context.now_ms()},
                        {"heads", json::object{{"unsafe", head_to_json(*ledger.head())},
                                               {"safe", head_to_json(*ledger.safe())},
                                               {"finalized", head_to_json(*ledger.finalized())}}},
                        {"l1", l1_heads(sync)},
                        {"blockTimeMs", produced.block_time_ms},
                        {"gasPrice", gas_price(state)},
                        {"tps", rate(blocks)},
                        {"pending", produced.pending},
                        {"problem", problem.empty() ? json::value(nullptr) : json::value(problem)},
                        {"latestBlocks", std::move(latest)},
                        {"latestTransactions", latest_transactions(state, blocks)},
                        {"miniBlocks", mini_blocks(state)},
                        {"series", series(blocks)},
                        {"contracts", std::move(contracts)},
                        {"devnet", context.dev != nullptr}};
}

ApiResult<json::object> blocks_page(const State& state, const Request& request) {
    auto page = list_blocks(state, request);
    return json::object{{"blocks", std::move(page.blocks)}, {"next", std::move(page.next)}};
}

ApiResult<json::object> block_page(const State& state, const Request& request) {
    TRY(const auto block, find_named_block(state, request.path[1]));
    const auto& header = block->block.header;
    auto out = block_summary(state, figures_of(*block));
    out["parentHash"] = to_hex(header.parent_hash);
    out["stateRoot"] = to_hex(header.state_root);
    out["transactionsRoot"] = to_hex(header.transactions_root);
    out["receiptsRoot"] = to_hex(header.receipts_root);
    out["withdrawalsRoot"] =
        header.withdrawals_root ? json::value(to_hex(*header.withdrawals_root)) : json::value(nullptr);
    out["outputRoot"] = to_hex(state.sources.context().rollup->output_root(*block));
    out["extraData"] = to_hex(header.extra_data);
    out["coinbase"] = to_hex(header.coinbase);
    const auto ref = derive::make_l2_block_ref(state.sources.config, block->block);
    out["l1Origin"] =
        ref ? json::value(json::object{{"number", ref->l1_origin.number}, {"hash", to_hex(ref->l1_origin.hash)}})
            : json::value(nullptr);
    out["sequenceNumber"] = ref ? json::value(ref->sequence_number) : json::value(nullptr);
    out["transactionList"] = transaction_list(state, *block);
    out["timeline"] = block_timeline(state, *block, block->tx_hashes.size() > 1 ? 1 : 0);
    if (!state.sources.ledger().is_canonical(*block)) out["status"] = "orphaned";
    return out;
}

}  // namespace entresol::explorer
