// The field of NIST P-256 in Montgomery form: p = 2^256 − 2^224 + 2^192 + 2^96 − 1 makes a word's reduction one multiplication, as −1/p is 1
// modulo 2^64. Public data only: not constant time.
#pragma once

#include "core/base/uint256.hpp"
#include "core/crypto/modular_inverse.hpp"
#include "core/crypto/words.hpp"

namespace entresol::crypto::p256 {

inline constexpr U256 P{0xffffffffffffffffULL, 0x00000000ffffffffULL, 0x0000000000000000ULL, 0xffffffff00000001ULL};

namespace field_detail {

constexpr U256 add(const U256& a, const U256& b) { return words::add_modulo<P>(a, b); }
constexpr U256 sub(const U256& a, const U256& b) { return words::subtract_modulo<P>(a, b); }

// t / 2^256 mod P for t < 2^256 · P. Adding m · P to the word m clears it: P's lowest word is −1, the next two are m · 2^96 in all.
constexpr U256 reduce(std::uint64_t (&t)[8]) {
    std::uint64_t carry_out = 0;
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        const std::uint64_t m = t[i];
        std::uint64_t carry = 0;
        u128 s = u128{t[i + 1]} + (m << 32);
        t[i + 1] = static_cast<std::uint64_t>(s);
        s = u128{t[i + 2]} + (m >> 32) + static_cast<std::uint64_t>(s >> 64);
        t[i + 2] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
        t[i + 3] = words::multiply_add(m, P.limb[3], t[i + 3], carry);
        s = u128{t[i + 4]} + carry + carry_out;
        t[i + 4] = static_cast<std::uint64_t>(s);
        carry_out = static_cast<std::uint64_t>(s >> 64);
    }
    return words::subtract_once<P>({t[4], t[5], t[6], t[7]}, carry_out != 0);
}
constexpr U256 mul(const U256& a, const U256& b) {
    std::uint64_t t[8]{};
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
#pragma GCC unroll 4
        for (int j = 0; j < 4; ++j) t[i + j] = words::multiply_add(a.limb[j], b.limb[i], t[i + j], carry);
        t[i + 4] = carry;
    }
    return reduce(t);
}
constexpr U256 sqr(const U256& a) {
    // The mixed products once, doubled, then the squares.
    std::uint64_t t[8]{};
#pragma GCC unroll 3
    for (int i = 0; i < 3; ++i) {
        std::uint64_t carry = 0;
#pragma GCC unroll 3
        for (int j = i + 1; j < 4; ++j) t[i + j] = words::multiply_add(a.limb[j], a.limb[i], t[i + j], carry);
        t[i + 4] = carry;
    }
    std::uint64_t carry = 0;
#pragma GCC unroll 4
    for (int i = 3; i >= 0; --i) {
        t[2 * i + 1] = (t[2 * i + 1] << 1) | (t[2 * i] >> 63);
        t[2 * i] = (t[2 * i] << 1) | (i > 0 ? t[2 * i - 1] >> 63 : 0);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; ++i) {
        t[2 * i] = words::multiply_add(a.limb[i], a.limb[i], t[2 * i], carry);
        const u128 s = u128{t[2 * i + 1]} + carry;
        t[2 * i + 1] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
    }
    return reduce(t);
}
constexpr U256 two_to_the(int exponent) {
    U256 r{1};
    for (int i = 0; i < exponent; ++i) r = add(r, r);
    return r;
}
inline constexpr U256 MONTGOMERY_ONE = two_to_the(256), MONTGOMERY_R2 = two_to_the(512),
                      MONTGOMERY_R3 = two_to_the(768);

}  // namespace field_detail

/// A residue, always below P.
struct Fp {
    U256 v;
    constexpr bool operator==(const Fp&) const = default;
    [[nodiscard]] static constexpr Fp one() { return {field_detail::MONTGOMERY_ONE}; }
    [[nodiscard]] static constexpr Fp from(const U256& plain) {
        return {field_detail::mul(plain, field_detail::MONTGOMERY_R2)};
    }
    [[nodiscard]] constexpr U256 plain() const { return field_detail::mul(v, U256{1}); }
    [[nodiscard]] constexpr bool is_zero() const { return v.is_zero(); }
    [[nodiscard]] constexpr Fp square() const { return {field_detail::sqr(v)}; }
    [[nodiscard]] constexpr Fp doubled() const { return {field_detail::add(v, v)}; }
    /// 0 for 0.
    [[nodiscard]] constexpr Fp inverse() const {
        if (!__builtin_is_constant_evaluated())
            return {field_detail::mul(inverse_modulo(v, P), field_detail::MONTGOMERY_R3)};
        constexpr U256 EXPONENT = P - U256{2};  // Fermat
        Fp result = one();
        for (unsigned i = EXPONENT.bit_length(); i-- > 0;) {
            result = result.square();
            if (EXPONENT.bit(i)) result = {field_detail::mul(result.v, v)};
        }
        return result;
    }
};
constexpr Fp operator+(const Fp& a, const Fp& b) { return {field_detail::add(a.v, b.v)}; }
constexpr Fp operator-(const Fp& a, const Fp& b) { return {field_detail::sub(a.v, b.v)}; }
constexpr Fp operator-(const Fp& a) { return {field_detail::sub(U256{}, a.v)}; }
constexpr Fp operator*(const Fp& a, const Fp& b) { return {field_detail::mul(a.v, b.v)}; }

}  // namespace entresol::crypto::p256
