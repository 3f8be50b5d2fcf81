// Arithmetic modulo the order of secp256k1's group, and scalars cut in halves by its endomorphism. Public data only: not constant time.
#pragma once

#include <array>

#include "core/base/uint256.hpp"

namespace entresol::crypto::secp256k1_scalar {

inline constexpr U256 N{0xbfd25e8cd0364141ULL, 0xbaaedce6af48a03bULL, 0xfffffffffffffffeULL, 0xffffffffffffffffULL};

[[nodiscard]] U256 multiply(const U256& a, const U256& b);
[[nodiscard]] U256 negate(const U256& a);

/// magnitude · (negative ? −1 : 1).
struct Half {
    U256 magnitude;
    bool negative = false;
};
/// k = first + second · λ modulo N, each below 2^128 in magnitude: λ times a point is (β x, y) (Gallant, Lambert, Vanstone 2001).
struct Split {
    Half first, second;
};
[[nodiscard]] Split split(const U256& k);

/// Digits of a number below 2^(bits · count − 1), each from −2^(bits − 1) + 1 to 2^(bits − 1), lowest first.
template <unsigned bits, std::size_t count>
[[nodiscard]] std::array<std::int64_t, count> signed_windows(const U256& value, bool negative) {
    std::array<std::int64_t, count> out{};
    std::int64_t carry = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const unsigned at = static_cast<unsigned>(i) * bits;
        const U256 shifted = at >= 256 ? U256{} : value >> at;
        std::int64_t digit = static_cast<std::int64_t>(shifted.limb[0] & ((1U << bits) - 1)) + carry;
        carry = digit > std::int64_t{1} << (bits - 1) ? 1 : 0;
        digit -= carry << bits;
        out[i] = negative ? -digit : digit;
    }
    return out;
}

}  // namespace entresol::crypto::secp256k1_scalar
