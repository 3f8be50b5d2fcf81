// What travels between the layers, and how far it has come.
#include <algorithm>

#include "core/base/hex.hpp"
#include "node/explorer/summaries.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {
namespace {

json::object deposit_to_json(const State& state, const Deposit& deposit) {
    const auto& tx = deposit.tx;
    const auto hash = chain::transaction_hash(tx);
    const auto found = state.sources.ledger().find_transaction(hash);
    const bool failed = found && !found->block->outcomes[found->index].receipt.succeeded;
    return {{"l1TransactionHash", to_hex(deposit.event.tx_hash)},
            {"l1BlockNumber", deposit.event.block_number},
            {"logIndex", deposit.event.index},
            {"l2TransactionHash", to_hex(hash)},
            {"from", to_hex(tx.from)},
            {"to", tx.to ? json::value(to_hex(*tx.to)) : json::value(nullptr)},
            {"mint", to_decimal(tx.mint)},
            {"value", to_decimal(tx.value)},
            {"gasLimit", tx.gas_limit},
            {"isCreation", !tx.to},
            {"l2BlockNumber", found ? json::value(found->block->number()) : json::value(nullptr)},
            {"state", failed  ? "failed on L2"
                      : found ? "on L2"
                              : "on L1"}};
}

struct Stage {
    const char* state;
    std::string note;
    std::optional<Address> game = std::nullopt;
};

// The first output that covers the block; the list is newest first.
std::optional<Address> covering_game(const json::array& proposals, std::uint64_t block_number) {
    std::optional<Address> found;
    for (const auto& value : proposals) {
        const auto& proposal = value.as_object();
        if (proposal.at("l2BlockNumber").to_number<std::uint64_t>() < block_number) break;
        found = parse_fixed<Address>(std::string_view(proposal.at("game").as_string()));
    }
    return found;
}

Stage proven_stage(const State& state, const Hash32& hash, const WithdrawalProgress& progress,
                   const std::optional<std::uint64_t>& proven_at_ms) {
    const Address submitter = progress.proof_submitter.value_or(Address{});
    Stage stage{.state = "proven", .note = "its output's challenge period is not over", .game = {}};
    stage.game = state.bridge.game_of(hash, submitter);
    if (state.bridge.is_ready(hash, submitter))
        return {"ready to finalize", "anyone may finalize it on L1", stage.game};
    const auto periods = state.bridge.periods();
    if (periods && proven_at_ms) {
        const auto mature_ms = *proven_at_ms + periods->proof_maturity * 1000;
        const auto now_ms = state.sources.context().now_ms();
        if (mature_ms > now_ms)
            stage.note = "its proof matures in " + std::to_string((mature_ms - now_ms) / 1000) + " s";
    }
    return stage;
}

Stage stage_of(const State& state, const Withdrawal& withdrawal, const WithdrawalProgress& progress,
               const json::array& proposals, const std::optional<std::uint64_t>& proven_at_ms) {
    if (progress.finalized) return {"finalized", "paid out on L1"};
    if (progress.proven) return proven_stage(state, withdrawal.hash, progress, proven_at_ms);
    if (const auto game = covering_game(proposals, withdrawal.l2_block_number))
        return {"ready to prove", "an output that covers it is on L1", game};
    return {"waiting for output",
            "no output on L1 covers block " + std::to_string(withdrawal.l2_block_number) + " yet"};
}

json::value tx_of(const std::optional<l1::L1Log>& event) {
    return event ? json::value(to_hex(event->tx_hash)) : json::value(nullptr);
}

json::object withdrawal_to_json(const State& state, const Withdrawal& withdrawal, const WithdrawalProgress& progress,
                                const json::array& proposals) {
    std::optional<std::uint64_t> proven_at_ms;
    if (progress.proven) proven_at_ms = state.l1_times.find(progress.proven->block_number, progress.proven->block_hash);
    const auto stage = stage_of(state, withdrawal, progress, proposals, proven_at_ms);
    return {{"hash", to_hex(withdrawal.hash)},
            {"nonce", to_decimal(withdrawal.nonce)},
            {"from", to_hex(withdrawal.from)},
            {"to", to_hex(withdrawal.to)},
            {"value", to_decimal(withdrawal.value)},
            {"gasLimit", to_decimal(withdrawal.gas_limit)},
            {"l2TransactionHash", to_hex(withdrawal.l2_tx_hash)},
            {"l2BlockNumber", withdrawal.l2_block_number},
            {"state", stage.state},
            {"provenAtMs", proven_at_ms ? json::value(*proven_at_ms) : json::value(nullptr)},
            {"l1ProveTransactionHash", tx_of(progress.proven)},
            {"l1FinalizeTransactionHash", tx_of(progress.finalized)},
            {"game", stage.game ? json::value(to_hex(*stage.game)) : json::value(nullptr)},
            {"note", stage.note}};
}

json::value periods_to_json(const std::optional<BridgePeriods>& periods) {
    if (!periods) return nullptr;
    return json::object{{"maturityMs", periods->proof_maturity * 1000},
                        {"challengeMs", periods->challenge * 1000},
                        {"finalityDelayMs", periods->finality_delay * 1000}};
}

}  // namespace

ApiResult<json::object> bridge_page(const State& state, const Request& request) {
    const auto problem = state.bridge.catch_up();
    json::array deposits, withdrawals;
    for (const auto& deposit : state.bridge.deposits(request.limit))
        deposits.push_back(deposit_to_json(state, deposit));
    const auto progress = state.bridge.progress();
    const auto proposals = state.sources.context().rollup->proposals(MAX_LIMIT);
    for (const auto& withdrawal : state.bridge.withdrawals(request.limit)) {
        const auto it = progress.find(withdrawal.hash);
        withdrawals.push_back(
            withdrawal_to_json(state, withdrawal, it == progress.end() ? WithdrawalProgress{} : it->second, proposals));
    }
    return json::object{{"deposits", std::move(deposits)},
                        {"withdrawals", std::move(withdrawals)},
                        {"periods", periods_to_json(state.bridge.periods())},
                        {"problem", problem.empty() ? json::value(nullptr) : json::value(problem)}};
}

}  // namespace entresol::explorer
