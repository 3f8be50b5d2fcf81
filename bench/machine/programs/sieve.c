// The primes below four million, a byte each.
#include "start.h"
#define N 4000000
static u8 composite[N];
static u64 compute(void) {
    u64 count = 0;
    for (u64 i = 2; i < N; ++i) {
        if (composite[i]) continue;
        ++count;
        for (u64 j = i * i; j < N; j += i) composite[j] = 1;
    }
    return count;
}
