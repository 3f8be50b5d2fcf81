// RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996).
#include <bit>
#include <utility>

#include "core/base/endian.hpp"
#include "core/crypto/hashes.hpp"
#include "core/crypto/merkle_damgard.hpp"

namespace entresol::crypto {
namespace {

// Message word and rotation by round, left and right line.
constexpr std::uint8_t RMD_R[80] = {0,  1, 2,  3, 4,  5,  6, 7,  8, 9,  10, 11, 12, 13, 14, 15, 7,  4,  13, 1,
                                    10, 6, 15, 3, 12, 0,  9, 5,  2, 14, 11, 8,  3,  10, 14, 4,  9,  15, 8,  1,
                                    2,  7, 0,  6, 13, 11, 5, 12, 1, 9,  11, 10, 0,  8,  12, 4,  13, 3,  7,  15,
                                    14, 5, 6,  2, 4,  0,  5, 9,  7, 12, 2,  10, 14, 1,  3,  8,  11, 6,  15, 13};
constexpr std::uint8_t RMD_R2[80] = {5,  14, 7,  0,  9,  2,  11, 4,  13, 6, 15, 8, 1,  10, 3,  12, 6, 11, 3, 7,
                                     0,  13, 5,  10, 14, 15, 8,  12, 4,  9, 1,  2, 15, 5,  1,  3,  7, 14, 6, 9,
                                     11, 8,  12, 2,  10, 0,  4,  13, 8,  6, 4,  1, 3,  11, 15, 0,  5, 12, 2, 13,
                                     9,  7,  10, 14, 12, 15, 10, 4,  1,  5, 8,  7, 6,  2,  13, 14, 0, 3,  9, 11};
constexpr std::uint8_t RMD_S[80] = {11, 14, 15, 12, 5, 8,  7,  9,  11, 13, 14, 15, 6,  7,  9,  8,  7,  6,  8,  13,
                                    11, 9,  7,  15, 7, 12, 15, 9,  11, 7,  13, 12, 11, 13, 6,  7,  14, 9,  13, 15,
                                    14, 8,  13, 6,  5, 12, 7,  5,  11, 12, 14, 15, 14, 15, 9,  8,  9,  14, 5,  6,
                                    8,  6,  5,  12, 9, 15, 5,  11, 6,  8,  13, 12, 5,  12, 13, 14, 11, 8,  5,  6};
constexpr std::uint8_t RMD_S2[80] = {8,  9,  9,  11, 13, 15, 15, 5, 7,  7,  8,  11, 14, 14, 12, 6,  9,  13, 15, 7,
                                     12, 8,  9,  11, 7,  7,  12, 7, 6,  15, 13, 11, 9,  7,  15, 11, 8,  6,  6,  14,
                                     12, 13, 5,  14, 13, 13, 7,  5, 15, 5,  8,  11, 14, 14, 6,  14, 6,  9,  12, 9,
                                     12, 5,  15, 8,  8,  5,  12, 9, 12, 5,  14, 6,  8,  13, 6,  5,  15, 13, 11, 11};
constexpr std::uint32_t RMD_K[5] = {0, 0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xa953fd4e};
constexpr std::uint32_t RMD_K2[5] = {0x50a28be6, 0x5c4dd124, 0x6d703ef3, 0x7a6d76e9, 0};

template <int round>
[[gnu::always_inline]] inline std::uint32_t mix(std::uint32_t x, std::uint32_t y, std::uint32_t z) {
    if constexpr (round == 0) return x ^ y ^ z;
    if constexpr (round == 1) return z ^ (x & (y ^ z));
    if constexpr (round == 2) return (x | ~y) ^ z;
    if constexpr (round == 3) return y ^ (z & (x ^ y));
    if constexpr (round == 4) return x ^ (y | ~z);
}

// Five words whose names turn by one with each step: at step j, the word that is called a is v[-j mod 5].
template <int j, int round>
[[gnu::always_inline]] inline void step(std::uint32_t (&v)[5], std::uint32_t x_plus_k, int rotation) {
    constexpr int A = (80 - j) % 5, B = (A + 1) % 5, C = (A + 2) % 5, D = (A + 3) % 5, E = (A + 4) % 5;
    v[A] = std::rotl(v[A] + mix<round>(v[B], v[C], v[D]) + x_plus_k, rotation) + v[E];
    v[C] = std::rotl(v[C], 10);
}

template <int... j>
[[gnu::always_inline]] inline void all_steps(std::uint32_t (&left)[5], std::uint32_t (&right)[5],
                                             const std::uint32_t (&x)[16], std::integer_sequence<int, j...> /*steps*/) {
    ((step<j, j / 16>(left, x[RMD_R[j]] + RMD_K[j / 16], RMD_S[j]),
      step<j, 4 - j / 16>(right, x[RMD_R2[j]] + RMD_K2[j / 16], RMD_S2[j])),
     ...);
}

void ripemd160_blocks(std::uint32_t (&h)[5], const std::uint8_t* data, std::size_t blocks) {
    for (; blocks > 0; --blocks, data += 64) {
        std::uint32_t x[16], left[5], right[5];
        for (int i = 0; i < 16; ++i) x[i] = load_le32(data + 4 * i);
        for (int i = 0; i < 5; ++i) left[i] = right[i] = h[i];
        all_steps(left, right, x, std::make_integer_sequence<int, 80>());
        const std::uint32_t t = h[1] + left[2] + right[3];
        h[1] = h[2] + left[3] + right[4];
        h[2] = h[3] + left[4] + right[0];
        h[3] = h[4] + left[0] + right[1];
        h[4] = h[0] + left[1] + right[2];
        h[0] = t;
    }
}

}  // namespace

FixedBytes<20> ripemd160_portable(ByteView message) {
    std::uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    hash_blocks(h, message, ripemd160_blocks, store_le64);
    FixedBytes<20> digest;
    for (std::size_t i = 0; i < 5; ++i) store_le32(digest.data() + 4 * i, h[i]);
    return digest;
}

}  // namespace entresol::crypto
