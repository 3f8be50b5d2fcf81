// Inverses modulo any odd 256-bit number, for public data: about twenty times faster than Fermat's exponentiation.
#pragma once

#include "core/base/uint256.hpp"

namespace entresol::crypto {

/// value^-1 mod modulus; 0 when value is 0. Preconditions: modulus is odd, value below it and prime to it (or 0).
[[nodiscard]] U256 inverse_modulo(const U256& value, const U256& modulus);

}  // namespace entresol::crypto
