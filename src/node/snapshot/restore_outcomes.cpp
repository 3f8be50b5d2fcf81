#include "node/snapshot/restore_outcomes.hpp"

#include <algorithm>

#include "node/ledger/stored_outcomes.hpp"

namespace entresol::snapshot {
namespace {

U256 price_of(const chain::Transaction& tx, const U256& base_fee) {
    if (tx.type == chain::TxType::Deposit) return {};
    // EIP-1559; legacy transactions hold their price in both fields.
    return std::min(tx.max_fee_per_gas, base_fee + tx.max_priority_fee_per_gas);
}

}  // namespace

Result<Bytes, std::string> restore_outcomes(const chain::Block& block, const std::vector<chain::Receipt>& receipts) {
    CHECK(receipts.size() == block.transactions.size());
    std::vector<Address> senders;
    std::vector<stf::TxOutcome> outcomes;
    std::uint64_t gas_before = 0;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        const auto& tx = block.transactions[i];
        const auto sender = chain::recover_sender(tx);
        if (!sender) return fail("transaction " + std::to_string(i) + " has no valid signature");
        if (receipts[i].cumulative_gas_used < gas_before) return fail(std::string("its gas runs backwards"));
        stf::TxOutcome outcome;
        outcome.receipt = receipts[i];
        outcome.gas_used = receipts[i].cumulative_gas_used - std::exchange(gas_before, receipts[i].cumulative_gas_used);
        outcome.effective_gas_price = price_of(tx, block.header.base_fee_per_gas.value_or(U256{}));
        if (!tx.to) outcome.created = chain::create_address(*sender, receipts[i].deposit_nonce.value_or(tx.nonce));
        outcome.status = receipts[i].succeeded ? evm::Status::Success : evm::Status::Revert;
        senders.push_back(*sender);
        outcomes.push_back(std::move(outcome));
    }
    return ledger::encode_outcomes(senders, outcomes);
}

}  // namespace entresol::snapshot
