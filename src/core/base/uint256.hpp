// Unsigned 256-bit integer on four 64-bit limbs, least significant first. Arithmetic is modulo 2^256 unless the name says otherwise.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"

namespace entresol {

__extension__ using u128 = unsigned __int128;

struct U256 {
    std::uint64_t limb[4]{};

    constexpr U256() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): implicit by design, as built-in integers widen
    constexpr U256(std::uint64_t value) : limb{value, 0, 0, 0} {}
    constexpr U256(std::uint64_t l0, std::uint64_t l1, std::uint64_t l2, std::uint64_t l3) : limb{l0, l1, l2, l3} {}

    [[nodiscard]] static constexpr U256 max() { return {~0ULL, ~0ULL, ~0ULL, ~0ULL}; }

    [[nodiscard]] constexpr bool is_zero() const { return (limb[0] | limb[1] | limb[2] | limb[3]) == 0; }
    [[nodiscard]] constexpr bool fits_u64() const { return (limb[1] | limb[2] | limb[3]) == 0; }
    [[nodiscard]] constexpr bool bit(unsigned i) const { return i < 256 && ((limb[i / 64] >> (i % 64)) & 1) != 0; }
    /// Value, or 2^64-1 where it does not fit.
    [[nodiscard]] constexpr std::uint64_t saturate_u64() const { return fits_u64() ? limb[0] : ~0ULL; }
    /// Number of bits without leading zeros; 0 for zero.
    [[nodiscard]] constexpr unsigned bit_length() const {
        for (unsigned i = 4; i-- > 0;)
            if (limb[i] != 0) return 64 * i + 64 - static_cast<unsigned>(__builtin_clzll(limb[i]));
        return 0;
    }
    [[nodiscard]] constexpr unsigned byte_length() const { return (bit_length() + 7) / 8; }

    constexpr bool operator==(const U256&) const = default;
    constexpr std::strong_ordering operator<=>(const U256& o) const {
        for (int i = 3; i > 0; --i)
            if (limb[i] != o.limb[i]) return limb[i] <=> o.limb[i];
        return limb[0] <=> o.limb[0];
    }
};

/// Sum with the carry out of bit 255.
[[nodiscard]] constexpr bool add_overflow(const U256& a, const U256& b, U256& sum) {
    unsigned long long carry = 0;
    for (int i = 0; i < 4; ++i) {
        const u128 s = u128{a.limb[i]} + b.limb[i] + carry;
        sum.limb[i] = static_cast<std::uint64_t>(s);
        carry = static_cast<std::uint64_t>(s >> 64);
    }
    return carry != 0;
}
/// Difference with the borrow.
[[nodiscard]] constexpr bool sub_borrow(const U256& a, const U256& b, U256& difference) {
    std::uint64_t borrow = 0;
    for (int i = 0; i < 4; ++i) {
        const u128 d = u128{a.limb[i]} - b.limb[i] - borrow;
        difference.limb[i] = static_cast<std::uint64_t>(d);
        borrow = static_cast<std::uint64_t>(d >> 64) & 1;
    }
    return borrow != 0;
}

[[nodiscard]] constexpr U256 operator+(const U256& a, const U256& b) {
    U256 r;
    (void)add_overflow(a, b, r);
    return r;
}
[[nodiscard]] constexpr U256 operator-(const U256& a, const U256& b) {
    U256 r;
    (void)sub_borrow(a, b, r);
    return r;
}
[[nodiscard]] constexpr U256 operator&(const U256& a, const U256& b) {
    return {a.limb[0] & b.limb[0], a.limb[1] & b.limb[1], a.limb[2] & b.limb[2], a.limb[3] & b.limb[3]};
}
[[nodiscard]] constexpr U256 operator|(const U256& a, const U256& b) {
    return {a.limb[0] | b.limb[0], a.limb[1] | b.limb[1], a.limb[2] | b.limb[2], a.limb[3] | b.limb[3]};
}
[[nodiscard]] constexpr U256 operator^(const U256& a, const U256& b) {
    return {a.limb[0] ^ b.limb[0], a.limb[1] ^ b.limb[1], a.limb[2] ^ b.limb[2], a.limb[3] ^ b.limb[3]};
}
[[nodiscard]] constexpr U256 operator~(const U256& a) { return {~a.limb[0], ~a.limb[1], ~a.limb[2], ~a.limb[3]}; }

/// Low 256 bits of the product, schoolbook over 64-bit limbs.
[[nodiscard]] constexpr U256 operator*(const U256& a, const U256& b) {
    U256 r;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; i + j < 4; ++j) {
            const u128 t = u128{a.limb[i]} * b.limb[j] + r.limb[i + j] + carry;
            r.limb[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
    }
    return r;
}

[[nodiscard]] constexpr U256 operator<<(const U256& a, unsigned n) {
    if (n >= 256) return {};
    U256 r;
    const unsigned words = n / 64, bits = n % 64;
    for (unsigned i = 4; i-- > words;) {
        r.limb[i] = a.limb[i - words] << bits;
        if (bits != 0 && i > words) r.limb[i] |= a.limb[i - words - 1] >> (64 - bits);
    }
    return r;
}
[[nodiscard]] constexpr U256 operator>>(const U256& a, unsigned n) {
    if (n >= 256) return {};
    U256 r;
    const unsigned words = n / 64, bits = n % 64;
    for (unsigned i = 0; i + words < 4; ++i) {
        r.limb[i] = a.limb[i + words] >> bits;
        if (bits != 0 && i + words + 1 < 4) r.limb[i] |= a.limb[i + words + 1] << (64 - bits);
    }
    return r;
}

constexpr U256& operator+=(U256& a, const U256& b) { return a = a + b; }
constexpr U256& operator-=(U256& a, const U256& b) { return a = a - b; }
constexpr U256& operator*=(U256& a, const U256& b) { return a = a * b; }

struct DivMod {
    U256 quotient;
    U256 remainder;
};
/// Knuth's algorithm D (TAOCP 4.3.1). Precondition: divisor is not zero.
[[nodiscard]] DivMod divmod(const U256& dividend, const U256& divisor);
[[nodiscard]] inline U256 operator/(const U256& a, const U256& b) { return divmod(a, b).quotient; }
[[nodiscard]] inline U256 operator%(const U256& a, const U256& b) { return divmod(a, b).remainder; }

/// Full 512-bit product, least significant limb first.
void mul_full(const U256& a, const U256& b, std::uint64_t (&product)[8]);
/// (a + b) mod m and (a * b) mod m over the integers; 0 when m is 0, as ADDMOD and MULMOD (yellow paper H.2).
[[nodiscard]] U256 addmod(const U256& a, const U256& b, const U256& m);
[[nodiscard]] U256 mulmod(const U256& a, const U256& b, const U256& m);
/// base^exponent mod 2^256.
[[nodiscard]] U256 pow(U256 base, const U256& exponent);

[[nodiscard]] inline U256 load_be256(const std::uint8_t* p) {
    return {load_be64(p + 24), load_be64(p + 16), load_be64(p + 8), load_be64(p)};
}
inline void store_be256(std::uint8_t* p, const U256& v) {
    store_be64(p, v.limb[3]);
    store_be64(p + 8, v.limb[2]);
    store_be64(p + 16, v.limb[1]);
    store_be64(p + 24, v.limb[0]);
}
/// Big-endian bytes of any length up to 32.
[[nodiscard]] U256 load_be(ByteView bytes);

[[nodiscard]] inline U256 to_u256(const Hash32& h) { return load_be256(h.data()); }
[[nodiscard]] inline U256 to_u256(const Address& a) { return load_be(a.view()); }
[[nodiscard]] inline Hash32 to_hash32(const U256& v) {
    Hash32 h;
    store_be256(h.data(), v);
    return h;
}
/// The low 20 bytes.
[[nodiscard]] inline Address to_address(const U256& v) { return to_address(to_hash32(v)); }

/// Decimal text; nothing on another character, an empty string or overflow.
[[nodiscard]] std::optional<U256> parse_decimal(std::string_view text);
[[nodiscard]] std::string to_decimal(U256 value);

struct U256Hash {
    // As hash_bytes, with the limbs' products side by side instead of one after another.
    std::size_t operator()(const U256& v) const {
        const auto fold = [](std::uint64_t a, std::uint64_t b) {
            const u128 product = u128{a} * b;
            return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
        };
        const std::uint64_t h = fold(v.limb[0] ^ 0xa0761d6478bd642fULL, 0xe7037ed1a0b428dbULL) +
                                fold(v.limb[1] ^ 0x8ebc6af09c88c6e3ULL, 0x589965cc75374cc3ULL) * 3 +
                                fold(v.limb[2] ^ 0x1d8e4e27c47d124fULL, 0x9e3779b97f4a7c15ULL) * 5 +
                                fold(v.limb[3] ^ 0xeb44accab455d165ULL, 0xd6e8feb86659fd93ULL) * 7;
        return fold(h, 0xe7037ed1a0b428dbULL);
    }
};

}  // namespace entresol
