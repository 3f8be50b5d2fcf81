// The part of a transaction that runs: shared by user transactions and deposits.
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

struct Execution {
    evm::CallResult result;
    std::optional<Address> created;
};

/// Warms what EIP-2929 and EIP-3651 say, raises the sender's nonce, applies authorizations, runs the call or creation with `gas`.
/// Precondition: the intrinsic gas is paid already.
[[nodiscard]] Execution execute_message(state::Journal& journal, evm::Vm& vm, const evm::BlockContext& block,
                                        const chain::Transaction& tx, const Address& sender, const U256& gas_price,
                                        std::uint64_t gas);

/// EIP-7702: each valid tuple sets or clears the code of its authority; invalid ones are skipped.
void apply_authorizations(state::Journal& journal, const chain::Transaction& tx, const chain::Rules& rules);

/// Gas used after refunds (EIP-3529) and the floor (EIP-7623).
struct GasBill {
    std::uint64_t used = 0;
    std::uint64_t refunded = 0;
};
[[nodiscard]] GasBill settle_gas(std::uint64_t gas_limit, std::uint64_t gas_left, std::int64_t refund_counter,
                                 std::uint64_t floor, const chain::Rules& rules);

/// Ends the transaction in the journal and fills what every receipt has. Logs are those of the running transaction.
[[nodiscard]] TxOutcome finish_outcome(state::Journal& journal, const chain::Rules& rules, const chain::Transaction& tx,
                                       Execution execution, const GasBill& bill, BlockProgress& progress);

[[nodiscard]] Result<TxOutcome, TxError> apply_deposit(state::Journal& journal, evm::Vm& vm,
                                                       const evm::BlockContext& block, BlockProgress& progress,
                                                       const chain::Transaction& tx);

}  // namespace entresol::stf
