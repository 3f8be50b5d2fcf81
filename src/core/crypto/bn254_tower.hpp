// The tower of fields under bn254's pairing: Fp2 = Fp[u]/(u² + 1), Fp6 = Fp2[v]/(v³ − ξ) with ξ = 9 + u, Fp12 = Fp6[w]/(w² − v).
#pragma once

#include "core/crypto/bn254_field.hpp"

namespace entresol::crypto::bn254 {

template <bool adx>
struct Fp2 {
    using Base = Fp<adx>;
    Base a, b;  // a + b·u
    constexpr bool operator==(const Fp2&) const = default;
    [[nodiscard]] static constexpr Fp2 one() { return {Base::one(), {}}; }
    [[nodiscard]] constexpr bool is_zero() const { return a.is_zero() && b.is_zero(); }
    [[nodiscard]] constexpr Fp2 conjugate() const { return {a, -b}; }
    [[nodiscard]] constexpr Fp2 doubled() const { return {a + a, b + b}; }
    [[nodiscard]] constexpr Fp2 half() const { return {a.half(), b.half()}; }
    // Not inlined: as a call it is a few instructions, inlined it is 400.
    [[nodiscard, gnu::noinline]] constexpr Fp2 square() const {
        const Base sum = a + b, difference = a - b, twice_a = a + a;
        return {sum * difference, twice_a * b};
    }
    [[nodiscard]] Fp2 inverse() const {
        const Base t = sum_of_products(a, a, b, b).inverse();
        return {a * t, -(b * t)};
    }
    /// Times ξ = 9 + u.
    [[nodiscard]] constexpr Fp2 times_xi() const {
        const Fp2 x2 = doubled(), x4 = x2.doubled(), x8 = x4.doubled();
        return {x8.a + a - b, x8.b + b + a};
    }
};
template <bool adx>
constexpr Fp2<adx> operator+(const Fp2<adx>& x, const Fp2<adx>& y) {
    return {x.a + y.a, x.b + y.b};
}
template <bool adx>
constexpr Fp2<adx> operator-(const Fp2<adx>& x, const Fp2<adx>& y) {
    return {x.a - y.a, x.b - y.b};
}
template <bool adx>
constexpr Fp2<adx> operator-(const Fp2<adx>& x) {
    return {-x.a, -x.b};
}
template <bool adx>
constexpr Fp2<adx> operator*(const Fp2<adx>& x, const Fp<adx>& y) {
    return {x.a * y, x.b * y};
}
template <bool adx>
[[gnu::noinline]] constexpr Fp2<adx> operator*(const Fp2<adx>& x, const Fp2<adx>& y) {
    return {sum_of_products(x.a, y.a, -x.b, y.b), sum_of_products(x.a, y.b, x.b, y.a)};
}

template <bool adx>
struct Fp6 {
    using Coefficient = Fp2<adx>;
    Coefficient c0, c1, c2;
    bool operator==(const Fp6&) const = default;
    [[nodiscard]] Fp6 times_v() const { return {c2.times_xi(), c0, c1}; }
    [[nodiscard]] Fp6 inverse() const {
        const Coefficient t0 = c0.square() - (c1 * c2).times_xi();
        const Coefficient t1 = c2.square().times_xi() - c0 * c1;
        const Coefficient t2 = c1.square() - c0 * c2;
        const Coefficient d = (c0 * t0 + (c2 * t1 + c1 * t2).times_xi()).inverse();
        return {t0 * d, t1 * d, t2 * d};
    }
    /// Times b0 + b1·v: five products.
    [[nodiscard]] Fp6 times_sparse(const Coefficient& b0, const Coefficient& b1) const {
        const Coefficient v0 = c0 * b0, v1 = c1 * b1;
        return {(c2 * b1).times_xi() + v0, (c0 + c1) * (b0 + b1) - v0 - v1, c2 * b0 + v1};
    }
};
template <bool adx>
Fp6<adx> operator+(const Fp6<adx>& x, const Fp6<adx>& y) {
    return {x.c0 + y.c0, x.c1 + y.c1, x.c2 + y.c2};
}
template <bool adx>
Fp6<adx> operator-(const Fp6<adx>& x, const Fp6<adx>& y) {
    return {x.c0 - y.c0, x.c1 - y.c1, x.c2 - y.c2};
}
template <bool adx>
Fp6<adx> operator-(const Fp6<adx>& x) {
    return {-x.c0, -x.c1, -x.c2};
}
template <bool adx>
[[gnu::noinline]] Fp6<adx> operator*(const Fp6<adx>& x, const Fp6<adx>& y) {  // six products (Devegili et al. 2006)
    const auto v0 = x.c0 * y.c0, v1 = x.c1 * y.c1, v2 = x.c2 * y.c2;
    return {((x.c1 + x.c2) * (y.c1 + y.c2) - v1 - v2).times_xi() + v0,
            (x.c0 + x.c1) * (y.c0 + y.c1) - v0 - v1 + v2.times_xi(), (x.c0 + x.c2) * (y.c0 + y.c2) - v0 - v2 + v1};
}

/// ξ^((p − 1)/6) to the i, i = 0 … 5: what Frobenius multiplies the coefficient of w^i with.
template <bool adx>
struct Frobenius {
    Fp2<adx> gamma[6];
    constexpr Frobenius() {
        constexpr U256 EXPONENT{0x34b017592414d4e1ULL, 0xee9591c2e6bda1c2ULL, 0xf40d60f3c0403964ULL,
                                0x0810b7bdd032f006ULL};  // (p − 1)/6
        static_assert(EXPONENT * U256{6} + U256{1} == P);
        const Fp2<adx> xi{Fp<adx>::from(U256{9}), Fp<adx>::one()};
        gamma[0] = gamma[1] = Fp2<adx>::one();
        for (unsigned i = EXPONENT.bit_length(); i-- > 0;) {
            gamma[1] = gamma[1].square();
            if (EXPONENT.bit(i)) gamma[1] = gamma[1] * xi;
        }
        for (int i = 2; i < 6; ++i) gamma[i] = gamma[i - 1] * gamma[1];
    }
};
template <bool adx>
inline constexpr Frobenius<adx> FROBENIUS{};

template <bool adx>
struct Fp12 {
    using Half = Fp6<adx>;
    Half c0, c1;
    bool operator==(const Fp12&) const = default;
    [[nodiscard]] static Fp12 one() { return {{Fp2<adx>::one(), {}, {}}, {}}; }
    /// The inverse of a unitary element (after the easy part of the final exponentiation).
    [[nodiscard]] Fp12 conjugate() const { return {c0, -c1}; }
    [[nodiscard]] Fp12 square() const {  // complex squaring
        const Half ab = c0 * c1;
        return {(c0 + c1) * (c0 + c1.times_v()) - ab - ab.times_v(), ab + ab};
    }
    [[nodiscard]] Fp12 inverse() const {
        const Half d = (c0 * c0 - (c1 * c1).times_v()).inverse();
        return {c0 * d, -(c1 * d)};
    }
    /// The p-th power. Powers of w: c0 holds w^0, w^2, w^4, c1 holds w^1, w^3, w^5.
    [[nodiscard]] Fp12 frobenius() const {
        const auto& g = FROBENIUS<adx>.gamma;
        return {{c0.c0.conjugate(), c0.c1.conjugate() * g[2], c0.c2.conjugate() * g[4]},
                {c1.c0.conjugate() * g[1], c1.c1.conjugate() * g[3], c1.c2.conjugate() * g[5]}};
    }
    /// The square of an element of the cyclotomic subgroup (Granger, Scott 2010): three squarings in Fp4.
    [[nodiscard]] Fp12 cyclotomic_square() const {
        struct Fp4 {
            Fp2<adx> c0, c1;
        };
        // (a + b·s)² with s² = ξ
        const auto square_fp4 = [](const Fp2<adx>& a, const Fp2<adx>& b) {
            const auto aa = a.square(), bb = b.square();
            return Fp4{aa + bb.times_xi(), (a + b).square() - aa - bb};
        };
        const auto three_minus_two = [](const Fp2<adx>& t, const Fp2<adx>& z) { return (t - z).doubled() + t; };
        const auto three_plus_two = [](const Fp2<adx>& t, const Fp2<adx>& z) { return (t + z).doubled() + t; };
        const Fp4 x = square_fp4(c0.c0, c1.c1), y = square_fp4(c1.c0, c0.c2), z = square_fp4(c0.c1, c1.c2);
        return {{three_minus_two(x.c0, c0.c0), three_minus_two(y.c0, c0.c1), three_minus_two(z.c0, c0.c2)},
                {three_plus_two(z.c1.times_xi(), c1.c0), three_plus_two(x.c1, c1.c1), three_plus_two(y.c1, c1.c2)}};
    }
    /// Times a + (b + c·v)·w: what a line of the Miller loop is.
    [[nodiscard]] Fp12 times_line(const Fp2<adx>& a, const Fp2<adx>& b, const Fp2<adx>& c) const {
        const Half t0{c0.c0 * a, c0.c1 * a, c0.c2 * a};
        const Half t1 = c1.times_sparse(b, c);
        return {t0 + t1.times_v(), (c0 + c1).times_sparse(a + b, c) - t0 - t1};
    }
};
template <bool adx>
Fp12<adx> operator*(const Fp12<adx>& x, const Fp12<adx>& y) {
    const auto aa = x.c0 * y.c0, bb = x.c1 * y.c1;
    return {aa + bb.times_v(), (x.c0 + x.c1) * (y.c0 + y.c1) - aa - bb};
}

}  // namespace entresol::crypto::bn254
