// The permutation Keccak-f[1600] (FIPS 202, 3.3) on 25 lanes, lane (x, y) at index x + 5y.
#pragma once

#include <cstdint>
#include <cstring>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

inline constexpr std::uint64_t KECCAK_ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000a, 0x000000008000808b, 0x800000000000008b, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

inline constexpr std::size_t KECCAK256_RATE = 136;  // bytes: 1600/8 − 2·32

/// The last block of a message: fewer than KECCAK256_RATE bytes and Ethereum's padding, which is the original Keccak's, not SHA-3's 0x06.
inline void pad_keccak256(std::uint8_t (&block)[KECCAK256_RATE], ByteView rest) {
    if (!rest.empty()) std::memcpy(block, rest.data(), rest.size());
    std::memset(block + rest.size(), 0, KECCAK256_RATE - rest.size());
    block[rest.size()] = 0x01;
    block[KECCAK256_RATE - 1] |= 0x80;
}

namespace keccak_detail {

template <typename Word>
[[gnu::always_inline]] inline Word rol(const Word& v, int n) {
    return (v << n) | (v >> (64 - n));
}

/// One row of the result.
template <typename Word>
[[gnu::always_inline]] inline void chi(Word* to, const Word& b0, const Word& b1, const Word& b2, const Word& b3,
                                       const Word& b4) {
    to[0] = b0 ^ (~b1 & b2);
    to[1] = b1 ^ (~b2 & b3);
    to[2] = b2 ^ (~b3 & b4);
    to[3] = b3 ^ (~b4 & b0);
    to[4] = b4 ^ (~b0 & b1);
}

/// A round from one state into another, written out: with indices known when compiling, lanes live in registers. Word is 64 bits or a vector of them.
template <typename Word>
[[gnu::always_inline]] inline void round(const Word (&a)[25], Word (&to)[25], std::uint64_t constant) {
    // theta
    const Word c0 = a[0] ^ a[5] ^ a[10] ^ a[15] ^ a[20];
    const Word c1 = a[1] ^ a[6] ^ a[11] ^ a[16] ^ a[21];
    const Word c2 = a[2] ^ a[7] ^ a[12] ^ a[17] ^ a[22];
    const Word c3 = a[3] ^ a[8] ^ a[13] ^ a[18] ^ a[23];
    const Word c4 = a[4] ^ a[9] ^ a[14] ^ a[19] ^ a[24];
    const Word d0 = c4 ^ rol(c1, 1), d1 = c0 ^ rol(c2, 1), d2 = c1 ^ rol(c3, 1), d3 = c2 ^ rol(c4, 1),
               d4 = c3 ^ rol(c0, 1);
    const auto moved = [](const Word& lane, const Word& d, int n)
                           __attribute__((always_inline)) { return rol<Word>(lane ^ d, n); };
    // rho and pi: lane (x, y) rotated moves to (y, 2x + 3y); then chi by rows, then iota
    chi<Word>(to, a[0] ^ d0, moved(a[6], d1, 44), moved(a[12], d2, 43), moved(a[18], d3, 21), moved(a[24], d4, 14));
    chi<Word>(to + 5, moved(a[3], d3, 28), moved(a[9], d4, 20), moved(a[10], d0, 3), moved(a[16], d1, 45),
              moved(a[22], d2, 61));
    chi<Word>(to + 10, moved(a[1], d1, 1), moved(a[7], d2, 6), moved(a[13], d3, 25), moved(a[19], d4, 8),
              moved(a[20], d0, 18));
    chi<Word>(to + 15, moved(a[4], d4, 27), moved(a[5], d0, 36), moved(a[11], d1, 10), moved(a[17], d2, 15),
              moved(a[23], d3, 56));
    chi<Word>(to + 20, moved(a[2], d2, 62), moved(a[8], d3, 55), moved(a[14], d4, 39), moved(a[15], d0, 41),
              moved(a[21], d1, 2));
    to[0] = to[0] ^ constant;
}

}  // namespace keccak_detail

template <typename Word>
[[gnu::always_inline]] inline void keccak_f1600(Word (&state)[25]) {
    Word a[25], b[25];
#pragma GCC unroll 25
    for (int i = 0; i < 25; ++i) a[i] = state[i];
    for (int i = 0; i < 24; i += 2) {
        keccak_detail::round(a, b, KECCAK_ROUND_CONSTANTS[i]);
        keccak_detail::round(b, a, KECCAK_ROUND_CONSTANTS[i + 1]);
    }
#pragma GCC unroll 25
    for (int i = 0; i < 25; ++i) state[i] = a[i];
}

}  // namespace entresol::crypto
