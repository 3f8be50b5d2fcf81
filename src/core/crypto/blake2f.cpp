// The compression function F of BLAKE2b (RFC 7693 3.2; EIP-152).
#include <bit>
#include <cstring>
#include <utility>

#include "core/crypto/hashes.hpp"

namespace entresol::crypto {
namespace {

constexpr std::uint64_t BLAKE2B_IV[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                         0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                         0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr std::uint8_t BLAKE2B_SIGMA[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

using Words = std::uint64_t[16];

template <int a, int b, int c, int d>
[[gnu::always_inline]] inline void mix(Words& v, std::uint64_t x, std::uint64_t y) {
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 32);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 24);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 63);
}

// All indices are known when compiling, so that the sixteen words stay in registers and the message is read in place.
template <int r>
[[gnu::always_inline]] inline void round(Words& v, const Words& m) {
    constexpr auto& s = BLAKE2B_SIGMA[r];
    mix<0, 4, 8, 12>(v, m[s[0]], m[s[1]]);
    mix<1, 5, 9, 13>(v, m[s[2]], m[s[3]]);
    mix<2, 6, 10, 14>(v, m[s[4]], m[s[5]]);
    mix<3, 7, 11, 15>(v, m[s[6]], m[s[7]]);
    mix<0, 5, 10, 15>(v, m[s[8]], m[s[9]]);
    mix<1, 6, 11, 12>(v, m[s[10]], m[s[11]]);
    mix<2, 7, 8, 13>(v, m[s[12]], m[s[13]]);
    mix<3, 4, 9, 14>(v, m[s[14]], m[s[15]]);
}

// Ten kinds of rounds in turn; returns when none is left.
void all_rounds(Words& to, const Words& m, std::uint32_t rounds) {
    Words v;
    std::memcpy(v, to, sizeof v);
    const auto some = [&](auto number) __attribute__((always_inline)) {
        if (rounds == 0) return false;
        round<decltype(number)::value>(v, m);
        --rounds;
        return true;
    };
    const auto ten = [&]<int... r>(std::integer_sequence<int, r...> /*kinds*/)
                         __attribute__((always_inline)) { return (some(std::integral_constant<int, r>()) && ...); };
    while (ten(std::make_integer_sequence<int, 10>())) {
    }
    std::memcpy(to, v, sizeof v);
}

}  // namespace

void blake2f(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16], const std::uint64_t (&t)[2],
             bool final_block) {
    Words v;
    std::memcpy(v, h, sizeof h);
    std::memcpy(v + 8, BLAKE2B_IV, sizeof BLAKE2B_IV);
    v[12] ^= t[0];
    v[13] ^= t[1];
    if (final_block) v[14] = ~v[14];
    all_rounds(v, m, rounds);
    for (int i = 0; i < 8; ++i) h[i] ^= v[i] ^ v[i + 8];
}

}  // namespace entresol::crypto
