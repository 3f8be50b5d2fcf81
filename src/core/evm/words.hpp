// Stack words as the arithmetic, comparison and bit instructions see them. Inline: these are the interpreter's inner loop.
#pragma once

#include "core/base/uint256.hpp"

namespace entresol::evm::words {

// Carry chains: GCC 12 makes flag juggling of the portable form, so the two that matter are written out where the processor is known.
[[gnu::always_inline]] inline U256 add(const U256& a, const U256& b) {
#if defined(__x86_64__)
    U256 r = a;
    __asm__("addq %4, %0\n\tadcq %5, %1\n\tadcq %6, %2\n\tadcq %7, %3"
            : "+&r"(r.limb[0]), "+&r"(r.limb[1]), "+&r"(r.limb[2]), "+r"(r.limb[3])
            : "rm"(b.limb[0]), "rm"(b.limb[1]), "rm"(b.limb[2]), "rm"(b.limb[3])
            : "cc");
    return r;
#else
    return a + b;
#endif
}
[[gnu::always_inline]] inline U256 subtract(const U256& a, const U256& b) {
#if defined(__x86_64__)
    U256 r = a;
    __asm__("subq %4, %0\n\tsbbq %5, %1\n\tsbbq %6, %2\n\tsbbq %7, %3"
            : "+&r"(r.limb[0]), "+&r"(r.limb[1]), "+&r"(r.limb[2]), "+r"(r.limb[3])
            : "rm"(b.limb[0]), "rm"(b.limb[1]), "rm"(b.limb[2]), "rm"(b.limb[3])
            : "cc");
    return r;
#else
    return a - b;
#endif
}
[[gnu::always_inline]] inline bool less(const U256& a, const U256& b) {
#if defined(__x86_64__)
    std::uint64_t scratch = a.limb[1];
    bool borrow;
    __asm__("cmpq %3, %2\n\tsbbq %4, %1\n\tmovq %5, %1\n\tsbbq %6, %1\n\tmovq %7, %1\n\tsbbq %8, %1"
            : "=@ccb"(borrow), "+&r"(scratch)
            : "r"(a.limb[0]), "rm"(b.limb[0]), "rm"(b.limb[1]), "rm"(a.limb[2]), "rm"(b.limb[2]), "rm"(a.limb[3]),
              "rm"(b.limb[3])
            : "cc");
    return borrow;
#else
    U256 difference;
    return sub_borrow(a, b, difference);
#endif
}

[[gnu::always_inline]] inline bool is_zero(const U256& a) { return a.is_zero(); }
[[gnu::always_inline]] inline bool equal(const U256& a, const U256& b) {
    return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) | (a.limb[3] ^ b.limb[3])) == 0;
}
[[gnu::always_inline]] inline bool is_negative(const U256& a) { return (a.limb[3] >> 63) != 0; }
[[gnu::always_inline]] inline U256 negate(const U256& a) { return subtract(U256{}, a); }
[[gnu::always_inline]] inline bool signed_less(const U256& a, const U256& b) {
    return is_negative(a) != is_negative(b) ? is_negative(a) : less(a, b);
}

/// Low 256 bits of the product. By rows where the processor is known: of the portable form GCC 12 spills every column.
[[gnu::always_inline]] inline U256 multiply(const U256& a, const U256& b) {
#if defined(__x86_64__)
    U256 r;
    __asm__(
        "movq %[a0], %%rax\n\tmulq %[b0]\n\tmovq %%rax, %[r0]\n\tmovq %%rdx, %[r1]\n\t"
        "movq %[a0], %%rax\n\tmulq %[b1]\n\taddq %%rax, %[r1]\n\tadcq $0, %%rdx\n\tmovq %%rdx, %[r2]\n\t"
        "movq %[a0], %%rax\n\tmulq %[b2]\n\taddq %%rax, %[r2]\n\tadcq $0, %%rdx\n\tmovq %%rdx, %[r3]\n\t"
        "movq %[a1], %%rax\n\tmulq %[b0]\n\taddq %%rax, %[r1]\n\tadcq %%rdx, %[r2]\n\tadcq $0, %[r3]\n\t"
        "movq %[a1], %%rax\n\tmulq %[b1]\n\taddq %%rax, %[r2]\n\tadcq %%rdx, %[r3]\n\t"
        "movq %[a2], %%rax\n\tmulq %[b0]\n\taddq %%rax, %[r2]\n\tadcq %%rdx, %[r3]\n\t"
        "movq %[a0], %%rax\n\timulq %[b3], %%rax\n\taddq %%rax, %[r3]\n\t"
        "movq %[a1], %%rax\n\timulq %[b2], %%rax\n\taddq %%rax, %[r3]\n\t"
        "movq %[a2], %%rax\n\timulq %[b1], %%rax\n\taddq %%rax, %[r3]\n\t"
        "movq %[a3], %%rax\n\timulq %[b0], %%rax\n\taddq %%rax, %[r3]"
        : [r0] "=&r"(r.limb[0]), [r1] "=&r"(r.limb[1]), [r2] "=&r"(r.limb[2]), [r3] "=&r"(r.limb[3])
        : [a0] "m"(a.limb[0]), [a1] "m"(a.limb[1]), [a2] "m"(a.limb[2]), [a3] "m"(a.limb[3]), [b0] "m"(b.limb[0]),
          [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3])
        : "rax", "rdx", "cc");
    return r;
#else
    const auto low = [](u128 v) { return static_cast<std::uint64_t>(v); };
    const auto high = [](u128 v) { return static_cast<std::uint64_t>(v >> 64); };
    const u128 p00 = u128{a.limb[0]} * b.limb[0];
    const u128 p01 = u128{a.limb[0]} * b.limb[1], p10 = u128{a.limb[1]} * b.limb[0];
    const u128 p02 = u128{a.limb[0]} * b.limb[2], p11 = u128{a.limb[1]} * b.limb[1], p20 = u128{a.limb[2]} * b.limb[0];
    const u128 column1 = u128{high(p00)} + low(p01) + low(p10);
    const u128 column2 = u128{high(column1)} + high(p01) + high(p10) + low(p02) + low(p11) + low(p20);
    const std::uint64_t column3 = high(column2) + high(p02) + high(p11) + high(p20) + a.limb[0] * b.limb[3] +
                                  a.limb[1] * b.limb[2] + a.limb[2] * b.limb[1] + a.limb[3] * b.limb[0];
    return {low(p00), low(column1), low(column2), column3};
#endif
}

/// Zero where the divisor is (yellow paper H.2).
[[gnu::always_inline]] inline U256 divide(const U256& a, const U256& b) {
    if (a.fits_u64() && b.fits_u64()) return b.limb[0] == 0 ? U256{} : U256{a.limb[0] / b.limb[0]};
    if (b.is_zero()) return {};
    const DivMod r = divmod(a, b);
    return {r.quotient.limb[0], r.quotient.limb[1], r.quotient.limb[2], r.quotient.limb[3]};
}
[[gnu::always_inline]] inline U256 modulo(const U256& a, const U256& b) {
    if (a.fits_u64() && b.fits_u64()) return b.limb[0] == 0 ? U256{} : U256{a.limb[0] % b.limb[0]};
    if (b.is_zero()) return {};
    const DivMod r = divmod(a, b);
    return {r.remainder.limb[0], r.remainder.limb[1], r.remainder.limb[2], r.remainder.limb[3]};
}
/// Modulo 2^256. Powers of two, which compilers like, are a shift.
inline U256 power(U256 base, const U256& exponent) {
    if (base == U256{2}) return exponent < U256{256} ? U256{1} << static_cast<unsigned>(exponent.limb[0]) : U256{};
    U256 result{1};
    const unsigned bits = exponent.bit_length();
    for (unsigned i = 0; i < bits; ++i) {
        if (exponent.bit(i)) result = multiply(result, base);
        if (i + 1 < bits) base = multiply(base, base);
    }
    return result;
}
inline U256 signed_divide(const U256& a, const U256& b) {
    const U256 q = divide(is_negative(a) ? negate(a) : a, is_negative(b) ? negate(b) : b);
    return is_negative(a) != is_negative(b) ? negate(q) : q;
}
inline U256 signed_modulo(const U256& a, const U256& b) {
    const U256 r = modulo(is_negative(a) ? negate(a) : a, is_negative(b) ? negate(b) : b);
    return is_negative(a) ? negate(r) : r;
}

/// The sign of byte k (0 is the lowest) fills everything above it.
inline U256 sign_extend(const U256& k, const U256& x) {
    if (!k.fits_u64() || k.limb[0] >= 31) return x;
    const unsigned limb = static_cast<unsigned>(k.limb[0]) / 8;
    const unsigned unused_bits = 56 - 8 * (static_cast<unsigned>(k.limb[0]) % 8);
    U256 r = x;
    r.limb[limb] = static_cast<std::uint64_t>(static_cast<std::int64_t>(x.limb[limb] << unused_bits) >> unused_bits);
    const std::uint64_t fill = (r.limb[limb] >> 63) != 0 ? ~0ULL : 0;
    for (unsigned i = limb + 1; i < 4; ++i) r.limb[i] = fill;
    return r;
}
[[gnu::always_inline]] inline U256 byte_at(const U256& i, const U256& x) {
    if (!i.fits_u64() || i.limb[0] >= 32) return {};
    const unsigned from_low = 31 - static_cast<unsigned>(i.limb[0]);
    return (x.limb[from_low / 8] >> (8 * (from_low % 8))) & 0xff;
}

// Shifts look at the value through a window of zero (or sign) limbs: no branch on the amount.
[[gnu::always_inline]] inline U256 shift_left(const U256& amount, const U256& x) {
    if (!amount.fits_u64() || amount.limb[0] >= 256) return {};
    const std::uint64_t window[8] = {0, 0, 0, 0, x.limb[0], x.limb[1], x.limb[2], x.limb[3]};
    const unsigned bits = amount.limb[0] % 64;
    const std::uint64_t* from = window + 4 - amount.limb[0] / 64;  // at least window + 1
    const auto limb = [&](int i) { return (from[i] << bits) | ((from[i - 1] >> 1) >> (63 - bits)); };
    return {limb(0), limb(1), limb(2), limb(3)};
}
[[gnu::always_inline]] inline U256 shift_right_filled(std::uint64_t amount, const U256& x, std::uint64_t fill) {
    const std::uint64_t window[8] = {x.limb[0], x.limb[1], x.limb[2], x.limb[3], fill, fill, fill, fill};
    const unsigned bits = amount % 64;
    const std::uint64_t* from = window + amount / 64;
    const auto limb = [&](int i) { return (from[i] >> bits) | ((from[i + 1] << 1) << (63 - bits)); };
    return {limb(0), limb(1), limb(2), limb(3)};
}
[[gnu::always_inline]] inline U256 shift_right(const U256& amount, const U256& x) {
    if (!amount.fits_u64() || amount.limb[0] >= 256) return {};
    return shift_right_filled(amount.limb[0], x, 0);
}
[[gnu::always_inline]] inline U256 shift_right_arithmetic(const U256& amount, const U256& x) {
    const std::uint64_t fill = is_negative(x) ? ~0ULL : 0;
    if (!amount.fits_u64() || amount.limb[0] >= 256) return {fill, fill, fill, fill};
    return shift_right_filled(amount.limb[0], x, fill);
}

[[gnu::always_inline]] inline U256 from_address(const Address& a) {
    return {load_be64(a.data() + 12), load_be64(a.data() + 4), load_be32(a.data()), 0};
}
[[gnu::always_inline]] inline Address to_address(const U256& v) {
    Address a;
    store_be64(a.data() + 12, v.limb[0]);
    store_be64(a.data() + 4, v.limb[1]);
    store_be32(a.data(), static_cast<std::uint32_t>(v.limb[2]));
    return a;
}

/// The next N bytes of code as a number.
template <unsigned N>
[[gnu::always_inline]] inline U256 load_immediate(const std::uint8_t* p) {
    const auto load_short = [](const std::uint8_t* from, unsigned size) {  // size is constant and below 8
        std::uint64_t v = 0;
        for (unsigned i = 0; i < size; ++i) v = (v << 8) | from[i];
        return v;
    };
    U256 r;
    constexpr unsigned WHOLE = N / 8, REST = N % 8;
    if constexpr (REST != 0) r.limb[WHOLE] = load_short(p, REST);
    for (unsigned i = 0; i < WHOLE; ++i) r.limb[i] = load_be64(p + REST + 8 * (WHOLE - 1 - i));
    return r;
}

}  // namespace entresol::evm::words
