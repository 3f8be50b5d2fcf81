/* Keccak-256 with Ethereum's padding for primitives.py, which calls it through ctypes; Python alone would take a hundred times as long. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static uint64_t rotate(uint64_t value, unsigned count) { return count == 0 ? value : value << count | value >> (64 - count); }

/* FIPS 202, 3.2: theta, rho with pi, chi, iota. Round constants and rotations come from their definitions. */
static void permute(uint64_t a[25]) {
    unsigned lfsr = 1;
    for (int round = 0; round < 24; ++round) {
        uint64_t c[5], current = a[1];
        for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (int i = 0; i < 25; ++i) a[i] ^= c[(i % 5 + 4) % 5] ^ rotate(c[(i % 5 + 1) % 5], 1);
        current = a[1];
        for (int t = 0, x = 1, y = 0; t < 24; ++t) {
            const int next_y = (2 * x + 3 * y) % 5;
            x = y;
            y = next_y;
            const uint64_t kept = a[x + 5 * y];
            a[x + 5 * y] = rotate(current, (unsigned)((t + 1) * (t + 2) / 2 % 64));
            current = kept;
        }
        for (int y = 0; y < 25; y += 5) {
            uint64_t row[5];
            memcpy(row, a + y, sizeof row);
            for (int x = 0; x < 5; ++x) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
        }
        for (int j = 0; j < 7; ++j) {
            if (lfsr & 1) a[0] ^= (uint64_t)1 << ((1 << j) - 1);
            lfsr = lfsr << 1 ^ (lfsr & 0x80 ? 0x171 : 0);
        }
    }
}

void entresol_keccak256(const uint8_t* data, size_t size, uint8_t out[32]) {
    enum { RATE = 136 };
    uint64_t state[25] = {0};
    uint8_t* bytes = (uint8_t*)state; /* little-endian machines only, as the program itself */
    for (; size >= RATE; data += RATE, size -= RATE) {
        for (int i = 0; i < RATE; ++i) bytes[i] ^= data[i];
        permute(state);
    }
    for (size_t i = 0; i < size; ++i) bytes[i] ^= data[i];
    bytes[size] ^= 1;
    bytes[RATE - 1] ^= 0x80;
    permute(state);
    memcpy(out, state, 32);
}
