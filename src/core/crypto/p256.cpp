// ECDSA verification over NIST P-256 (FIPS 186-5; EIP-7951). Jacobian coordinates, Shamir's trick for u1·G + u2·Q.
#include "core/crypto/curves.hpp"
#include "core/crypto/montgomery.hpp"

namespace entresol::crypto {
namespace {

constexpr U256 P{0xffffffffffffffffULL, 0x00000000ffffffffULL, 0x0000000000000000ULL, 0xffffffff00000001ULL};
constexpr U256 N{0xf3b9cac2fc632551ULL, 0xbce6faada7179e84ULL, 0xffffffffffffffffULL, 0xffffffff00000000ULL};
constexpr U256 B{0x3bce3c3e27d2604bULL, 0x651d06b0cc53b0f6ULL, 0xb3ebbd55769886bcULL, 0x5ac635d8aa3a93e7ULL};
constexpr U256 GX{0xf4a13945d898c296ULL, 0x77037d812deb33a0ULL, 0xf8bce6e563a440f2ULL, 0x6b17d1f2e12c4247ULL};
constexpr U256 GY{0xcbb6406837bf51f5ULL, 0x2bce33576b315eceULL, 0x8ee7eb4a7c0f9e16ULL, 0x4fe342e2fe1a7f9bULL};
constexpr Montgomery F{P};
constexpr Montgomery ORDER{N};

struct Point {  // x = X/Z², y = Y/Z³; Z = 0 is the identity
    U256 x, y, z;
};

// dbl-2001-b for a = -3 (explicit-formulas database).
Point twice(const Point& p) {
    if (p.z.is_zero()) return p;
    const U256 delta = F.sqr(p.z), gamma = F.sqr(p.y), beta = F.mul(p.x, gamma);
    const U256 t = F.mul(F.sub(p.x, delta), F.add(p.x, delta));
    const U256 alpha = F.add(F.add(t, t), t);
    const U256 beta4 = F.add(F.add(beta, beta), F.add(beta, beta));
    Point r;
    r.x = F.sub(F.sqr(alpha), F.add(beta4, beta4));
    r.z = F.sub(F.sub(F.sqr(F.add(p.y, p.z)), gamma), delta);
    const U256 g2 = F.sqr(gamma), g4 = F.add(F.add(g2, g2), F.add(g2, g2));
    r.y = F.sub(F.mul(alpha, F.sub(beta4, r.x)), F.add(g4, g4));
    return r;
}

// add-2007-bl with the exceptional cases spelled out.
Point plus(const Point& a, const Point& b) {
    if (a.z.is_zero()) return b;
    if (b.z.is_zero()) return a;
    const U256 z1 = F.sqr(a.z), z2 = F.sqr(b.z);
    const U256 u1 = F.mul(a.x, z2), u2 = F.mul(b.x, z1);
    const U256 s1 = F.mul(F.mul(a.y, b.z), z2), s2 = F.mul(F.mul(b.y, a.z), z1);
    const U256 h = F.sub(u2, u1), r = F.sub(s2, s1);
    if (h.is_zero()) return r.is_zero() ? twice(a) : Point{};
    const U256 hh = F.sqr(h), hhh = F.mul(h, hh), v = F.mul(u1, hh);
    Point out;
    out.x = F.sub(F.sub(F.sqr(r), hhh), F.add(v, v));
    out.y = F.sub(F.mul(r, F.sub(v, out.x)), F.mul(s1, hhh));
    out.z = F.mul(F.mul(a.z, b.z), h);
    return out;
}

bool is_on_curve(const U256& x, const U256& y) {
    const U256 mx = F.to(x), my = F.to(y);
    const U256 three_x = F.add(F.add(mx, mx), mx);
    return F.sqr(my) == F.add(F.sub(F.mul(F.sqr(mx), mx), three_x), F.to(B));
}

}  // namespace

bool p256_verify(const Hash32& digest, const U256& r, const U256& s, const U256& x, const U256& y) {
    if (r.is_zero() || s.is_zero() || r >= N || s >= N || x >= P || y >= P || (x.is_zero() && y.is_zero()) ||
        !is_on_curve(x, y))
        return false;
    U256 z = to_u256(digest);
    if (z >= N) z -= N;
    const U256 w = ORDER.inverse(ORDER.to(s));
    const U256 u1 = ORDER.mul(z, w), u2 = ORDER.mul(r, w);  // plain times Montgomery is plain
    const Point g{F.to(GX), F.to(GY), F.one()}, q{F.to(x), F.to(y), F.one()}, both = plus(g, q);
    Point sum{};
    for (unsigned i = 256; i-- > 0;) {
        sum = twice(sum);
        if (u1.bit(i) && u2.bit(i))
            sum = plus(sum, both);
        else if (u1.bit(i))
            sum = plus(sum, g);
        else if (u2.bit(i))
            sum = plus(sum, q);
    }
    if (sum.z.is_zero()) return false;
    const U256 affine_x = F.from(F.mul(sum.x, F.inverse(F.sqr(sum.z))));
    return (affine_x >= N ? affine_x - N : affine_x) == r;
}

}  // namespace entresol::crypto
