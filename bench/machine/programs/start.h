// What every program begins with: no library, `compute` gives a checksum, and 93 ends the program with seven bits of it.
#pragma once
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef unsigned __int128 u128;

static u64 compute(void);
__attribute__((noreturn, used)) void finish(void) {
    register u64 a0 __asm__("a0") = compute() % 127;
    register u64 a7 __asm__("a7") = 93;
    __asm__ volatile("ecall" : : "r"(a0), "r"(a7));
    __builtin_unreachable();
}
__asm__(".globl _start\n_start: andi sp, sp, -16\n j finish\n");

static inline u64 next_random(u64* state) {
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return *state >> 17;
}
