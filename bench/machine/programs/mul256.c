// Products of 256 bits, each folded back to 256: the arithmetic of an EVM or of a field.
#include "start.h"
static u64 compute(void) {
    u64 a[4] = {1, 2, 3, 4}, b[4] = {~0UL, 5, 6, 1UL << 63};
    for (int round = 0; round < 1000000; ++round) {
        u64 r[8] = {0};
        for (int i = 0; i < 4; ++i) {
            u64 carry = 0;
            for (int j = 0; j < 4; ++j) {
                const u128 t = (u128)a[i] * b[j] + r[i + j] + carry;
                r[i + j] = (u64)t;
                carry = (u64)(t >> 64);
            }
            r[i + 4] = carry;
        }
        for (int i = 0; i < 4; ++i) a[i] = r[i] ^ (r[i + 4] + (u64)round);
    }
    return a[0] ^ a[3];
}
