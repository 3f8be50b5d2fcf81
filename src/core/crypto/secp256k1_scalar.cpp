#include "core/crypto/secp256k1_scalar.hpp"

#include "core/base/check.hpp"
#include "core/crypto/words.hpp"

namespace entresol::crypto::secp256k1_scalar {
namespace {

// 2^256 − N.
constexpr U256 COMPLEMENT{0x402da1732fc9bebfULL, 0x4551231950b75fc4ULL, 1, 0};

// The lattice's constants for N (Hankerson, Menezes, Vanstone, algorithm 3.74), scaled by 2^384 for rounding without division; a test checks that they
// give what they must.
constexpr U256 G1{0xe893209a45dbb031ULL, 0x3daa8a1471e8ca7fULL, 0xe86c90e49284eb15ULL, 0x3086d221a7d46bcdULL};
constexpr U256 G2{0x1571b4ae8ac47f71ULL, 0x221208ac9df506c6ULL, 0x6f547fa90abfe4c4ULL, 0xe4437ed6010e8828ULL};
constexpr U256 MINUS_B1{0x6f547fa90abfe4c3ULL, 0xe4437ed6010e8828ULL, 0, 0};
constexpr U256 MINUS_B2{0xd765cda83db1562cULL, 0x8a280ac50774346dULL, 0xfffffffffffffffeULL, 0xffffffffffffffffULL};
constexpr U256 MINUS_LAMBDA{0xe0cfc810b51283cfULL, 0xa880b9fc8ec739c2ULL, 0x5ad9e3fd77ed9ba4ULL, 0xac9c52b33fa3cf1fULL};

U256 add(const U256& a, const U256& b) { return words::add_modulo<N>(a, b); }

// round(a · b / 2^384).
U256 multiply_and_shift(const U256& a, const U256& b) {
    std::uint64_t product[8];
    mul_full(a, b, product);
    const U256 high{product[6], product[7], 0, 0};
    return product[5] >> 63 != 0 ? high + U256{1} : high;
}

Half with_sign(const U256& k) {
    if (k.limb[2] == 0 && k.limb[3] == 0) return {k, false};
    const U256 negated = negate(k);
    CHECK(negated.limb[2] == 0 && negated.limb[3] == 0);
    return {negated, true};
}

}  // namespace

// What is above 2^256 counts COMPLEMENT times: three rounds bring it below.
U256 multiply(const U256& a, const U256& b) {
    std::uint64_t t[8];
    mul_full(a, b, t);
    U256 low{t[0], t[1], t[2], t[3]}, high{t[4], t[5], t[6], t[7]};
    while (!high.is_zero()) {
        std::uint64_t more[8];
        mul_full(high, COMPLEMENT, more);
        U256 sum;
        const bool carry = add_overflow(low, U256{more[0], more[1], more[2], more[3]}, sum);
        low = sum;
        high = U256{more[4], more[5], more[6], more[7]} + U256{carry ? 1U : 0U};
    }
    while (low >= N) low = low - N;
    return low;
}

U256 negate(const U256& a) { return a.is_zero() ? a : N - a; }

Split split(const U256& k) {
    const U256 c1 = multiply_and_shift(k, G1), c2 = multiply_and_shift(k, G2);
    const U256 second = add(multiply(c1, MINUS_B1), multiply(c2, MINUS_B2));
    const U256 first = add(k, multiply(second, MINUS_LAMBDA));
    return {with_sign(first), with_sign(second)};
}

}  // namespace entresol::crypto::secp256k1_scalar
