// Public keys of eight signatures at once, for CPUs with AVX-512 IFMA (asked at run time). Public data only: not constant time.
#pragma once

#include <array>
#include <optional>

#include "core/crypto/secp256k1.hpp"

namespace entresol::crypto {

struct RecoveryInput {
    U256 r;       // below the field's prime and not zero
    U256 u1, u2;  // −digest / r and s / r modulo the group's order
    std::uint8_t y_parity = 0;
};
/// The point u1 · G + u2 · R of each, where R has the abscissa r: uncompressed, without the 0x04. Nothing where there is no such R, and where the sum met a
/// case that its formulas leave out (equal or opposite points on the way, infinity at the end): ask libsecp256k1 then.
using RecoverEight = void (*)(const std::array<RecoveryInput, 8>& inputs,
                              std::array<std::optional<FixedBytes<64>>, 8>& keys);

/// nullptr where this CPU cannot run it.
[[nodiscard]] RecoverEight find_recover_avx512();

}  // namespace entresol::crypto
