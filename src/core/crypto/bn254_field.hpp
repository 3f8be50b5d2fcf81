// The tower of fields under bn254's pairing: Fp2 = Fp[u]/(u² + 1), Fp6 = Fp2[v]/(v³ − ξ) with ξ = 9 + u, Fp12 = Fp6[w]/(w² − v).
// Values are in Montgomery form. Public data only: not constant time.
#pragma once

#include "core/crypto/montgomery.hpp"

namespace entresol::crypto::bn254 {

inline constexpr U256 P{0x3c208c16d87cfd47ULL, 0x97816a916871ca8dULL, 0xb85045b68181585dULL, 0x30644e72e131a029ULL};
inline constexpr U256 R{0x43e1f593f0000001ULL, 0x2833e84879b97091ULL, 0xb85045b68181585dULL, 0x30644e72e131a029ULL};
inline constexpr Montgomery F{P};

struct Fp {
    U256 v;
    constexpr bool operator==(const Fp&) const = default;
    [[nodiscard]] static constexpr Fp one() { return {F.one()}; }
    [[nodiscard]] static constexpr Fp from(const U256& plain) { return {F.to(plain)}; }
    [[nodiscard]] constexpr bool is_zero() const { return v.is_zero(); }
    [[nodiscard]] constexpr Fp inverse() const { return {F.inverse(v)}; }
    [[nodiscard]] constexpr Fp square() const { return {F.sqr(v)}; }
};
constexpr Fp operator+(const Fp& a, const Fp& b) { return {F.add(a.v, b.v)}; }
constexpr Fp operator-(const Fp& a, const Fp& b) { return {F.sub(a.v, b.v)}; }
constexpr Fp operator*(const Fp& a, const Fp& b) { return {F.mul(a.v, b.v)}; }
constexpr Fp operator-(const Fp& a) { return {F.negate(a.v)}; }

struct Fp2 {
    Fp a, b;  // a + b·u
    constexpr bool operator==(const Fp2&) const = default;
    [[nodiscard]] static constexpr Fp2 one() { return {Fp::one(), {}}; }
    [[nodiscard]] constexpr bool is_zero() const { return a.is_zero() && b.is_zero(); }
    [[nodiscard]] constexpr Fp2 conjugate() const { return {a, -b}; }
    [[nodiscard]] constexpr Fp2 square() const { return {(a + b) * (a - b), a * b + a * b}; }
    [[nodiscard]] constexpr Fp2 inverse() const {
        const Fp t = (a.square() + b.square()).inverse();
        return {a * t, -(b * t)};
    }
    /// Times ξ = 9 + u.
    [[nodiscard]] constexpr Fp2 times_xi() const {
        const auto times9 = [](const Fp& x) {
            const Fp x2 = x + x, x4 = x2 + x2;
            return x4 + x4 + x;
        };
        return {times9(a) - b, times9(b) + a};
    }
};
constexpr Fp2 operator+(const Fp2& x, const Fp2& y) { return {x.a + y.a, x.b + y.b}; }
constexpr Fp2 operator-(const Fp2& x, const Fp2& y) { return {x.a - y.a, x.b - y.b}; }
constexpr Fp2 operator-(const Fp2& x) { return {-x.a, -x.b}; }
constexpr Fp2 operator*(const Fp2& x, const Fp& y) { return {x.a * y, x.b * y}; }
constexpr Fp2 operator*(const Fp2& x, const Fp2& y) {  // Karatsuba
    const Fp aa = x.a * y.a, bb = x.b * y.b;
    return {aa - bb, (x.a + x.b) * (y.a + y.b) - aa - bb};
}
[[nodiscard]] constexpr Fp2 pow(const Fp2& base, const U256& exponent) {
    Fp2 result = Fp2::one();
    for (unsigned i = exponent.bit_length(); i-- > 0;) {
        result = result.square();
        if (exponent.bit(i)) result = result * base;
    }
    return result;
}

struct Fp6 {
    Fp2 c0, c1, c2;
    bool operator==(const Fp6&) const = default;
    [[nodiscard]] Fp6 times_v() const { return {c2.times_xi(), c0, c1}; }
    [[nodiscard]] Fp6 inverse() const;
};
inline Fp6 operator+(const Fp6& x, const Fp6& y) { return {x.c0 + y.c0, x.c1 + y.c1, x.c2 + y.c2}; }
inline Fp6 operator-(const Fp6& x, const Fp6& y) { return {x.c0 - y.c0, x.c1 - y.c1, x.c2 - y.c2}; }
inline Fp6 operator-(const Fp6& x) { return {-x.c0, -x.c1, -x.c2}; }
Fp6 operator*(const Fp6& x, const Fp6& y);

struct Fp12 {
    Fp6 c0, c1;
    bool operator==(const Fp12&) const = default;
    [[nodiscard]] static Fp12 one() { return {{Fp2::one(), {}, {}}, {}}; }
    /// The inverse of a unitary element (after the easy part of the final exponentiation).
    [[nodiscard]] Fp12 conjugate() const { return {c0, -c1}; }
    [[nodiscard]] Fp12 square() const;
    [[nodiscard]] Fp12 inverse() const;
    /// The p-th power.
    [[nodiscard]] Fp12 frobenius() const;
};
Fp12 operator*(const Fp12& x, const Fp12& y);

/// ξ^((p − 1)/6) to the i, i = 0 … 5: what Frobenius multiplies the coefficient of w^i with.
struct FrobeniusConstants {
    Fp2 gamma[6];
};
constexpr FrobeniusConstants make_frobenius_constants() {
    constexpr U256 EXPONENT{0x34b017592414d4e1ULL, 0xee9591c2e6bda1c2ULL, 0xf40d60f3c0403964ULL,
                            0x0810b7bdd032f006ULL};  // (p − 1)/6
    static_assert(EXPONENT * U256{6} + U256{1} == P);
    const Fp2 xi{Fp::from(U256{9}), Fp::one()};
    FrobeniusConstants c;
    c.gamma[0] = Fp2::one();
    c.gamma[1] = pow(xi, EXPONENT);
    for (int i = 2; i < 6; ++i) c.gamma[i] = c.gamma[i - 1] * c.gamma[1];
    return c;
}
inline constexpr FrobeniusConstants FROBENIUS = make_frobenius_constants();

}  // namespace entresol::crypto::bn254
