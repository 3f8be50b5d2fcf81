// The interpreter's own arithmetic against base's, and against definitions written out bit by bit.
#include "core/evm/words.hpp"

#include <gtest/gtest.h>

#include <random>

namespace entresol::evm {
namespace {

constexpr std::uint64_t TOP_BIT = 1ULL << 63;

/// Random words of every length, and the edges.
std::vector<U256> samples() {
    std::vector<U256> all = {U256{},
                             U256{1},
                             U256{2},
                             U256{~0ULL},
                             U256{0, 1, 0, 0},
                             U256{~0ULL, ~0ULL, 0, 0},
                             U256{0, 0, 0, TOP_BIT},
                             U256{1, 0, 0, TOP_BIT},
                             U256::max(),
                             U256::max() - U256{1},
                             U256{~0ULL, ~0ULL, ~0ULL, TOP_BIT - 1}};
    std::mt19937_64 random(7);
    for (int i = 0; i < 60; ++i)
        all.push_back(U256{random(), random(), random(), random()} >> static_cast<unsigned>(random() % 256));
    return all;
}

U256 from_bits(const std::array<bool, 256>& bits) {
    U256 r;
    for (unsigned i = 0; i < 256; ++i) r.limb[i / 64] |= std::uint64_t{bits[i]} << (i % 64);
    return r;
}
/// Bit i of the result is bit `source(i)` of x, or `fill` where that lies outside.
template <typename Source>
U256 move_bits(const U256& x, bool fill, Source source) {
    std::array<bool, 256> bits{};
    for (int i = 0; i < 256; ++i) {
        const int from = source(i);
        bits[static_cast<std::size_t>(i)] = from >= 0 && from < 256 ? x.bit(static_cast<unsigned>(from)) : fill;
    }
    return from_bits(bits);
}

TEST(Words, agree_with_base_on_pairs) {
    for (const U256& a : samples())
        for (const U256& b : samples()) {
            EXPECT_EQ(words::add(a, b), a + b);
            EXPECT_EQ(words::subtract(a, b), a - b);
            EXPECT_EQ(words::multiply(a, b), a * b);
            EXPECT_EQ(words::less(a, b), a < b);
            EXPECT_EQ(words::equal(a, b), a == b);
            EXPECT_EQ(words::divide(a, b), b.is_zero() ? U256{} : a / b);
            EXPECT_EQ(words::modulo(a, b), b.is_zero() ? U256{} : a % b);
            EXPECT_EQ(words::power(a, b), pow(a, b));
        }
    for (const std::uint64_t exponent : {0ULL, 1ULL, 255ULL, 256ULL, ~0ULL})
        EXPECT_EQ(words::power(2, exponent), pow(2, exponent));
}

TEST(Words, signed_operations_follow_their_definition) {
    const auto absolute = [](const U256& x) { return x.bit(255) ? U256{} - x : x; };
    const U256 flip{0, 0, 0, TOP_BIT};  // maps two's complement order onto unsigned order
    for (const U256& a : samples())
        for (const U256& b : samples()) {
            EXPECT_EQ(words::signed_less(a, b), (a ^ flip) < (b ^ flip));
            if (b.is_zero()) {
                EXPECT_TRUE(words::signed_divide(a, b).is_zero());
                EXPECT_TRUE(words::signed_modulo(a, b).is_zero());
                continue;
            }
            const U256 q = words::signed_divide(a, b), r = words::signed_modulo(a, b);
            EXPECT_EQ(q * b + r, a);  // modulo 2^256, which covers min / -1
            EXPECT_LT(absolute(r), absolute(b));
            EXPECT_TRUE(r.is_zero() || r.bit(255) == a.bit(255));
        }
}

TEST(Words, shifts_move_bits) {
    for (const U256& x : samples())
        for (int n = 0; n <= 260; ++n) {
            const U256 amount{static_cast<std::uint64_t>(n)};
            EXPECT_EQ(words::shift_left(amount, x), move_bits(x, false, [n](int i) { return i < n ? -1 : i - n; }));
            EXPECT_EQ(words::shift_right(amount, x), move_bits(x, false, [n](int i) { return i + n; }));
            EXPECT_EQ(words::shift_right_arithmetic(amount, x), move_bits(x, x.bit(255), [n](int i) { return i + n; }));
        }
    const U256 huge{3, 0, 0, 1};
    EXPECT_TRUE(words::shift_left(huge, U256::max()).is_zero());
    EXPECT_TRUE(words::shift_right(huge, U256::max()).is_zero());
    EXPECT_EQ(words::shift_right_arithmetic(huge, U256::max()), U256::max());
}

TEST(Words, sign_extend_and_byte_pick_bytes) {
    for (const U256& x : samples()) {
        for (int k = 0; k < 32; ++k) {
            const int top = 8 * k + 7;
            const U256 index{static_cast<std::uint64_t>(k)};
            EXPECT_EQ(words::sign_extend(index, x), move_bits(x, false, [top](int i) { return std::min(i, top); }));
            EXPECT_EQ(words::byte_at(index, x), (x >> static_cast<unsigned>(8 * (31 - k))) & U256{0xff});
        }
        for (const U256& far : {U256{32}, U256{~0ULL}, U256{0, 1, 0, 0}, U256::max()}) {
            EXPECT_EQ(words::sign_extend(far, x), x);
            EXPECT_TRUE(words::byte_at(far, x).is_zero());
        }
    }
}

TEST(Words, addresses_are_the_low_twenty_bytes) {
    for (const U256& x : samples()) {
        EXPECT_EQ(words::to_address(x), entresol::to_address(x));
        EXPECT_EQ(words::from_address(words::to_address(x)), to_u256(entresol::to_address(x)));
    }
}

template <unsigned N>
void expect_immediate(const std::uint8_t* bytes) {
    EXPECT_EQ(words::load_immediate<N>(bytes), load_be({bytes, N})) << N;
    if constexpr (N > 1) expect_immediate<N - 1>(bytes);
}
TEST(Words, immediates_are_big_endian) {
    std::uint8_t bytes[32];
    for (std::size_t i = 0; i < 32; ++i) bytes[i] = static_cast<std::uint8_t>(0xf1 - 7 * i);
    expect_immediate<32>(bytes);
}

}  // namespace
}  // namespace entresol::evm
