// SHA-256's compression, 25,000 times.
#include "start.h"
static u32 K[64];
static u32 turn(u32 v, unsigned n) { return v >> n | v << (32 - n); }
static void compress(u32* h, const u32* block) {
    u32 w[64], s[8];
    for (int i = 0; i < 16; ++i) w[i] = block[i];
    for (int i = 16; i < 64; ++i) {
        const u32 a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    }
    for (int i = 0; i < 8; ++i) s[i] = h[i];
    for (int i = 0; i < 64; ++i) {
        const u32 t1 = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
        const u32 t2 = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; --j) s[j] = s[j - 1];
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; ++i) h[i] += s[i];
}
static u64 compute(void) {
    u64 seed = 3; // the constants matter to nobody here but must not be alike
    for (int i = 0; i < 64; ++i) K[i] = (u32)next_random(&seed);
    u32 h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, block[16];
    for (int i = 0; i < 25000; ++i) {
        for (int j = 0; j < 16; ++j) block[j] = h[j % 8] + (u32)j;
        compress(h, block);
    }
    return h[0];
}
