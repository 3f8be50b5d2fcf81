// The base field of bn254, in Montgomery form (Montgomery 1985), and sums of two products with one reduction (Longa 2022, "Efficient algorithms for
// large prime characteristic fields"). Public data only: not constant time. `adx` picks mulx, adcx and adox; both give equal values.
#pragma once

#include "core/base/uint256.hpp"
#include "core/crypto/bn254_field_x86.hpp"
#include "core/crypto/modular_inverse.hpp"
#include "core/crypto/words.hpp"

namespace entresol::crypto::bn254 {

inline constexpr U256 P{0x3c208c16d87cfd47ULL, 0x97816a916871ca8dULL, 0xb85045b68181585dULL, 0x30644e72e131a029ULL};
inline constexpr U256 R{0x43e1f593f0000001ULL, 0x2833e84879b97091ULL, 0xb85045b68181585dULL, 0x30644e72e131a029ULL};
// The top bits are free: sums of two products and the reduction's multiple fit five words, and sums of two residues fit four.
static_assert(P.limb[3] < (~0ULL >> 2));

namespace field_detail {

constexpr std::uint64_t negative_inverse() {
    std::uint64_t inverse = 1;  // Newton: each step doubles the correct bits
    for (int i = 0; i < 6; ++i) inverse *= 2 - P.limb[0] * inverse;
    return ~inverse + 1;
}
inline constexpr std::uint64_t N0 = negative_inverse();

// A sum of products on its way: single words rather than an array, so that the compiler keeps them in registers.
struct Accumulator {
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;

    [[gnu::always_inline]] constexpr void add_row(const U256& a, std::uint64_t b) {
        std::uint64_t carry = 0;
        t0 = words::multiply_add(a.limb[0], b, t0, carry);
        t1 = words::multiply_add(a.limb[1], b, t1, carry);
        t2 = words::multiply_add(a.limb[2], b, t2, carry);
        t3 = words::multiply_add(a.limb[3], b, t3, carry);
        t4 += carry;
    }
    // Adds the multiple of P that makes the lowest word zero, and drops that word.
    [[gnu::always_inline]] constexpr void reduce_row() {
        const std::uint64_t m = t0 * N0;
        std::uint64_t carry = 0;
        (void)words::multiply_add(m, P.limb[0], t0, carry);
        t0 = words::multiply_add(m, P.limb[1], t1, carry);
        t1 = words::multiply_add(m, P.limb[2], t2, carry);
        t2 = words::multiply_add(m, P.limb[3], t3, carry);
        t3 = t4 + carry;
        t4 = 0;
    }
};
[[gnu::always_inline]] constexpr U256 mul(const U256& a, const U256& b) {
    Accumulator t;
#pragma GCC unroll 4
    for (const std::uint64_t word : b.limb) {
        t.add_row(a, word);
        t.reduce_row();
    }
    return words::subtract_once<P>({t.t0, t.t1, t.t2, t.t3});
}
// a · b + c · d
[[gnu::always_inline]] constexpr U256 sum_of_products(const U256& a, const U256& b, const U256& c, const U256& d) {
    Accumulator t;
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        t.add_row(a, b.limb[i]);
        t.add_row(c, d.limb[i]);
        t.reduce_row();
    }
    return words::subtract_once<P>({t.t0, t.t1, t.t2, t.t3});
}

constexpr U256 two_to_the(int exponent) {
    U256 r{1};
    for (int i = 0; i < exponent; ++i) r = words::add_modulo<P>(r, r);
    return r;
}
inline constexpr U256 MONTGOMERY_ONE = two_to_the(256), MONTGOMERY_R2 = two_to_the(512),
                      MONTGOMERY_R3 = two_to_the(768);

}  // namespace field_detail

/// A residue, always below P.
template <bool adx>
struct Fp {
    U256 v;
    constexpr bool operator==(const Fp&) const = default;
    [[nodiscard]] static constexpr Fp one() { return {field_detail::MONTGOMERY_ONE}; }
    [[nodiscard]] static constexpr Fp from(const U256& plain) { return Fp{plain} * Fp{field_detail::MONTGOMERY_R2}; }
    [[nodiscard]] constexpr U256 plain() const { return (*this * Fp{U256{1}}).v; }
    [[nodiscard]] constexpr bool is_zero() const { return v.is_zero(); }
    [[nodiscard]] constexpr Fp square() const { return *this * *this; }
    [[nodiscard]] constexpr Fp doubled() const { return *this + *this; }
    /// 0 for 0.
    [[nodiscard]] Fp inverse() const { return Fp{inverse_modulo(v, P)} * Fp{field_detail::MONTGOMERY_R3}; }
    [[nodiscard]] constexpr Fp half() const {
        const bool odd = (v.limb[0] & 1) != 0;
        return {(v + words::select(odd, P, U256{})) >> 1};
    }
};

template <bool adx>
[[gnu::always_inline]] constexpr Fp<adx> operator+(const Fp<adx>& a, const Fp<adx>& b) {
    return {words::add_modulo<P>(a.v, b.v)};
}
template <bool adx>
[[gnu::always_inline]] constexpr Fp<adx> operator-(const Fp<adx>& a, const Fp<adx>& b) {
    return {words::subtract_modulo<P>(a.v, b.v)};
}
template <bool adx>
constexpr Fp<adx> operator-(const Fp<adx>& a) {
    return Fp<adx>{} - a;
}
template <bool adx>
[[gnu::always_inline]] constexpr Fp<adx> operator*(const Fp<adx>& a, const Fp<adx>& b) {
#if defined(__x86_64__)
    if constexpr (adx)
        if (!__builtin_is_constant_evaluated()) return {x86::mul(a.v, b.v)};
#endif
    return {field_detail::mul(a.v, b.v)};
}
/// a · b + c · d
template <bool adx>
[[gnu::always_inline]] constexpr Fp<adx> sum_of_products(const Fp<adx>& a, const Fp<adx>& b, const Fp<adx>& c,
                                                         const Fp<adx>& d) {
#if defined(__x86_64__)
    if constexpr (adx)
        if (!__builtin_is_constant_evaluated()) return {x86::sum_of_products(a.v, b.v, c.v, d.v)};
#endif
    return {field_detail::sum_of_products(a.v, b.v, c.v, d.v)};
}

}  // namespace entresol::crypto::bn254
