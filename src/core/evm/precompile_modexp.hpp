// MODEXP's arguments and prices: EIP-198 (Byzantium), EIP-2565 (Berlin), EIP-7823 and EIP-7883 (Osaka).
#pragma once

#include "core/base/bytes.hpp"
#include "core/chain/forks.hpp"

namespace entresol::evm {

/// Negative: the input is refused (EIP-7823). Saturates where no gas limit could pay.
[[nodiscard]] std::int64_t modexp_gas(ByteView input, const chain::Rules& rules);
[[nodiscard]] bool run_modexp(ByteView input, const chain::Rules& rules, Bytes& output);

}  // namespace entresol::evm
