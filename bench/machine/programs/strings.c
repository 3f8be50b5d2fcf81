// Bytes and words: copy, compare, count, turn around.
#include "start.h"
#define N 65536
static u8 a[N], b[N];
static u64 compute(void) {
    u64 seed = 1, sum = 0;
    for (int i = 0; i < N; ++i) a[i] = (u8)(next_random(&seed) % 26 + 'a');
    for (int round = 0; round < 100; ++round) {
        for (int i = 0; i < N; i += 8) *(u64*)(b + i) = *(const u64*)(a + i);
        for (int i = 0; i < N; ++i) sum += b[i] == 'e';
        for (int i = 0, j = N - 1; i < j; ++i, --j) {
            const u8 t = b[i];
            b[i] = b[j];
            b[j] = t;
        }
        int same = 0;
        while (same < N && a[same] >= b[same]) ++same;
        sum = sum * 31 + (u64)same;
        a[sum % N] = (u8)(sum % 26 + 'a');
    }
    return sum;
}
