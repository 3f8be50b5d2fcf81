// Whether a transaction may execute now, and what it must pay before it does.
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// EIP-7825.
inline constexpr std::uint64_t MAX_TX_GAS_LIMIT = 1ULL << 24;
/// EIP-7594.
inline constexpr std::uint64_t MAX_BLOBS_PER_TX = 6;
/// EIP-4844.
inline constexpr std::uint64_t GAS_PER_BLOB = 1ULL << 17;
/// EIP-3860: twice EIP-170's limit of code.
inline constexpr std::size_t MAX_INITCODE_SIZE = 2 * 24'576;

/// A transaction that passed: what it costs.
struct CheckedCharge {
    IntrinsicGas intrinsic;
    U256 effective_gas_price;
    std::uint64_t blob_gas = 0;
    U256 blob_fee;  // burnt
    U256 l1_fee;
    U256 operator_fee_limit;  // for the whole gas limit; the unused part comes back
    std::uint64_t l1_gas_used = 0;
    std::uint64_t da_footprint = 0;
    U256 upfront;  // taken from the sender before execution: gas limit * price and all above
};

/// Checks that need no state, in geth's order.
[[nodiscard]] Result<void, TxError> check_form(const chain::Transaction& tx, const evm::BlockContext& block,
                                               const CallOptions& options);

/// Everything; reads the sender's account. The L1 fee parameters are in progress.
[[nodiscard]] Result<CheckedCharge, TxError> validate_transaction(state::Journal& journal,
                                                                  const evm::BlockContext& block,
                                                                  const BlockProgress& progress,
                                                                  const chain::Transaction& tx, const Address& sender,
                                                                  const CallOptions& options);

}  // namespace entresol::stf
