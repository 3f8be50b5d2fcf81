// Multiples of secp256k1's generator, worked out by the compiler.
#pragma once

#include <array>
#include <cstdint>

#include "core/base/uint256.hpp"

namespace entresol::crypto::secp256k1_table {

inline constexpr unsigned WINDOW_BITS = 8;
inline constexpr std::size_t MULTIPLES = 1U << (WINDOW_BITS - 1);

/// Coordinates in limbs of 52 bits, lowest first: x, then y.
using Point = std::array<std::uint64_t, 10>;
/// 1 · B … MULTIPLES · B for B = G and for B = 2^128 · G.
using Table = std::array<std::array<Point, MULTIPLES>, 2>;
[[nodiscard]] const Table& generator_multiples();

}  // namespace entresol::crypto::secp256k1_table
