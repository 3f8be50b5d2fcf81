// ECDSA verification over NIST P-256 (FIPS 186-5; EIP-7951): u1·G + u2·Q along signed digits of both scalars (Straus), with multiples of G that the
// compiler calculates.
#include "core/crypto/curves.hpp"
#include "core/crypto/p256_field.hpp"
#include "core/crypto/short_weierstrass.hpp"
#include "core/crypto/signed_digits.hpp"

namespace entresol::crypto {
namespace {

using p256::Fp;
using p256::P;
using Affine = curve::Affine<Fp>;
using Point = curve::Jacobian<Fp, curve::Coefficient::MinusThree>;

constexpr U256 N{0xf3b9cac2fc632551ULL, 0xbce6faada7179e84ULL, 0xffffffffffffffffULL, 0xffffffff00000000ULL};
constexpr Fp B = Fp::from({0x3bce3c3e27d2604bULL, 0x651d06b0cc53b0f6ULL, 0xb3ebbd55769886bcULL, 0x5ac635d8aa3a93e7ULL});
constexpr Affine G{
    Fp::from({0xf4a13945d898c296ULL, 0x77037d812deb33a0ULL, 0xf8bce6e563a440f2ULL, 0x6b17d1f2e12c4247ULL}),
    Fp::from({0xcbb6406837bf51f5ULL, 0x2bce33576b315eceULL, 0x8ee7eb4a7c0f9e16ULL, 0x4fe342e2fe1a7f9bULL}), false};

template <std::size_t count>
struct Table {
    using Multiples = curve::OddMultiples<Point, count>;
    static constexpr unsigned WIDTH = Multiples::WIDTH;
    Affine at[count];
    constexpr explicit Table(const Affine& p) { curve::to_affine(Multiples(Point::from(p)).at, at); }
    [[nodiscard]] constexpr Affine times(int odd) const { return odd < 0 ? -at[-odd / 2] : at[odd / 2]; }
};
constexpr Table<64> G_MULTIPLES{G};

bool is_on_curve(const Affine& p) { return p.y.square() == (p.x.square() - Fp::one().doubled() - Fp::one()) * p.x + B; }

Point multiply_add(const U256& u1, const U256& u2, const Affine& q) {
    const Table<8> q_multiples{q};
    const SignedDigits d1(u1, G_MULTIPLES.WIDTH), d2(u2, q_multiples.WIDTH);
    Point sum;
    for (unsigned i = d1.length > d2.length ? d1.length : d2.length; i-- > 0;) {
        if (!sum.is_infinity()) sum = sum.twice();
        if (d1.digit[i] != 0) sum = sum.plus(G_MULTIPLES.times(d1.digit[i]));
        if (d2.digit[i] != 0) sum = sum.plus(q_multiples.times(d2.digit[i]));
    }
    return sum;
}

}  // namespace

bool p256_verify(const Hash32& digest, const U256& r, const U256& s, const U256& x, const U256& y) {
    if (r.is_zero() || s.is_zero() || r >= N || s >= N || x >= P || y >= P || (x.is_zero() && y.is_zero()))
        return false;
    const Affine q{Fp::from(x), Fp::from(y), false};
    if (!is_on_curve(q)) return false;
    const U256 w = inverse_modulo(s, N);
    const Point sum = multiply_add(mulmod(to_u256(digest), w, N), mulmod(r, w, N), q);
    if (sum.is_infinity()) return false;
    // x = X/Z² modulo P, then modulo N, is r: so x is r, or r + N where that is below P. No division needed.
    const Fp zz = sum.z.square();
    if (Fp::from(r) * zz == sum.x) return true;
    U256 second;
    return !add_overflow(r, N, second) && second < P && Fp::from(second) * zz == sum.x;
}

}  // namespace entresol::crypto
