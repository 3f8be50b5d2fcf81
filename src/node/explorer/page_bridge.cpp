// What travels between the layers, and how far it has come.
#include <algorithm>

#include "core/base/hex.hpp"
#include "node/explorer/summaries.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {
namespace {

json::object deposit_to_json(const State& state, const bridge::Deposit& deposit) {
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

json::value or_null(const std::optional<Hash32>& hash) {
    return hash ? json::value(to_hex(*hash)) : json::value(nullptr);
}

std::vector<bridge::Output> read_outputs(const json::array& proposals) {
    std::vector<bridge::Output> out;
    for (const auto& value : proposals) {
        const auto& proposal = value.as_object();
        if (proposal.at("status") == "fell") continue;
        const auto game = parse_fixed<Address>(std::string_view(proposal.at("game").as_string()));
        out.push_back({proposal.at("l2BlockNumber").to_number<std::uint64_t>(), game.value_or(Address{})});
    }
    return out;
}

json::object withdrawal_to_json(const bridge::Withdrawal& withdrawal, const bridge::WithdrawalStatus& status) {
    return {{"hash", to_hex(withdrawal.hash)},
            {"nonce", to_decimal(withdrawal.nonce)},
            {"from", to_hex(withdrawal.from)},
            {"to", to_hex(withdrawal.to)},
            {"value", to_decimal(withdrawal.value)},
            {"gasLimit", to_decimal(withdrawal.gas_limit)},
            {"l2TransactionHash", to_hex(withdrawal.l2_tx_hash)},
            {"l2BlockNumber", withdrawal.l2_block_number},
            {"state", bridge::to_string(status.state)},
            {"provenAtMs", status.proven_at_ms ? json::value(*status.proven_at_ms) : json::value(nullptr)},
            {"l1ProveTransactionHash", or_null(status.prove_tx)},
            {"l1FinalizeTransactionHash", or_null(status.finalize_tx)},
            {"game", status.game ? json::value(to_hex(*status.game)) : json::value(nullptr)},
            {"note", "waits for " + status.waits_for}};
}

json::value periods_to_json(const std::optional<bridge::BridgePeriods>& periods) {
    if (!periods) return nullptr;
    return json::object{{"maturityMs", periods->proof_maturity * 1000},
                        {"challengeMs", periods->challenge * 1000},
                        {"finalityDelayMs", periods->finality_delay * 1000}};
}

}  // namespace

ApiResult<json::object> bridge_page(const State& state, const Request& request) {
    auto& bridge = *state.sources.bridge;
    const auto problem = bridge.catch_up();
    json::array deposits, withdrawals;
    for (const auto& deposit : bridge.deposits(request.limit)) deposits.push_back(deposit_to_json(state, deposit));
    const auto progress = bridge.progress();
    const auto outputs = read_outputs(state.sources.context().rollup->proposals(MAX_LIMIT));
    for (const auto& withdrawal : bridge.withdrawals(request.limit)) {
        const auto known = progress.find(withdrawal.hash);
        const auto status =
            bridge.status_of(withdrawal, known == progress.end() ? bridge::WithdrawalProgress{} : known->second,
                             outputs, state.sources.context().now_ms());
        withdrawals.push_back(withdrawal_to_json(withdrawal, status));
    }
    return json::object{{"deposits", std::move(deposits)},
                        {"withdrawals", std::move(withdrawals)},
                        {"periods", periods_to_json(bridge.periods())},
                        {"problem", problem.empty() ? json::value(nullptr) : json::value(problem)}};
}

}  // namespace entresol::explorer
