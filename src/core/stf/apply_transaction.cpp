#include "core/stf/execute_message.hpp"
#include "core/stf/op_stack.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;

/// Gives back what the limit paid and the execution did not use, and pays the block's beneficiaries. Returns the operator's fee.
U256 settle_fees(state::Journal& journal, const evm::BlockContext& block, const BlockProgress& progress,
                 const CheckedCharge& charge, const chain::Transaction& tx, const Address& sender, const GasBill& bill,
                 const CallOptions& options) {
    const U256 operator_fee =
        options.charge_l1_fee ? compute_operator_fee(progress.l1_fees, bill.used, block.rules) : U256{};
    if (options.skip_balance_check) return operator_fee;  // nothing was taken
    const U256 used{bill.used};
    journal.add_balance(
        sender, U256{tx.gas_limit - bill.used} * charge.effective_gas_price + charge.operator_fee_limit - operator_fee);
    const bool burns_base_fee = block.rules.at_least(Fork::London);
    U256 tip = charge.effective_gas_price;
    if (burns_base_fee) tip = tip > block.base_fee ? tip - block.base_fee : U256{};
    journal.credit(block.coinbase, tip * used);
    if (!block.rules.is_op()) return operator_fee;
    journal.credit(BASE_FEE_VAULT, block.base_fee * used);
    journal.credit(L1_FEE_VAULT, charge.l1_fee);
    if (block.rules.at_least(chain::OpFork::Isthmus)) journal.credit(OPERATOR_FEE_VAULT, operator_fee);
    return operator_fee;
}

Result<TxOutcome, TxError> apply_user_transaction(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& block,
                                                  BlockProgress& progress, const chain::Transaction& tx,
                                                  const Address& sender, const CallOptions& options) {
    // The attributes deposit, which sets the fee parameters, comes before every user transaction.
    if (block.rules.is_op() && options.charge_l1_fee && !progress.saw_user_transaction)
        progress.l1_fees = load_l1_fee_params(journal, block.rules);
    const auto checked = validate_transaction(journal, block, progress, tx, sender, options);
    if (journal.has_failed()) return fail(TxError::MissingState);
    TRY(const CheckedCharge charge, checked);

    const auto start = journal.checkpoint();
    CHECK(options.skip_balance_check || journal.sub_balance(sender, charge.upfront));
    Execution execution = execute_message(journal, vm, block, tx, sender, charge.effective_gas_price,
                                          tx.gas_limit - charge.intrinsic.gas);
    const GasBill bill =
        settle_gas(tx.gas_limit, execution.result.gas_left, journal.refund(), charge.intrinsic.floor, block.rules);
    const U256 operator_fee = settle_fees(journal, block, progress, charge, tx, sender, bill, options);
    if (journal.has_failed()) {
        journal.revert_to(start);
        return fail(TxError::MissingState);
    }
    progress.saw_user_transaction = true;
    progress.blob_gas_used += charge.blob_gas;
    progress.da_footprint += charge.da_footprint;
    TxOutcome outcome = finish_outcome(journal, block.rules, tx, std::move(execution), bill, progress);
    outcome.blob_gas_used = charge.blob_gas;
    outcome.effective_gas_price = charge.effective_gas_price;
    outcome.l1_fee = charge.l1_fee;
    outcome.operator_fee = operator_fee;
    outcome.l1_gas_used = charge.l1_gas_used;
    outcome.da_footprint = charge.da_footprint;
    return outcome;
}

}  // namespace

Result<TxOutcome, TxError> apply_transaction(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& block,
                                             BlockProgress& progress, const chain::Transaction& tx,
                                             const Address& sender, const CallOptions& options) {
    journal.begin_transaction();
    if (tx.type == chain::TxType::Deposit) return apply_deposit(journal, vm, block, progress, tx);
    return apply_user_transaction(journal, vm, block, progress, tx, sender, options);
}

}  // namespace entresol::stf
