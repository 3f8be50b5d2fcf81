// Parts of the OP Stack's fees that receipts and block limits need, beside those of transition.hpp.
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// The L1 gas that receipts report (op-geth's l1GasUsed).
[[nodiscard]] std::uint64_t compute_l1_gas_used(const L1FeeParams& params, ByteView encoded_tx,
                                                const chain::Rules& rules);
/// Jovian: estimated compressed size times the scalar, in gas; zero before.
[[nodiscard]] std::uint64_t compute_da_footprint(const L1FeeParams& params, ByteView encoded_tx,
                                                 const chain::Rules& rules);

}  // namespace entresol::stf
