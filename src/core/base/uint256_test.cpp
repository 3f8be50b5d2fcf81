#include "core/base/uint256.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace entresol {
namespace {

// Limbs that sit where carries, borrows and quotient estimates go wrong, among uniform ones.
class Values {
public:
    U256 next() {
        U256 value;
        const std::size_t limbs = random_() % 5;
        for (std::size_t i = 0; i < limbs; ++i) value.limb[i] = limb();
        return value;
    }
    U256 next_nonzero() {
        const U256 value = next();
        return value.is_zero() ? U256{1 + random_() % 9} : value;
    }
    std::uint64_t raw() { return random_(); }

private:
    std::uint64_t limb() {
        constexpr std::uint64_t EDGES[] = {0, 1, 2, ~0ULL, ~0ULL - 1, 1ULL << 63, (1ULL << 63) - 1, 1ULL << 32};
        return random_() % 2 == 0 ? EDGES[random_() % std::size(EDGES)] : random_() >> (random_() % 64);
    }
    std::mt19937_64 random_{7};
};

constexpr int ROUNDS = 20000;

// Binary long division and double-and-add: slow, and obviously right.
DivMod slow_divmod(const U256& a, const U256& d) {
    DivMod r;
    for (unsigned i = 256; i-- > 0;) {
        const bool overflow = r.remainder.bit(255);
        r.remainder = (r.remainder << 1U) | U256{a.bit(i) ? 1ULL : 0ULL};
        if (overflow || r.remainder >= d) {
            r.remainder -= d;
            r.quotient = r.quotient | (U256{1} << i);
        }
    }
    return r;
}
U256 slow_addmod(const U256& a, const U256& b, const U256& m) {
    const U256 x = slow_divmod(a, m).remainder, y = slow_divmod(b, m).remainder;
    U256 sum;
    const bool carry = add_overflow(x, y, sum);
    return carry || sum >= m ? sum - m : sum;
}
U256 slow_mulmod(const U256& a, const U256& b, const U256& m) {
    U256 result;
    for (unsigned i = b.bit_length(); i-- > 0;) {
        result = slow_addmod(result, result, m);
        if (b.bit(i)) result = slow_addmod(result, a, m);
    }
    return slow_divmod(result, m).remainder;
}

TEST(Uint256, AddAndSubtractAreInverse) {
    Values values;
    for (int i = 0; i < ROUNDS; ++i) {
        const U256 a = values.next(), b = values.next();
        U256 sum, difference;
        const bool carry = add_overflow(a, b, sum);
        EXPECT_EQ(carry, sum < a);
        EXPECT_EQ(sum - b, a);
        EXPECT_EQ(sub_borrow(a, b, difference), a < b);
        EXPECT_EQ(difference + b, a);
    }
    EXPECT_EQ(U256::max() + U256{1}, U256{});
    EXPECT_EQ(U256{} - U256{1}, U256::max());
}

TEST(Uint256, DivisionMatchesLongDivision) {
    Values values;
    for (int i = 0; i < ROUNDS; ++i) {
        const U256 a = values.next(), d = values.next_nonzero();
        const auto [quotient, remainder] = divmod(a, d);
        const auto expected = slow_divmod(a, d);
        ASSERT_EQ(to_decimal(quotient), to_decimal(expected.quotient)) << to_decimal(a) << " / " << to_decimal(d);
        ASSERT_EQ(remainder, expected.remainder);
        ASSERT_LT(remainder, d);
        ASSERT_EQ(quotient * d + remainder, a);
    }
}

TEST(Uint256, DivisionWhereTheEstimateIsTooLarge) {
    // The quotient digit has to be corrected twice, or the divisor added back (TAOCP 4.3.1, exercises 21 and 22).
    const U256 cases[][2] = {
        {{0, 0, 0x8000000000000000, 0x7fffffffffffffff}, {1, 0, 0x8000000000000000, 0}},
        {{0, 0, 0, 0x8000000000000000}, {1, 0x8000000000000000, 0, 0}},
        {{3, 0, 0x8000000000000000, 0}, {1, 0, 0x2000000000000000, 0}},
        {U256::max(), {~0ULL, ~0ULL, 0, 0}},
        {{0, ~0ULL - 1, 0x8000000000000000, 0}, {~0ULL, 0x8000000000000000, 0, 0}},
    };
    for (const auto& [a, d] : cases) {
        EXPECT_EQ(divmod(a, d).quotient, slow_divmod(a, d).quotient) << to_decimal(a) << " / " << to_decimal(d);
        EXPECT_EQ(divmod(a, d).remainder, slow_divmod(a, d).remainder);
    }
}

TEST(Uint256, ModularArithmeticMatchesDoubleAndAdd) {
    Values values;
    for (int i = 0; i < ROUNDS / 20; ++i) {
        const U256 a = values.next(), b = values.next(), m = values.next_nonzero();
        ASSERT_EQ(addmod(a, b, m), slow_addmod(a, b, m))
            << to_decimal(a) << ' ' << to_decimal(b) << ' ' << to_decimal(m);
        ASSERT_EQ(mulmod(a, b, m), slow_mulmod(a, b, m))
            << to_decimal(a) << ' ' << to_decimal(b) << ' ' << to_decimal(m);
    }
    EXPECT_EQ(addmod(U256{5}, U256{6}, U256{}), U256{});  // yellow paper H.2: zero, not a fault
    EXPECT_EQ(mulmod(U256{5}, U256{6}, U256{}), U256{});
    EXPECT_EQ(addmod(U256::max(), U256::max(), U256::max()), U256{});
    EXPECT_EQ(mulmod(U256::max(), U256::max(), U256{10}), U256{5});  // (2^256-1)^2 ends in 5
}

TEST(Uint256, FullProductAgreesWithItsHalves) {
    Values values;
    for (int i = 0; i < ROUNDS; ++i) {
        const U256 a = values.next(), b = values.next();
        std::uint64_t product[8];
        mul_full(a, b, product);
        ASSERT_EQ((U256{product[0], product[1], product[2], product[3]}), a * b);
        std::uint64_t mirrored[8];
        mul_full(b, a, mirrored);
        ASSERT_TRUE(std::equal(product, product + 8, mirrored));
    }
    std::uint64_t square[8];  // (2^256-1)^2 = 2^512 - 2^257 + 1
    mul_full(U256::max(), U256::max(), square);
    EXPECT_EQ((std::vector<std::uint64_t>(square, square + 8)),
              (std::vector<std::uint64_t>{1, 0, 0, 0, ~0ULL - 1, ~0ULL, ~0ULL, ~0ULL}));
}

TEST(Uint256, ShiftsMoveBits) {
    Values values;
    for (int i = 0; i < 500; ++i) {
        const U256 a = values.next();
        const auto n = static_cast<unsigned>(values.raw() % 300);
        for (unsigned bit = 0; bit < 256; ++bit) {
            ASSERT_EQ((a << n).bit(bit), bit >= n && a.bit(bit - n));
            ASSERT_EQ((a >> n).bit(bit), a.bit(bit + n));
        }
    }
}

TEST(Uint256, PowersWrapModulo2To256) {
    EXPECT_EQ(pow(U256{2}, U256{255}), U256(0, 0, 0, 1ULL << 63));
    EXPECT_EQ(pow(U256{2}, U256{256}), U256{});
    EXPECT_EQ(pow(U256{}, U256{}), U256{1});
    EXPECT_EQ(pow(U256{3}, U256{5}), U256{243});
    EXPECT_EQ(pow(U256::max(), U256{3}), U256::max());  // (-1)^3
}

TEST(Uint256, OrderAndLengths) {
    const U256 ordered[] = {0, 1, ~0ULL, {0, 1, 0, 0}, {~0ULL, ~0ULL, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}, U256::max()};
    const unsigned bits[] = {0, 1, 64, 65, 128, 129, 193, 256};
    for (std::size_t i = 0; i < std::size(ordered); ++i) {
        EXPECT_EQ(ordered[i].bit_length(), bits[i]);
        for (std::size_t j = 0; j < std::size(ordered); ++j) EXPECT_EQ(ordered[i] < ordered[j], i < j);
    }
    EXPECT_EQ(U256::max().saturate_u64(), ~0ULL);
    EXPECT_EQ(U256{77}.saturate_u64(), 77U);
}

TEST(Uint256, DecimalText) {
    Values values;
    for (int i = 0; i < 2000; ++i) {
        const U256 a = values.next();
        EXPECT_EQ(parse_decimal(to_decimal(a)), a);
    }
    const std::string max = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    EXPECT_EQ(to_decimal(U256::max()), max);
    EXPECT_EQ(parse_decimal("115792089237316195423570985008687907853269984665640564039457584007913129639936"),
              std::nullopt);
    EXPECT_EQ(parse_decimal(max + "0"), std::nullopt);
    for (const char* bad : {"", "-1", "+1", " 1", "1 ", "0x1", "1e3"})
        EXPECT_EQ(parse_decimal(bad), std::nullopt) << bad;
}

TEST(Uint256, BigEndianBytes) {
    Values values;
    for (int i = 0; i < 2000; ++i) {
        const U256 a = values.next();
        EXPECT_EQ(to_u256(to_hash32(a)), a);
    }
    const std::uint8_t short_bytes[] = {0x12, 0x34, 0x56};
    EXPECT_EQ(load_be(short_bytes), U256{0x123456});
    EXPECT_EQ(load_be({}), U256{});
}

}  // namespace
}  // namespace entresol
