// The optimal ate pairing on bn254 (Vercauteren 2010) for products of many pairs: one accumulator, one final exponentiation.
#pragma once

#include <span>

#include "core/crypto/bn254_curve.hpp"

namespace entresol::crypto::bn254 {

/// One pair on its way through the Miller loop: t is the running multiple of q, homogeneous (x = X/Z, y = Y/Z).
template <bool adx>
struct MillerPair {
    Affine<Fp<adx>> p;
    Affine<Fp2<adx>> q;
    Jacobian<Fp2<adx>> t{};
};

/// 3/ξ, the twist's constant.
template <bool adx>
constexpr Fp2<adx> make_twist_b() {
    // 1/(9 + u) = (9 − u)/82
    const auto over82 = [] {
        constexpr U256 EXPONENT = P - U256{2};
        const auto base = Fp<adx>::from(U256{82});
        auto result = Fp<adx>::one();
        for (unsigned i = EXPONENT.bit_length(); i-- > 0;) {
            result = result * result;
            if (EXPONENT.bit(i)) result = result * base;
        }
        return result;
    }();
    return {Fp<adx>::from(U256{27}) * over82, -(Fp<adx>::from(U256{3}) * over82)};
}
template <bool adx>
inline constexpr Fp2<adx> TWIST_B = make_twist_b<adx>();

// Untwisting maps (x, y) to (x w², y w³): the line with slope λ through t, at p, is y_p − λ x_p w + (λ x_t − y_t) w³. Factors of Fp2 do not
// matter: the final exponentiation removes them, so the lines below carry their denominators (Costello, Lange, Naehrig 2010; Aranha et al. 2011).
template <bool adx>
void double_step(Fp12<adx>& f, MillerPair<adx>& pair) {
    auto& [x, y, z] = pair.t;
    const auto a = (x * y).half(), b = y.square(), c = z.square();
    const auto e = TWIST_B<adx> * (c.doubled() + c);
    const auto e3 = e.doubled() + e;
    const auto g = (b + e3).half(), h = (y + z).square() - b - c, xx = x.square();
    f = f.times_line(h * pair.p.y, -((xx.doubled() + xx) * pair.p.x), b - e);
    const auto ee = e.square();
    x = a * (b - e3);
    y = g.square() - ee.doubled() - ee;
    z = b * h;
}
// t and q are distinct and not opposite: they are multiples of one point of large prime order.
template <bool adx>
void add_step(Fp12<adx>& f, MillerPair<adx>& pair, const Affine<Fp2<adx>>& q) {
    auto& [x, y, z] = pair.t;
    const auto theta = y - q.y * z, lambda = x - q.x * z;
    f = f.times_line(lambda * pair.p.y, -(theta * pair.p.x), theta * q.x - lambda * q.y);
    const auto d = lambda.square(), e = lambda * d, g = x * d;
    const auto h = e + z * theta.square() - g.doubled();
    x = lambda * h;
    y = theta * (g - h) - e * y;
    z = z * e;
}

inline constexpr U256 LOOP{0x9d797039be763ba8ULL, 1, 0, 0};  // 6x + 2
static_assert(LOOP == U256{X} * U256{6} + U256{2});

/// All pairs share the squarings of the accumulator.
template <bool adx>
Fp12<adx> miller_loop(std::span<MillerPair<adx>> pairs) {
    static constexpr SignedDigits DIGITS(LOOP, 2);
    auto f = Fp12<adx>::one();
    for (auto& pair : pairs) pair.t = {pair.q.x, pair.q.y, Fp2<adx>::one()};
    for (unsigned i = DIGITS.length - 1; i-- > 0;) {
        if (i != DIGITS.length - 2) f = f.square();
        for (auto& pair : pairs) double_step(f, pair);
        if (DIGITS.digit[i] == 0) continue;
        for (auto& pair : pairs) add_step(f, pair, DIGITS.digit[i] > 0 ? pair.q : -pair.q);
    }
    const auto& g = FROBENIUS<adx>.gamma;
    for (auto& pair : pairs) {
        const Affine<Fp2<adx>> q1{pair.q.x.conjugate() * g[2], pair.q.y.conjugate() * g[3], false};
        const Affine<Fp2<adx>> q2{q1.x.conjugate() * g[2], q1.y.conjugate() * g[3], false};
        add_step(f, pair, q1);
        add_step(f, pair, -q2);
    }
    return f;
}

/// f^x in the cyclotomic subgroup, where inverses are free.
template <bool adx>
Fp12<adx> power_x(const Fp12<adx>& f) {
    static constexpr SignedDigits DIGITS(U256{X}, 4);
    Fp12<adx> odd[4] = {f};  // f, f³, f⁵, f⁷
    const auto squared = f.cyclotomic_square();
    for (int i = 1; i < 4; ++i) odd[i] = odd[i - 1] * squared;
    unsigned i = DIGITS.length - 1;
    auto result = odd[DIGITS.digit[i] / 2];  // the highest digit is positive
    while (i-- > 0) {
        result = result.cyclotomic_square();
        const int digit{DIGITS.digit[i]};
        if (digit > 0) result = result * odd[digit / 2];
        if (digit < 0) result = result * odd[-digit / 2].conjugate();
    }
    return result;
}

/// f to a multiple, prime to R, of (p^12 − 1)/R: one exactly where the pairing is one. Hard part by Fuentes-Castañeda, Knapp and
/// Rodríguez-Henríquez (2011): exponents 1 + 6x + 12x² + 12x³, 4x + 6x² + 12x³, 6x + 6x² + 12x³ and 4x + 6x² + 12x³ − 1 of 1, p, p² and p³.
template <bool adx>
Fp12<adx> final_exponentiation(const Fp12<adx>& value) {
    const auto unitary = value.conjugate() * value.inverse();
    const auto f = unitary.frobenius().frobenius() * unitary;
    const auto f2x = power_x(f).cyclotomic_square();
    const auto f6x = f2x.cyclotomic_square() * f2x;
    const auto f6x2 = power_x(f6x);
    const auto f12x3 = power_x(f6x2.cyclotomic_square());
    const auto a = f12x3 * f6x2 * f6x;
    const auto b = a * f2x.conjugate();
    const auto p3 = (b * f.conjugate()).frobenius().frobenius().frobenius();
    return a * f6x2 * f * b.frobenius() * a.frobenius().frobenius() * p3;
}

}  // namespace entresol::crypto::bn254
