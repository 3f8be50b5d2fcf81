// The parts of a block that its header commits to, before and after execution.
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// EIP-7934: 10 MiB less 2 MiB for the consensus layer.
inline constexpr std::size_t MAX_RLP_BLOCK_SIZE = 10'485'760 - 2'097'152;

/// Roots of transactions, withdrawals and ommers, blob gas, size.
[[nodiscard]] Result<void, BlockFailure> validate_body(const chain::Block& block, const chain::Rules& rules);
/// Gas used, receipts, bloom, blob gas or footprint, requests.
[[nodiscard]] Result<void, BlockFailure> validate_outcome(const chain::Block& block, const BlockOutcome& outcome,
                                                          const BlockProgress& progress, const chain::Rules& rules);
/// The header's blobGasUsed: blobs, or since Jovian the data availability footprint.
[[nodiscard]] std::uint64_t header_blob_gas(const BlockProgress& progress, const chain::Rules& rules);

}  // namespace entresol::stf
