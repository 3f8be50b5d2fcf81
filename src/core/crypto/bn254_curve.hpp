// Points of bn254: y² = x³ + 3 over Fp (G1) and its twist y² = x³ + 3/ξ over Fp2 (G2).
#pragma once

#include "core/crypto/bn254_tower.hpp"
#include "core/crypto/short_weierstrass.hpp"
#include "core/crypto/signed_digits.hpp"

namespace entresol::crypto::bn254 {

inline constexpr std::uint64_t X = 4965661367192848881ULL;  // the curve's parameter

template <typename Field>
using Affine = curve::Affine<Field>;
template <typename Field>
using Jacobian = curve::Jacobian<Field, curve::Coefficient::Zero>;

/// λ with λ² + λ + 1 = 0 modulo R acts as (x, y) → (βx, y) (Gallant, Lambert, Vanstone 2001): a scalar becomes two of half the length.
struct HalfScalars {
    U256 k1, k2;
    bool k1_negative = false, k2_negative = false;
};
/// Precondition: scalar < R.
[[nodiscard]] HalfScalars split_scalar(const U256& scalar);

/// β, in Montgomery form: the cube root of one that belongs to the λ of split_scalar.
template <bool adx>
inline constexpr Fp<adx> BETA =
    Fp<adx>::from(U256{0x5763473177fffffeULL, 0xd4f263f1acdb5c4fULL, 0x59e26bcea0d48bacULL, 0});

template <bool adx>
Jacobian<Fp<adx>> multiply_g1(const Affine<Fp<adx>>& p, const U256& scalar) {
    if (p.is_infinity) return {};
    const HalfScalars halves = split_scalar(scalar >= R ? scalar % R : scalar);
    using Table = curve::OddMultiples<Jacobian<Fp<adx>>, 8>;
    Affine<Fp<adx>> table[8];
    curve::to_affine(Table(Jacobian<Fp<adx>>::from(p)).at, table);
    const SignedDigits d1(halves.k1, Table::WIDTH), d2(halves.k2, Table::WIDTH);
    Jacobian<Fp<adx>> sum;
    const auto add = [&](int digit, bool negative, bool endomorphism) {
        if (digit == 0) return;
        auto q = table[(digit < 0 ? -digit : digit) / 2];
        if (endomorphism) q.x = q.x * BETA<adx>;
        sum = sum.plus((digit < 0) != negative ? -q : q);
    };
    for (unsigned i = d1.length > d2.length ? d1.length : d2.length; i-- > 0;) {
        if (!sum.is_infinity()) sum = sum.twice();
        add(d1.digit[i], halves.k1_negative, false);
        add(d2.digit[i], halves.k2_negative, true);
    }
    return sum;
}

/// The p-th power on the twist.
template <bool adx>
Jacobian<Fp2<adx>> frobenius(const Jacobian<Fp2<adx>>& p) {
    const auto& g = FROBENIUS<adx>.gamma;
    return {p.x.conjugate() * g[2], p.y.conjugate() * g[3], p.z.conjugate()};
}

/// Is this point of the twist in the subgroup of order R? With ψ the Frobenius: (x + 1)Q + ψ(xQ) + ψ²(xQ) = ψ³(2xQ)
/// (El Housni, Guillevic, Piellard 2022, "Co-factor clearing and subgroup membership testing on pairing-friendly curves", 4.2).
template <bool adx>
bool is_in_g2(const Affine<Fp2<adx>>& q) {
    using Table = curve::OddMultiples<Jacobian<Fp2<adx>>, 8>;
    static constexpr SignedDigits DIGITS(U256{X}, Table::WIDTH);
    const Table table(Jacobian<Fp2<adx>>::from(q));
    Jacobian<Fp2<adx>> xq;
    for (unsigned i = DIGITS.length; i-- > 0;) {
        xq = xq.twice();
        const int digit{DIGITS.digit[i]};
        if (digit > 0) xq = xq.plus(table.at[digit / 2]);
        if (digit < 0) xq = xq.plus(-table.at[-digit / 2]);
    }
    const auto psi = frobenius(xq), psi2 = frobenius(psi), psi3 = frobenius(psi2);
    return xq.plus(q).plus(psi).plus(psi2).plus(-psi3.twice()).is_infinity();
}

}  // namespace entresol::crypto::bn254
