// Steps of 256-bit field arithmetic without branches, which would be unpredictable. In assembly on x86-64, where the compiler cannot be brought to
// carry chains that end in conditional moves: a third of the time of the curves was spent in its sums. Moduli are constants in memory.
#pragma once

#include "core/base/uint256.hpp"

namespace entresol::crypto::words {

/// The low word of a · b + c + carry; the high word is the next carry. It cannot overflow.
[[gnu::always_inline]] constexpr std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                                            std::uint64_t& carry) {
    const u128 s = u128{a} * b + c + carry;
    carry = static_cast<std::uint64_t>(s >> 64);
    return static_cast<std::uint64_t>(s);
}

[[gnu::always_inline]] constexpr U256 select(bool first, const U256& a, const U256& b) {
    const std::uint64_t mask = 0 - std::uint64_t{first};
    return {b.limb[0] ^ (mask & (a.limb[0] ^ b.limb[0])), b.limb[1] ^ (mask & (a.limb[1] ^ b.limb[1])),
            b.limb[2] ^ (mask & (a.limb[2] ^ b.limb[2])), b.limb[3] ^ (mask & (a.limb[3] ^ b.limb[3]))};
}

namespace portable {

[[gnu::always_inline]] constexpr U256 subtract_once(const U256& v, const U256& p, bool carry) {
    U256 reduced;
    const bool borrow = sub_borrow(v, p, reduced);
    return select(borrow && !carry, v, reduced);
}
[[gnu::always_inline]] constexpr U256 add_modulo(const U256& a, const U256& b, const U256& p) {
    U256 sum;
    const bool carry = add_overflow(a, b, sum);
    return subtract_once(sum, p, carry);
}
[[gnu::always_inline]] constexpr U256 subtract_modulo(const U256& a, const U256& b, const U256& p) {
    U256 difference;
    const bool borrow = sub_borrow(a, b, difference);
    return difference + select(borrow, p, U256{});
}

}  // namespace portable

#if defined(__x86_64__)

// NOLINTBEGIN(hicpp-no-assembler)
namespace x86 {

#define ENTRESOL_SUBTRACT                                                             \
    "movq %[r0], %[s0]\n movq %[r1], %[s1]\n movq %[r2], %[s2]\n movq %[r3], %[s3]\n" \
    "subq %[p0], %[s0]\n sbbq %[p1], %[s1]\n sbbq %[p2], %[s2]\n sbbq %[p3], %[s3]\n"
#define ENTRESOL_UNLESS_BORROW \
    "cmovncq %[s0], %[r0]\n cmovncq %[s1], %[r1]\n cmovncq %[s2], %[r2]\n cmovncq %[s3], %[r3]\n"
// carry is the fifth word.
#define ENTRESOL_SUBTRACT_ONCE ENTRESOL_SUBTRACT "sbbq $0, %[carry]\n" ENTRESOL_UNLESS_BORROW
#define ENTRESOL_MODULUS [p0] "m"(p.limb[0]), [p1] "m"(p.limb[1]), [p2] "m"(p.limb[2]), [p3] "m"(p.limb[3])
#define ENTRESOL_SECOND [b0] "m"(b.limb[0]), [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3])
#define ENTRESOL_RESULT [r0] "+&r"(r0), [r1] "+&r"(r1), [r2] "+&r"(r2), [r3] "+&r"(r3)
#define ENTRESOL_SCRATCH [s0] "=&r"(s0), [s1] "=&r"(s1), [s2] "=&r"(s2), [s3] "=&r"(s3)

[[gnu::always_inline]] inline U256 subtract_once(const U256& v, const U256& p, std::uint64_t carry) {
    std::uint64_t r0 = v.limb[0], r1 = v.limb[1], r2 = v.limb[2], r3 = v.limb[3], s0, s1, s2, s3;
    __asm__(ENTRESOL_SUBTRACT_ONCE : ENTRESOL_RESULT, [carry] "+&r"(carry), ENTRESOL_SCRATCH : ENTRESOL_MODULUS : "cc");
    return {r0, r1, r2, r3};
}
[[gnu::always_inline]] inline U256 add_modulo(const U256& a, const U256& b, const U256& p) {
    std::uint64_t r0 = a.limb[0], r1 = a.limb[1], r2 = a.limb[2], r3 = a.limb[3], carry, s0, s1, s2, s3;
    __asm__(
        "xorl %k[carry], %k[carry]\n"
        "addq %[b0], %[r0]\n adcq %[b1], %[r1]\n adcq %[b2], %[r2]\n adcq %[b3], %[r3]\n"
        "adcq $0, %[carry]\n" ENTRESOL_SUBTRACT_ONCE
        : ENTRESOL_RESULT, [carry] "=&r"(carry), ENTRESOL_SCRATCH
        : ENTRESOL_SECOND, ENTRESOL_MODULUS
        : "cc");
    return {r0, r1, r2, r3};
}
// For p below 2^255: sums fit.
[[gnu::always_inline]] inline U256 add_modulo_short(const U256& a, const U256& b, const U256& p) {
    std::uint64_t r0 = a.limb[0], r1 = a.limb[1], r2 = a.limb[2], r3 = a.limb[3], s0, s1, s2, s3;
    __asm__("addq %[b0], %[r0]\n adcq %[b1], %[r1]\n adcq %[b2], %[r2]\n adcq %[b3], %[r3]\n" ENTRESOL_SUBTRACT
                ENTRESOL_UNLESS_BORROW
            : ENTRESOL_RESULT, ENTRESOL_SCRATCH
            : ENTRESOL_SECOND, ENTRESOL_MODULUS
            : "cc");
    return {r0, r1, r2, r3};
}
[[gnu::always_inline]] inline U256 subtract_modulo(const U256& a, const U256& b, const U256& p) {
    std::uint64_t r0 = a.limb[0], r1 = a.limb[1], r2 = a.limb[2], r3 = a.limb[3], s0, s1, s2, s3;
    __asm__(
        "subq %[b0], %[r0]\n sbbq %[b1], %[r1]\n sbbq %[b2], %[r2]\n sbbq %[b3], %[r3]\n"
        "sbbq %[s3], %[s3]\n"
        "movq %[p0], %[s0]\n movq %[p1], %[s1]\n movq %[p2], %[s2]\n"
        "andq %[s3], %[s0]\n andq %[s3], %[s1]\n andq %[s3], %[s2]\n andq %[p3], %[s3]\n"
        "addq %[s0], %[r0]\n adcq %[s1], %[r1]\n adcq %[s2], %[r2]\n adcq %[s3], %[r3]\n"
        : ENTRESOL_RESULT, ENTRESOL_SCRATCH
        : ENTRESOL_SECOND, ENTRESOL_MODULUS
        : "cc");
    return {r0, r1, r2, r3};
}

#undef ENTRESOL_SUBTRACT
#undef ENTRESOL_UNLESS_BORROW
#undef ENTRESOL_SUBTRACT_ONCE
#undef ENTRESOL_MODULUS
#undef ENTRESOL_SECOND
#undef ENTRESOL_RESULT
#undef ENTRESOL_SCRATCH

}  // namespace x86
// NOLINTEND(hicpp-no-assembler)
#endif

/// (carry · 2^256 + v) mod p for what is below 2p.
template <const U256& p>
[[gnu::always_inline]] constexpr U256 subtract_once(const U256& v, bool carry = false) {
#if defined(__x86_64__)
    if (!__builtin_is_constant_evaluated()) return x86::subtract_once(v, p, carry);
#endif
    return portable::subtract_once(v, p, carry);
}
/// For a and b below p.
template <const U256& p>
[[gnu::always_inline]] constexpr U256 add_modulo(const U256& a, const U256& b) {
#if defined(__x86_64__)
    if (!__builtin_is_constant_evaluated())
        return (p.limb[3] >> 63) == 0 ? x86::add_modulo_short(a, b, p) : x86::add_modulo(a, b, p);
#endif
    return portable::add_modulo(a, b, p);
}
template <const U256& p>
[[gnu::always_inline]] constexpr U256 subtract_modulo(const U256& a, const U256& b) {
#if defined(__x86_64__)
    if (!__builtin_is_constant_evaluated()) return x86::subtract_modulo(a, b, p);
#endif
    return portable::subtract_modulo(a, b, p);
}

}  // namespace entresol::crypto::words
