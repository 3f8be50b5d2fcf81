// Calls that the block itself makes (EIP-4788, 2935, 7002, 7251).
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// Runs the contract as SYSTEM_ADDRESS with 30 million gas that count nowhere. Nothing when there is no code at the address.
[[nodiscard]] std::optional<evm::CallResult> system_call(state::Journal& journal, evm::Vm& vm,
                                                         const chain::Rules& rules, const Address& contract,
                                                         ByteView input);

}  // namespace entresol::stf
