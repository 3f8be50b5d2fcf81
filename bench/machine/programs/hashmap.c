// A table of 2^18 places with linear probing: two million insertions and look-ups all over 4 MiB.
#include "start.h"
#define N (1UL << 18)
static struct { u64 key, value; } table[N];
static u64 compute(void) {
    u64 seed = 7, sum = 0;
    for (int i = 0; i < 2000000; ++i) {
        const u64 key = next_random(&seed) % (N / 2) + 1;
        u64 at = key * 0x9e3779b97f4a7c15UL >> 46;
        while (table[at].key != 0 && table[at].key != key) at = (at + 1) % N;
        table[at].key = key;
        sum += table[at].value += (u64)i;
    }
    return sum;
}
