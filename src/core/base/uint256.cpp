#include "core/base/uint256.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace entresol {
namespace {

// 128 by 64 division whose quotient fits 64 bits (high < divisor).
struct Div64 {
    std::uint64_t quotient;
    std::uint64_t remainder;
};
Div64 div_2by1(std::uint64_t high, std::uint64_t low, std::uint64_t divisor) {
#if defined(__x86_64__)
    std::uint64_t q, r;
    __asm__("divq %4" : "=a"(q), "=d"(r) : "a"(low), "d"(high), "r"(divisor) : "cc");
    return {q, r};
#else
    const u128 n = (u128{high} << 64) | low;
    return {static_cast<std::uint64_t>(n / divisor), static_cast<std::uint64_t>(n % divisor)};
#endif
}

int significant_limbs(const std::uint64_t* limbs, int count) {
    while (count > 0 && limbs[count - 1] == 0) --count;
    return count;
}

// One quotient digit of algorithm D: estimate from the top two limbs, correct, subtract (steps D3 to D6).
std::uint64_t divide_digit(std::uint64_t* u, const std::uint64_t* v, int n) {
    std::uint64_t q;
    if (u[n] >= v[n - 1]) {
        q = ~0ULL;
    } else {
        const auto estimate = div_2by1(u[n], u[n - 1], v[n - 1]);
        q = estimate.quotient;
        u128 remainder = estimate.remainder;
        while (remainder >> 64 == 0 && u128{q} * v[n - 2] > ((remainder << 64) | u[n - 2])) {
            --q;
            remainder += v[n - 1];
        }
    }
    std::uint64_t borrow = 0, carry = 0;
    for (int i = 0; i < n; ++i) {
        const u128 product = u128{q} * v[i] + carry;
        carry = static_cast<std::uint64_t>(product >> 64);
        const u128 difference = u128{u[i]} - static_cast<std::uint64_t>(product) - borrow;
        u[i] = static_cast<std::uint64_t>(difference);
        borrow = static_cast<std::uint64_t>(difference >> 64) & 1;
    }
    const u128 top = u128{u[n]} - carry - borrow;
    u[n] = static_cast<std::uint64_t>(top);
    while ((top >> 64) != 0 && u[n] != 0) {  // q was too large: add the divisor back (D6)
        --q;
        std::uint64_t c = 0;
        for (int i = 0; i < n; ++i) {
            const u128 s = u128{u[i]} + v[i] + c;
            u[i] = static_cast<std::uint64_t>(s);
            c = static_cast<std::uint64_t>(s >> 64);
        }
        u[n] += c;
    }
    return q;
}

// Divides `numerator` (up to 8 limbs, one spare above) by `divisor` (1 to 4 limbs); quotient may be null.
U256 divide_limbs(std::uint64_t* u, int u_limbs, const U256& divisor, std::uint64_t* quotient) {
    const int n = significant_limbs(divisor.limb, 4);
    CHECK(n > 0);
    if (n == 1) {
        std::uint64_t remainder = 0;
        for (int i = u_limbs; i-- > 0;) {
            const auto step = div_2by1(remainder, u[i], divisor.limb[0]);
            if (quotient != nullptr) quotient[i] = step.quotient;
            remainder = step.remainder;
        }
        return U256{remainder};
    }
    const unsigned shift = static_cast<unsigned>(__builtin_clzll(divisor.limb[n - 1]));
    const U256 v = divisor << shift;
    u[u_limbs] = 0;
    if (shift != 0) {
        for (int i = u_limbs; i > 0; --i) u[i] = (u[i] << shift) | (u[i - 1] >> (64 - shift));
        u[0] <<= shift;
    }
    for (int j = u_limbs - n; j >= 0; --j) {
        const auto q = divide_digit(u + j, v.limb, n);
        if (quotient != nullptr) quotient[j] = q;
    }
    U256 remainder;
    std::copy(u, u + n, remainder.limb);
    return remainder >> shift;
}

}  // namespace

DivMod divmod(const U256& dividend, const U256& divisor) {
    CHECK(!divisor.is_zero());
    if (dividend < divisor) return {U256{}, dividend};
    if (dividend.fits_u64()) return {dividend.limb[0] / divisor.limb[0], dividend.limb[0] % divisor.limb[0]};
    std::uint64_t u[5] = {dividend.limb[0], dividend.limb[1], dividend.limb[2], dividend.limb[3], 0};
    DivMod result;
    result.remainder = divide_limbs(u, significant_limbs(dividend.limb, 4), divisor, result.quotient.limb);
    return result;
}

void mul_full(const U256& a, const U256& b, std::uint64_t (&product)[8]) {
    std::fill(product, product + 8, 0);
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) {
            const u128 t = u128{a.limb[i]} * b.limb[j] + product[i + j] + carry;
            product[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
        product[i + 4] = carry;
    }
}

U256 addmod(const U256& a, const U256& b, const U256& m) {
    if (m.is_zero()) return {};
    U256 sum;
    const bool carry = add_overflow(a, b, sum);
    std::uint64_t u[6] = {sum.limb[0], sum.limb[1], sum.limb[2], sum.limb[3], carry ? 1ULL : 0ULL, 0};
    if (!carry && sum < m) return sum;
    return divide_limbs(u, std::max(significant_limbs(u, 5), significant_limbs(m.limb, 4)), m, nullptr);
}

U256 mulmod(const U256& a, const U256& b, const U256& m) {
    if (m.is_zero()) return {};
    std::uint64_t product[8];
    mul_full(a, b, product);
    std::uint64_t u[9];
    std::copy(product, product + 8, u);
    return divide_limbs(u, std::max(significant_limbs(u, 8), significant_limbs(m.limb, 4)), m, nullptr);
}

U256 pow(U256 base, const U256& exponent) {
    U256 result{1};
    const unsigned bits = exponent.bit_length();
    for (unsigned i = 0; i < bits; ++i) {
        if (exponent.bit(i)) result *= base;
        base *= base;
    }
    return result;
}

U256 load_be(ByteView bytes) {
    CHECK(bytes.size() <= 32);
    std::uint8_t word[32]{};
    std::copy(bytes.begin(), bytes.end(), word + 32 - bytes.size());
    return load_be256(word);
}

std::optional<U256> parse_decimal(std::string_view text) {
    if (text.empty() || text.size() > 78) return std::nullopt;
    U256 value;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        std::uint64_t wide[8];
        mul_full(value, U256{10}, wide);
        if ((wide[4] | wide[5] | wide[6] | wide[7]) != 0) return std::nullopt;
        if (add_overflow(value * U256{10}, U256{static_cast<std::uint64_t>(c - '0')}, value)) return std::nullopt;
    }
    return value;
}

std::string to_decimal(U256 value) {
    if (value.is_zero()) return "0";
    std::string digits;
    while (!value.is_zero()) {
        const auto step = divmod(value, U256{10});
        digits += static_cast<char>('0' + step.remainder.limb[0]);
        value = step.quotient;
    }
    std::reverse(digits.begin(), digits.end());
    return digits;
}

}  // namespace entresol
