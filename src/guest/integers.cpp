// What the compiler calls for 128-bit division and for bits that RV64IM has no instruction for (libgcc's names).
#include <cstdint>

namespace {

using u64 = std::uint64_t;
__extension__ typedef unsigned __int128 u128;

struct DivMod {
    u128 quotient, remainder;
};

DivMod divide(u128 dividend, u128 divisor) {
    if (static_cast<u64>(divisor >> 64) == 0 && static_cast<u64>(dividend >> 64) == 0)
        return {static_cast<u64>(dividend) / static_cast<u64>(divisor),
                static_cast<u64>(dividend) % static_cast<u64>(divisor)};
    u128 quotient = 0, remainder = 0;
    for (int bit = 127; bit >= 0; --bit) {
        const bool carry = static_cast<bool>(remainder >> 127);
        remainder = remainder << 1 | (dividend >> bit & 1);
        if (carry || remainder >= divisor) {
            remainder -= divisor;
            quotient |= u128{1} << bit;
        }
    }
    return {quotient, remainder};
}

}  // namespace

extern "C" {
u128 __udivti3(u128 dividend, u128 divisor) { return divide(dividend, divisor).quotient; }
u128 __umodti3(u128 dividend, u128 divisor) { return divide(dividend, divisor).remainder; }

int __clzdi2(u64 value) {  // undefined for 0
    int zeros = 0;
    for (int width = 32; width != 0; width /= 2)
        if (value >> (64 - width) == 0) {
            zeros += width;
            value <<= width;
        }
    return zeros;
}

int __ctzdi2(u64 value) {  // undefined for 0
    return 63 - __clzdi2(value & (~value + 1));
}

int __popcountdi2(u64 value) {  // Hacker's Delight, 5-1
    value -= value >> 1 & 0x5555555555555555ULL;
    value = (value & 0x3333333333333333ULL) + (value >> 2 & 0x3333333333333333ULL);
    value = (value + (value >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
    return static_cast<int>(value * 0x0101010101010101ULL >> 56);
}

u64 __bswapdi2(u64 value) {
    value = (value & 0x00ff00ff00ff00ffULL) << 8 | (value >> 8 & 0x00ff00ff00ff00ffULL);
    value = (value & 0x0000ffff0000ffffULL) << 16 | (value >> 16 & 0x0000ffff0000ffffULL);
    return value << 32 | value >> 32;
}

std::uint32_t __bswapsi2(std::uint32_t value) { return static_cast<std::uint32_t>(__bswapdi2(value) >> 32); }
}
