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

inline void keccak_f1600(std::uint64_t (&a)[25]) {
    const auto rol = [](std::uint64_t v, unsigned n) { return (v << n) | (v >> (64 - n)); };
    for (const std::uint64_t constant : KECCAK_ROUND_CONSTANTS) {
        std::uint64_t c[5], d[5], b[25];
        for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];  // theta
        for (int x = 0; x < 5; ++x) d[x] = c[(x + 4) % 5] ^ rol(c[(x + 1) % 5], 1);
        // rho and pi: lane (x, y) rotated moves to (y, 2x + 3y)
        b[0] = a[0] ^ d[0];
        b[10] = rol(a[1] ^ d[1], 1);
        b[20] = rol(a[2] ^ d[2], 62);
        b[5] = rol(a[3] ^ d[3], 28);
        b[15] = rol(a[4] ^ d[4], 27);
        b[16] = rol(a[5] ^ d[0], 36);
        b[1] = rol(a[6] ^ d[1], 44);
        b[11] = rol(a[7] ^ d[2], 6);
        b[21] = rol(a[8] ^ d[3], 55);
        b[6] = rol(a[9] ^ d[4], 20);
        b[7] = rol(a[10] ^ d[0], 3);
        b[17] = rol(a[11] ^ d[1], 10);
        b[2] = rol(a[12] ^ d[2], 43);
        b[12] = rol(a[13] ^ d[3], 25);
        b[22] = rol(a[14] ^ d[4], 39);
        b[23] = rol(a[15] ^ d[0], 41);
        b[8] = rol(a[16] ^ d[1], 45);
        b[18] = rol(a[17] ^ d[2], 15);
        b[3] = rol(a[18] ^ d[3], 21);
        b[13] = rol(a[19] ^ d[4], 8);
        b[14] = rol(a[20] ^ d[0], 18);
        b[24] = rol(a[21] ^ d[1], 2);
        b[9] = rol(a[22] ^ d[2], 61);
        b[19] = rol(a[23] ^ d[3], 56);
        b[4] = rol(a[24] ^ d[4], 14);
        for (int y = 0; y < 25; y += 5)  // chi
            for (int x = 0; x < 5; ++x) a[y + x] = b[y + x] ^ (~b[y + (x + 1) % 5] & b[y + (x + 2) % 5]);
        a[0] ^= constant;  // iota
    }
}

}  // namespace entresol::crypto
