#include "core/stf/execute_message.hpp"

#include <algorithm>

namespace entresol::stf {

namespace {

using chain::Fork;

void warm_up(state::Journal& journal, const evm::BlockContext& block, const chain::Transaction& tx,
             const Address& sender) {
    if (!block.rules.at_least(Fork::Berlin)) return;
    journal.warm_account(sender);
    if (tx.to) journal.warm_account(*tx.to);
    const auto warm_precompile = [](void* context, const Address& address) {
        static_cast<state::Journal*>(context)->warm_account(address);
    };
    evm::for_each_precompile(block.rules, warm_precompile, &journal);
    for (const auto& entry : tx.access_list) {
        journal.warm_account(entry.address);
        for (const auto& key : entry.storage_keys) journal.warm_slot(entry.address, to_u256(key));
    }
    if (block.rules.at_least(Fork::Shanghai)) journal.warm_account(block.coinbase);  // EIP-3651
}

/// EIP-7702: a delegation's target is warm when the transaction calls the account that delegates.
void warm_delegate(state::Journal& journal, const Address& address, const chain::Rules& rules) {
    if (!rules.at_least(Fork::Prague)) return;
    if (const auto delegate = evm::parse_delegation(journal.code(address)->view())) journal.warm_account(*delegate);
}

evm::Message make_message(const chain::Transaction& tx, const Address& sender, const Address& recipient,
                          std::uint64_t gas) {
    evm::Message message;
    message.kind = tx.to ? evm::CallKind::Call : evm::CallKind::Create;
    message.gas = gas;
    message.recipient = recipient;
    message.code_address = recipient;
    message.caller = sender;
    message.value = tx.value;
    message.input = tx.data;
    return message;
}

}  // namespace

Execution execute_message(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& block,
                          const chain::Transaction& tx, const Address& sender, const U256& gas_price,
                          std::uint64_t gas) {
    warm_up(journal, block, tx, sender);
    const std::uint64_t nonce = journal.nonce(sender);
    journal.set_nonce(sender, nonce + 1);
    apply_authorizations(journal, tx, block.rules);

    Execution execution;
    if (tx.to) {
        warm_delegate(journal, *tx.to, block.rules);
    } else {
        execution.created = chain::create_address(sender, nonce);
        journal.warm_account(*execution.created);
    }
    vm.set_transaction({sender, gas_price, tx.blob_hashes});
    execution.result = vm.execute(make_message(tx, sender, tx.to ? *tx.to : *execution.created, gas));
    return execution;
}

GasBill settle_gas(std::uint64_t gas_limit, std::uint64_t gas_left, std::int64_t refund_counter, std::uint64_t floor,
                   const chain::Rules& rules) {
    constexpr std::uint64_t MAX_REFUND_QUOTIENT_FRONTIER = 2, MAX_REFUND_QUOTIENT = 5;  // EIP-3529
    CHECK(gas_left <= gas_limit);
    CHECK(refund_counter >= 0);
    GasBill bill;
    bill.used = gas_limit - gas_left;
    const std::uint64_t most =
        bill.used / (rules.at_least(Fork::London) ? MAX_REFUND_QUOTIENT : MAX_REFUND_QUOTIENT_FRONTIER);
    bill.refunded = std::min(static_cast<std::uint64_t>(refund_counter), most);
    bill.used = std::max(bill.used - bill.refunded, floor);
    return bill;
}

TxOutcome finish_outcome(state::Journal& journal, const chain::Rules& rules, const chain::Transaction& tx,
                         Execution execution, const GasBill& bill, BlockProgress& progress) {
    journal.finish_transaction(rules);
    progress.gas_used += bill.used;
    ++progress.transactions;

    TxOutcome outcome;
    outcome.status = execution.result.status;
    outcome.fault = execution.result.fault;
    outcome.output = std::move(execution.result.output);
    outcome.gas_used = bill.used;
    outcome.gas_refunded = bill.refunded;
    if (outcome.status == evm::Status::Success) outcome.created = execution.created;
    outcome.receipt.type = tx.type;
    outcome.receipt.succeeded = outcome.status == evm::Status::Success;
    outcome.receipt.cumulative_gas_used = progress.gas_used;
    outcome.receipt.logs = journal.take_logs();
    outcome.receipt.bloom = chain::compute_bloom(outcome.receipt.logs);
    return outcome;
}

}  // namespace entresol::stf
