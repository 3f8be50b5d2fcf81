// Arithmetic modulo an odd 256-bit prime in Montgomery form (Montgomery 1985; CIOS of Koç, Acar, Kaliski 1996). For public data: not constant time.
#pragma once

#include "core/base/uint256.hpp"

namespace entresol::crypto {

class Montgomery {
public:
    constexpr explicit Montgomery(const U256& modulus) : modulus_(modulus) {
        std::uint64_t inverse = 1;  // Newton: each step doubles the correct bits
        for (int i = 0; i < 6; ++i) inverse *= 2 - modulus.limb[0] * inverse;
        negative_inverse_ = ~inverse + 1;
        U256 r{1};
        for (int i = 0; i < 512; ++i) r = add(r, r);
        r_squared_ = r;
        one_ = mul(U256{1}, r_squared_);
    }

    [[nodiscard]] constexpr const U256& modulus() const { return modulus_; }
    [[nodiscard]] constexpr const U256& one() const { return one_; }
    [[nodiscard]] constexpr U256 to(const U256& plain) const { return mul(plain, r_squared_); }
    [[nodiscard]] constexpr U256 from(const U256& value) const { return mul(value, U256{1}); }

    [[nodiscard]] constexpr U256 add(const U256& a, const U256& b) const {
        U256 sum, reduced;
        const bool carry = add_overflow(a, b, sum);
        const bool borrow = sub_borrow(sum, modulus_, reduced);
        return carry || !borrow ? reduced : sum;
    }
    [[nodiscard]] constexpr U256 sub(const U256& a, const U256& b) const {
        U256 difference;
        return sub_borrow(a, b, difference) ? difference + modulus_ : difference;
    }
    [[nodiscard]] constexpr U256 negate(const U256& a) const { return a.is_zero() ? a : modulus_ - a; }

    [[nodiscard]] constexpr U256 mul(const U256& a, const U256& b) const {
        std::uint64_t t[6]{};
        for (int i = 0; i < 4; ++i) {
            std::uint64_t carry = 0;
            for (int j = 0; j < 4; ++j) {
                const u128 s = u128{a.limb[j]} * b.limb[i] + t[j] + carry;
                t[j] = static_cast<std::uint64_t>(s);
                carry = static_cast<std::uint64_t>(s >> 64);
            }
            u128 s = u128{t[4]} + carry;
            t[4] = static_cast<std::uint64_t>(s);
            t[5] = static_cast<std::uint64_t>(s >> 64);

            const std::uint64_t m = t[0] * negative_inverse_;
            s = u128{m} * modulus_.limb[0] + t[0];
            carry = static_cast<std::uint64_t>(s >> 64);
            for (int j = 1; j < 4; ++j) {
                s = u128{m} * modulus_.limb[j] + t[j] + carry;
                t[j - 1] = static_cast<std::uint64_t>(s);
                carry = static_cast<std::uint64_t>(s >> 64);
            }
            s = u128{t[4]} + carry;
            t[3] = static_cast<std::uint64_t>(s);
            t[4] = t[5] + static_cast<std::uint64_t>(s >> 64);
        }
        const U256 result{t[0], t[1], t[2], t[3]};
        U256 reduced;
        const bool borrow = sub_borrow(result, modulus_, reduced);
        return t[4] != 0 || !borrow ? reduced : result;
    }
    [[nodiscard]] constexpr U256 sqr(const U256& a) const { return mul(a, a); }

    [[nodiscard]] constexpr U256 pow(const U256& base, const U256& exponent) const {
        U256 result = one_;
        for (unsigned i = exponent.bit_length(); i-- > 0;) {
            result = sqr(result);
            if (exponent.bit(i)) result = mul(result, base);
        }
        return result;
    }
    /// Fermat; 0 for 0. The modulus must be prime.
    [[nodiscard]] constexpr U256 inverse(const U256& a) const { return pow(a, modulus_ - U256{2}); }

private:
    U256 modulus_;
    std::uint64_t negative_inverse_ = 0;
    U256 r_squared_;
    U256 one_;
};

}  // namespace entresol::crypto
