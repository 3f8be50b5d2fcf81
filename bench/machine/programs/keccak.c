// keccak-f[1600], 10,000 permutations.
#include "start.h"
static const u64 ROUND[24] = {1, 0x8082, 0x800000000000808a, 0x8000000080008000, 0x808b, 0x80000001, 0x8000000080008081, 0x8000000000008009, 0x8a, 0x88, 0x80008009, 0x8000000a,
    0x8000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x80000001, 0x8000000080008008};
static const u8 TURN[24] = {1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44};
static const u8 LANE[24] = {10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1};
static u64 turn(u64 v, unsigned n) { return v << n | v >> (64 - n); }
static void permute(u64* a) {
    for (int r = 0; r < 24; ++r) {
        u64 c[5];
        for (int x = 0; x < 5; ++x) c[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
        for (int x = 0; x < 5; ++x)
            for (int y = 0; y < 25; y += 5) a[x + y] ^= c[(x + 4) % 5] ^ turn(c[(x + 1) % 5], 1);
        u64 last = a[1];
        for (int i = 0; i < 24; ++i) {
            const u64 next = a[LANE[i]];
            a[LANE[i]] = turn(last, TURN[i]);
            last = next;
        }
        for (int y = 0; y < 25; y += 5) {
            for (int x = 0; x < 5; ++x) c[x] = a[x + y];
            for (int x = 0; x < 5; ++x) a[x + y] = c[x] ^ (~c[(x + 1) % 5] & c[(x + 2) % 5]);
        }
        a[0] ^= ROUND[r];
    }
}
static u64 compute(void) {
    static u64 state[25];
    for (int i = 0; i < 10000; ++i) permute(state);
    return state[0];
}
