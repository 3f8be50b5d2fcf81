#include "core/base/uint256.hpp"

#include <algorithm>

#include "core/base/check.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// The loops over limbs are short and constant: unroll them. But no 16-byte loads of limbs that were just stored one by one: they wait for the store buffer.
#pragma GCC optimize("O3", "no-tree-slp-vectorize", "no-tree-loop-vectorize", "no-tree-loop-distribute-patterns")
#endif

namespace entresol {
namespace {

// Division through the reciprocal of the divisor: Möller and Granlund, "Improved division by invariant integers" (2011).
// Throughout, the divisor is normalized: the top bit of its top limb is set.

[[gnu::always_inline]] inline std::uint64_t high(u128 v) { return static_cast<std::uint64_t>(v >> 64); }
[[gnu::always_inline]] inline std::uint64_t low(u128 v) { return static_cast<std::uint64_t>(v); }
[[gnu::always_inline]] inline u128 pair(std::uint64_t h, std::uint64_t l) { return (u128{h} << 64) | l; }

/// floor((2^128 - 1) / d) - 2^64.
[[gnu::always_inline]] inline std::uint64_t reciprocal_of_one(std::uint64_t d) {
#if defined(__x86_64__)
    std::uint64_t q, r;
    __asm__("divq %4" : "=a"(q), "=d"(r) : "a"(~0ULL), "d"(~d), "r"(d) : "cc");
    return q;
#else
    return low(pair(~d, ~0ULL) / d);
#endif
}

/// Algorithm 6: the same for a divisor of two limbs.
[[gnu::always_inline]] inline std::uint64_t reciprocal_of_two(std::uint64_t d1, std::uint64_t d0) {
    std::uint64_t v = reciprocal_of_one(d1);
    std::uint64_t p = d1 * v + d0;
    if (p < d0) {
        --v;
        if (p >= d1) {
            --v;
            p -= d1;
        }
        p -= d1;
    }
    const u128 t = u128{v} * d0;
    p += high(t);
    if (p < high(t)) {
        --v;
        if (pair(p, low(t)) >= pair(d1, d0)) --v;
    }
    return v;
}

struct Quotient1 {
    std::uint64_t quotient;
    std::uint64_t remainder;
};
/// Algorithm 4: (u1, u0) by d. Precondition: u1 < d.
[[gnu::always_inline]] inline Quotient1 divide_2_by_1(std::uint64_t u1, std::uint64_t u0, std::uint64_t d,
                                                      std::uint64_t reciprocal) {
    const u128 estimate = u128{reciprocal} * u1 + pair(u1, u0);
    std::uint64_t q = high(estimate) + 1;
    std::uint64_t r = u0 - q * d;
    if (r > low(estimate)) {
        --q;
        r += d;
    }
    if (r >= d) [[unlikely]] {
        ++q;
        r -= d;
    }
    return {q, r};
}

struct Quotient2 {
    std::uint64_t quotient;
    u128 remainder;
};
/// Algorithm 5: (u2, u1, u0) by d of two limbs. Precondition: (u2, u1) < d.
[[gnu::always_inline]] inline Quotient2 divide_3_by_2(std::uint64_t u2, std::uint64_t u1, std::uint64_t u0, u128 d,
                                                      std::uint64_t reciprocal) {
    const u128 estimate = u128{reciprocal} * u2 + pair(u2, u1);
    std::uint64_t q = high(estimate);
    u128 r = pair(u1 - q * high(d), u0) - u128{q} * low(d) - d;
    ++q;
    if (high(r) >= low(estimate)) {
        --q;
        r += d;
    }
    if (r >= d) [[unlikely]] {
        ++q;
        r -= d;
    }
    return {q, r};
}

/// u[0 … COUNT-1] -= q * v; returns what is borrowed from the limb above.
template <int COUNT>
[[gnu::always_inline]] inline std::uint64_t subtract_multiple(std::uint64_t* u, const std::uint64_t* v,
                                                              std::uint64_t q) {
    std::uint64_t borrow = 0;
    for (int i = 0; i < COUNT; ++i) {
        const u128 product = u128{q} * v[i] + borrow;
        borrow = high(product) + (u[i] < low(product) ? 1 : 0);
        u[i] -= low(product);
    }
    return borrow;
}

/// One quotient digit of u[0 … N] by v (Knuth, TAOCP 4.3.1, D3 to D6); u keeps the remainder in u[0 … N-1].
template <int N>
[[gnu::always_inline]] inline std::uint64_t divide_digit(std::uint64_t* u, const std::uint64_t* v,
                                                         std::uint64_t reciprocal) {
    if (u[N] == v[N - 1] && u[N - 1] == v[N - 2]) [[unlikely]] {  // the digit is 2^64 - 1, exactly
        u[N] -= subtract_multiple<N>(u, v, ~0ULL);
        return ~0ULL;
    }
    auto [q, top] = divide_3_by_2(u[N], u[N - 1], u[N - 2], pair(v[N - 1], v[N - 2]), reciprocal);
    const std::uint64_t borrow = subtract_multiple<N - 2>(u, v, q);
    const bool too_large = top < borrow;
    top -= borrow;
    u[N - 2] = low(top);
    u[N - 1] = high(top);
    u[N] = 0;
    if (too_large) [[unlikely]] {  // add the divisor back
        --q;
        std::uint64_t carry = 0;
        for (int i = 0; i < N; ++i) {
            const u128 sum = u128{u[i]} + v[i] + carry;
            u[i] = low(sum);
            carry = high(sum);
        }
    }
    return q;
}

template <int N>
void divide_normalized(std::uint64_t* u, int u_limbs, const std::uint64_t* v, std::uint64_t* quotient) {
    const std::uint64_t reciprocal = reciprocal_of_two(v[N - 1], v[N - 2]);
    for (int j = u_limbs - N; j >= 0; --j) {
        const std::uint64_t q = divide_digit<N>(u + j, v, reciprocal);
        if (quotient != nullptr) quotient[j] = q;
    }
}
template <>
void divide_normalized<1>(std::uint64_t* u, int u_limbs, const std::uint64_t* v, std::uint64_t* quotient) {
    const std::uint64_t reciprocal = reciprocal_of_one(v[0]);
    std::uint64_t remainder = u[u_limbs];
    for (int j = u_limbs - 1; j >= 0; --j) {
        const auto step = divide_2_by_1(remainder, u[j], v[0], reciprocal);
        if (quotient != nullptr) quotient[j] = step.quotient;
        remainder = step.remainder;
    }
    u[0] = remainder;
}

int significant_limbs(const std::uint64_t* limbs, int count) {
    while (count > 0 && limbs[count - 1] == 0) --count;
    return count;
}

// a, shifted by less than a limb.
[[gnu::always_inline]] inline U256 shift_left(const U256& a, unsigned n) {
    const auto limb = [&](int i) { return (a.limb[i] << n) | ((a.limb[i - 1] >> 1) >> (63 - n)); };
    return {a.limb[0] << n, limb(1), limb(2), limb(3)};
}
[[gnu::always_inline]] inline U256 shift_right(const U256& a, unsigned n) {
    const auto limb = [&](int i) { return (a.limb[i] >> n) | ((a.limb[i + 1] << 1) << (63 - n)); };
    return {limb(0), limb(1), limb(2), a.limb[3] >> n};
}

[[gnu::always_inline]] inline void store_limbs(U256& to, const U256& value) {
    for (int i = 0; i < 4; ++i) to.limb[i] = value.limb[i];
}

// Divides `u` (up to 8 limbs, one spare above) by `divisor` (1 to 4 limbs, not more than u has); quotient may be null.
void divide_limbs(std::uint64_t* u, int u_limbs, const U256& divisor, std::uint64_t* quotient, U256& remainder) {
    const int n = significant_limbs(divisor.limb, 4);
    CHECK(n > 0);
    const auto shift = static_cast<unsigned>(__builtin_clzll(divisor.limb[n - 1]));
    U256 v;
    store_limbs(v, shift_left(divisor, shift));
    u[u_limbs] = 0;
    for (int i = u_limbs; i > 0; --i) u[i] = (u[i] << shift) | ((u[i - 1] >> 1) >> (63 - shift));
    u[0] <<= shift;
    switch (n) {
        case 1: divide_normalized<1>(u, u_limbs, v.limb, quotient); break;
        case 2: divide_normalized<2>(u, u_limbs, v.limb, quotient); break;
        case 3: divide_normalized<3>(u, u_limbs, v.limb, quotient); break;
        default: divide_normalized<4>(u, u_limbs, v.limb, quotient);
    }
    store_limbs(remainder, shift_right({u[0], n > 1 ? u[1] : 0, n > 2 ? u[2] : 0, n > 3 ? u[3] : 0}, shift));
}

/// The whole product, schoolbook by rows, into eight limbs.
[[gnu::always_inline]] inline void multiply(const U256& a, const U256& b, std::uint64_t* product) {
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) {
            const u128 t = u128{a.limb[i]} * b.limb[j] + (i == 0 ? 0 : product[i + j]) + carry;
            product[i + j] = low(t);
            carry = high(t);
        }
        product[i + 4] = carry;
    }
}

}  // namespace

DivMod divmod(const U256& dividend, const U256& divisor) {
    CHECK(!divisor.is_zero());
    if (dividend < divisor) return {U256{}, dividend};
    if (dividend.fits_u64()) return {dividend.limb[0] / divisor.limb[0], dividend.limb[0] % divisor.limb[0]};
    std::uint64_t u[5] = {dividend.limb[0], dividend.limb[1], dividend.limb[2], dividend.limb[3], 0};
    DivMod result;
    divide_limbs(u, significant_limbs(dividend.limb, 4), divisor, result.quotient.limb, result.remainder);
    return result;
}

void mul_full(const U256& a, const U256& b, std::uint64_t (&product)[8]) { multiply(a, b, product); }

U256 addmod(const U256& a, const U256& b, const U256& m) {
    if (m.is_zero()) return {};
    U256 sum;
    const bool carry = add_overflow(a, b, sum);
    if (a < m && b < m) {  // as callers nearly always have them: at most one m too much
        U256 reduced;
        const bool borrow = sub_borrow(sum, m, reduced);
        return carry || !borrow ? reduced : sum;
    }
    std::uint64_t u[6] = {sum.limb[0], sum.limb[1], sum.limb[2], sum.limb[3], carry ? 1ULL : 0ULL, 0};
    if (!carry && sum < m) return sum;
    U256 remainder;
    divide_limbs(u, std::max(significant_limbs(u, 5), significant_limbs(m.limb, 4)), m, nullptr, remainder);
    return remainder;
}

U256 mulmod(const U256& a, const U256& b, const U256& m) {
    if (m.is_zero()) return {};
    std::uint64_t u[9];
    multiply(a, b, u);
    U256 remainder;
    divide_limbs(u, std::max(significant_limbs(u, 8), significant_limbs(m.limb, 4)), m, nullptr, remainder);
    return remainder;
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
