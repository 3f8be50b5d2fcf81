// The permutation Keccak-f[1600] (FIPS 202, 3.3) on 25 lanes, lane (x, y) at index x + 5y.
#pragma once

#include <cstdint>

namespace entresol::crypto {

inline constexpr std::uint64_t KECCAK_ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

namespace keccak_detail {

[[gnu::always_inline]] inline std::uint64_t rol(std::uint64_t v, unsigned n) { return (v << n) | (v >> (64 - n)); }

/// One row of the result.
[[gnu::always_inline]] inline void chi(std::uint64_t* to, std::uint64_t b0, std::uint64_t b1, std::uint64_t b2,
                                       std::uint64_t b3, std::uint64_t b4) {
    to[0] = b0 ^ (~b1 & b2);
    to[1] = b1 ^ (~b2 & b3);
    to[2] = b2 ^ (~b3 & b4);
    to[3] = b3 ^ (~b4 & b0);
    to[4] = b4 ^ (~b0 & b1);
}

/// A round from one state into another, written out: with indices known when compiling, lanes live in registers.
[[gnu::always_inline]] inline void round(const std::uint64_t (&a)[25], std::uint64_t (&to)[25],
                                         std::uint64_t constant) {
    // theta
    const std::uint64_t c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const std::uint64_t c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const std::uint64_t c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const std::uint64_t c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const std::uint64_t c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const std::uint64_t d0 = c4 ^ rol(c1, 1), d1 = c0 ^ rol(c2, 1), d2 = c1 ^ rol(c3, 1), d3 = c2 ^ rol(c4, 1),
                        d4 = c3 ^ rol(c0, 1);
    // rho and pi: lane (x, y) rotated moves to (y, 2x + 3y); then chi by rows, then iota
    chi(to, a[0] ^ d0, rol(a[6] ^ d1, 44), rol(a[12] ^ d2, 43), rol(a[18] ^ d3, 21), rol(a[24] ^ d4, 14));
    chi(to + 5, rol(a[3] ^ d3, 28), rol(a[9] ^ d4, 20), rol(a[10] ^ d0, 3), rol(a[16] ^ d1, 45), rol(a[22] ^ d2, 61));
    chi(to + 10, rol(a[1] ^ d1, 1), rol(a[7] ^ d2, 6), rol(a[13] ^ d3, 25), rol(a[19] ^ d4, 8), rol(a[20] ^ d0, 18));
    chi(to + 15, rol(a[4] ^ d4, 27), rol(a[5] ^ d0, 36), rol(a[11] ^ d1, 10), rol(a[17] ^ d2, 15), rol(a[23] ^ d3, 56));
    chi(to + 20, rol(a[2] ^ d2, 62), rol(a[8] ^ d3, 55), rol(a[14] ^ d4, 39), rol(a[15] ^ d0, 41), rol(a[21] ^ d1, 2));
    to[0] ^= constant;
}

}  // namespace keccak_detail

inline void keccak_f1600(std::uint64_t (&a)[25]) {
    std::uint64_t b[25];
    for (int i = 0; i < 24; i += 2) {
        keccak_detail::round(a, b, KECCAK_ROUND_CONSTANTS[i]);
        keccak_detail::round(b, a, KECCAK_ROUND_CONSTANTS[i + 1]);
    }
}

}  // namespace entresol::crypto
