// Deposits (OP Stack specs: deposits.md, regolith, canyon): paid on L1, always included. What fails keeps its mint and costs a nonce.
#include "core/stf/execute_message.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;
using chain::OpFork;
using evm::Status;

constexpr std::uint64_t CANYON_DEPOSIT_RECEIPT_VERSION = 1;

Result<void, TxError> check_deposit(const chain::Transaction& tx, const evm::BlockContext& block,
                                    const BlockProgress& progress) {
    if (!block.rules.is_op()) return fail(TxError::TypeNotSupported);
    if (progress.saw_user_transaction) return fail(TxError::DepositNotFirst);
    if (tx.is_system && block.rules.at_least(OpFork::Regolith)) return fail(TxError::SystemDepositForbidden);
    // System transactions draw on no block gas; since Regolith there are none.
    if (!tx.is_system && tx.gas_limit > block.gas_limit - std::min(progress.gas_used, block.gas_limit))
        return fail(TxError::BlockGasLimitExceeded);
    return {};
}

/// Why the deposit fails before its first instruction; Success when it may run.
Status find_obstacle(state::Journal& journal, const chain::Transaction& tx, const IntrinsicGas& intrinsic,
                     const chain::Rules& rules) {
    if (tx.gas_limit < intrinsic.gas || tx.gas_limit < intrinsic.floor) return Status::OutOfGas;
    if (journal.balance(tx.from) < tx.value) return Status::InsufficientBalance;
    if (!tx.to && rules.at_least(Fork::Shanghai) && tx.data.size() > MAX_INITCODE_SIZE) return Status::InitcodeSize;
    return Status::Success;
}

/// Before Regolith a deposit counted its whole limit, and a system transaction nothing.
GasBill settle_deposit_gas(const chain::Transaction& tx, const evm::CallResult& result, bool ran, std::int64_t refund,
                           std::uint64_t floor, const chain::Rules& rules) {
    if (!rules.at_least(OpFork::Regolith)) return {tx.is_system ? 0 : tx.gas_limit, 0};
    if (!ran) return {tx.gas_limit, 0};
    return settle_gas(tx.gas_limit, result.gas_left, refund, floor, rules);
}

}  // namespace

Result<TxOutcome, TxError> apply_deposit(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& block,
                                         BlockProgress& progress, const chain::Transaction& tx) {
    TRY_VOID(check_deposit(tx, block, progress));
    const auto start = journal.checkpoint();
    const std::uint64_t nonce = journal.nonce(tx.from);
    if (!tx.mint.is_zero()) journal.add_balance(tx.from, tx.mint);

    const IntrinsicGas intrinsic = compute_intrinsic_gas(tx, block.rules);
    Execution execution;
    execution.result.status = find_obstacle(journal, tx, intrinsic, block.rules);
    const bool ran = execution.result.status == Status::Success;
    if (ran)
        execution = execute_message(journal, vm, block, tx, tx.from, {}, tx.gas_limit - intrinsic.gas);
    else
        journal.set_nonce(tx.from, nonce + 1);
    if (journal.has_failed()) {
        journal.revert_to(start);
        return fail(TxError::MissingState);
    }
    const GasBill bill = settle_deposit_gas(tx, execution.result, ran, journal.refund(), intrinsic.floor, block.rules);
    TxOutcome outcome = finish_outcome(journal, block.rules, tx, std::move(execution), bill, progress);
    if (block.rules.at_least(OpFork::Regolith)) outcome.receipt.deposit_nonce = nonce;
    if (block.rules.at_least(OpFork::Canyon)) outcome.receipt.deposit_receipt_version = CANYON_DEPOSIT_RECEIPT_VERSION;
    return outcome;
}

}  // namespace entresol::stf
