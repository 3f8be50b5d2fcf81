#include "core/crypto/bn254_field.hpp"

namespace entresol::crypto::bn254 {

Fp6 operator*(const Fp6& x, const Fp6& y) {  // Karatsuba-like, six products (Devegili et al. 2006)
    const Fp2 v0 = x.c0 * y.c0, v1 = x.c1 * y.c1, v2 = x.c2 * y.c2;
    return {((x.c1 + x.c2) * (y.c1 + y.c2) - v1 - v2).times_xi() + v0,
            (x.c0 + x.c1) * (y.c0 + y.c1) - v0 - v1 + v2.times_xi(), (x.c0 + x.c2) * (y.c0 + y.c2) - v0 - v2 + v1};
}

Fp6 Fp6::inverse() const {
    const Fp2 t0 = c0.square() - (c1 * c2).times_xi();
    const Fp2 t1 = c2.square().times_xi() - c0 * c1;
    const Fp2 t2 = c1.square() - c0 * c2;
    const Fp2 d = (c0 * t0 + (c2 * t1 + c1 * t2).times_xi()).inverse();
    return {t0 * d, t1 * d, t2 * d};
}

Fp12 operator*(const Fp12& x, const Fp12& y) {
    const Fp6 aa = x.c0 * y.c0, bb = x.c1 * y.c1;
    return {aa + bb.times_v(), (x.c0 + x.c1) * (y.c0 + y.c1) - aa - bb};
}

Fp12 Fp12::square() const {  // complex squaring
    const Fp6 ab = c0 * c1;
    return {(c0 + c1) * (c0 + c1.times_v()) - ab - ab.times_v(), ab + ab};
}

Fp12 Fp12::inverse() const {
    const Fp6 d = (c0 * c0 - (c1 * c1).times_v()).inverse();
    return {c0 * d, -(c1 * d)};
}

Fp12 Fp12::frobenius() const {
    const auto& g = FROBENIUS.gamma;
    // Powers of w: c0 holds w^0, w^2, w^4, c1 holds w^1, w^3, w^5.
    return {{c0.c0.conjugate(), c0.c1.conjugate() * g[2], c0.c2.conjugate() * g[4]},
            {c1.c0.conjugate() * g[1], c1.c1.conjugate() * g[3], c1.c2.conjugate() * g[5]}};
}

}  // namespace entresol::crypto::bn254
