// P-256 the plain way, for tests and fuzzers: affine points, reduction by division, double and add.
#pragma once

#include <optional>

#include "core/base/uint256.hpp"
#include "core/crypto/modular_inverse.hpp"

namespace entresol::crypto::testing {

inline constexpr U256 P256_P{0xffffffffffffffffULL, 0x00000000ffffffffULL, 0, 0xffffffff00000001ULL};
inline constexpr U256 P256_N{0xf3b9cac2fc632551ULL, 0xbce6faada7179e84ULL, 0xffffffffffffffffULL,
                             0xffffffff00000000ULL};

struct P256Point {
    U256 x, y;
    bool operator==(const P256Point&) const = default;
};
using MaybePoint = std::optional<P256Point>;  // nothing is the identity
inline constexpr P256Point P256_G{
    {0xf4a13945d898c296ULL, 0x77037d812deb33a0ULL, 0xf8bce6e563a440f2ULL, 0x6b17d1f2e12c4247ULL},
    {0xcbb6406837bf51f5ULL, 0x2bce33576b315eceULL, 0x8ee7eb4a7c0f9e16ULL, 0x4fe342e2fe1a7f9bULL}};

inline U256 divide(const U256& a, const U256& b, const U256& prime) {
    return mulmod(a, inverse_modulo(b, prime), prime);
}

inline MaybePoint add(const MaybePoint& a, const MaybePoint& b) {
    if (!a) return b;
    if (!b) return a;
    const auto minus = [](const U256& u, const U256& v) { return addmod(u, P256_P - v, P256_P); };
    U256 slope;
    if (a->x != b->x) {
        slope = divide(minus(b->y, a->y), minus(b->x, a->x), P256_P);
    } else {
        if (a->y != b->y || a->y.is_zero()) return std::nullopt;
        const U256 xx = mulmod(a->x, a->x, P256_P);
        slope = divide(minus(mulmod(xx, U256{3}, P256_P), U256{3}), addmod(a->y, a->y, P256_P), P256_P);
    }
    const U256 x = minus(minus(mulmod(slope, slope, P256_P), a->x), b->x);
    return P256Point{x, minus(mulmod(slope, minus(a->x, x), P256_P), a->y)};
}

inline MaybePoint multiply(MaybePoint p, const U256& scalar) {
    MaybePoint sum;
    for (unsigned i = 0; i < scalar.bit_length(); ++i) {
        if (scalar.bit(i)) sum = add(sum, p);
        p = add(p, p);
    }
    return sum;
}

struct P256Signature {
    U256 r, s;
};
/// ECDSA with the nonce given (never do that elsewhere); nothing for one that cannot be used.
inline std::optional<P256Signature> sign_p256(const U256& digest, const U256& key, const U256& nonce) {
    const auto point = multiply(P256_G, nonce);
    if (!point) return std::nullopt;
    const U256 r = point->x % P256_N;
    const U256 s = divide(addmod(digest, mulmod(r, key, P256_N), P256_N), nonce % P256_N, P256_N);
    if (r.is_zero() || s.is_zero()) return std::nullopt;
    return P256Signature{r, s};
}
inline bool verify_p256(const U256& digest, const P256Signature& signature, const P256Point& key) {
    const auto point = add(multiply(P256_G, divide(digest % P256_N, signature.s, P256_N)),
                           multiply(key, divide(signature.r, signature.s, P256_N)));
    return point && point->x % P256_N == signature.r;
}

}  // namespace entresol::crypto::testing
