// modexp against machine arithmetic, against a slow way that shares nothing with it, and the limb kernels against each other.
#include <random>

#include <gtest/gtest.h>

#include "core/base/uint256.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/limbs.hpp"
#include "core/crypto/modexp_testing.hpp"
#include "core/crypto/sliding_window.hpp"

namespace entresol::crypto {
namespace {

using testing::SlowRing;

TEST(ModexpTest, SmallNumbersAgreeWithMachineArithmetic) {
    std::mt19937_64 random(3);
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t modulus = random() >> (random() % 60), base = random(), exponent = random() % 1000;
        u128 expected = modulus == 0 ? 0 : 1 % modulus;
        for (std::uint64_t e = 0; e < exponent && modulus != 0; ++e) expected = expected * (base % modulus) % modulus;
        std::uint8_t b[8], e[8], m[8];
        store_be64(b, base);
        store_be64(e, exponent);
        store_be64(m, modulus);
        const Bytes result = modexp(b, e, m);
        ASSERT_EQ(load_be64(result.data()), static_cast<std::uint64_t>(expected))
            << base << "^" << exponent << " mod " << modulus;
    }
}

// Large odd and even moduli: a^(x + y) = a^x · a^y.
TEST(ModexpTest, ExponentsAdd) {
    std::mt19937_64 random(5);
    for (const std::uint8_t low : {0x01, 0x00, 0x08}) {
        Bytes base(100), modulus(32);
        for (auto& byte : base) byte = static_cast<std::uint8_t>(random());
        for (auto& byte : modulus) byte = static_cast<std::uint8_t>(random());
        modulus[31] = low;
        const U256 m = load_be256(modulus.data());
        const auto power = [&](std::uint8_t e) { return load_be256(modexp(base, Bytes{e}, modulus).data()); };
        for (std::uint8_t x = 0; x < 20; ++x)
            EXPECT_EQ(power(static_cast<std::uint8_t>(x + 17)), mulmod(power(x), power(17), m));
    }
}

// Random bytes, or long runs of ones and zeros, where carries and quotients are extreme.
Bytes some_bytes(std::mt19937_64& random, std::size_t size) {
    Bytes out(size);
    const bool extreme = random() % 3 == 0;
    for (auto& byte : out) byte = extreme ? (random() % 8 < 4 ? 0xff : 0x00) : static_cast<std::uint8_t>(random());
    return out;
}

TEST(ModexpTest, AgreesWithTheSlowWay) {
    std::mt19937_64 random(9);
    for (int i = 0; i < 1500; ++i) {
        const Bytes base = some_bytes(random, random() % 50), exponent = some_bytes(random, random() % 4);
        Bytes modulus = some_bytes(random, 1 + random() % 50);
        switch (random() % 6) {
            case 0:
                std::fill(modulus.begin() + static_cast<std::ptrdiff_t>(modulus.size() / 2), modulus.end(), 0);
                break;
            case 1: modulus.back() |= 1; break;
            case 2:
                modulus.assign(modulus.size(), 0);
                modulus[random() % modulus.size()] = static_cast<std::uint8_t>(1U << random() % 8);
                break;
            default: break;
        }
        const bool zero = std::all_of(modulus.begin(), modulus.end(), [](auto byte) { return byte == 0; });
        const Bytes expected = zero ? Bytes(modulus.size()) : SlowRing(modulus).power(base, exponent);
        ASSERT_EQ(modexp(base, exponent, modulus), expected)
            << i << ": " << base.size() << " " << exponent.size() << " " << modulus.size();
    }
}

TEST(ModexpTest, LongExponentsUseEveryWindow) {
    std::mt19937_64 random(10);
    for (const std::size_t bytes : {1U, 2U, 5U, 13U, 31U, 90U, 200U}) {
        const Bytes base = some_bytes(random, 9), exponent = some_bytes(random, bytes);
        for (const std::uint8_t low : {0x01, 0x40}) {
            Bytes modulus = some_bytes(random, 10);
            modulus[0] |= 1;
            modulus.back() = low;
            ASSERT_EQ(modexp(base, exponent, modulus), SlowRing(modulus).power(base, exponent)) << bytes;
        }
    }
}

TEST(ModexpTest, Corners) {
    EXPECT_EQ(modexp({}, {}, {}), Bytes());
    EXPECT_EQ(modexp({}, {}, Bytes{7}), Bytes{1}) << "0^0 is 1";
    EXPECT_EQ(modexp({}, {}, Bytes{1}), Bytes{0}) << "modulo 1";
    EXPECT_EQ(modexp({}, Bytes{1}, Bytes{7}), Bytes{0});
    EXPECT_EQ(modexp(Bytes{3}, Bytes{0, 0, 2}, (Bytes{0, 0, 100})), (Bytes{0, 0, 9}));
    EXPECT_EQ(modexp(Bytes{3}, Bytes{5}, (Bytes{0, 0})), (Bytes{0, 0})) << "modulo 0";
}

TEST(LimbsTest, KernelsAgreeOnEveryLength) {
    std::mt19937_64 random(11);
    for (std::size_t n = 0; n < 40; ++n) {
        limbs::Number a(n + 1), expected(n + 1);
        for (auto& limb : a) limb = random() % 3 == 0 ? ~0ULL : random();
        for (auto& limb : expected) limb = random() % 3 == 0 ? ~0ULL : random();
        limbs::Number result = expected;
        const limbs::Limb b = n % 2 == 0 ? ~0ULL : random();
        const auto carry = limbs::add_mul_portable(expected.data(), a.data(), n, b);
        EXPECT_EQ(limbs::choose_add_mul()(result.data(), a.data(), n, b), carry);
        EXPECT_EQ(result, expected) << n;
    }
}

TEST(LimbsTest, SquaresAreProducts) {
    std::mt19937_64 random(12);
    for (std::size_t n = 1; n < 40; ++n) {
        limbs::Number a(n), square(2 * n), product(2 * n);
        for (auto& limb : a) limb = random() % 2 == 0 ? ~0ULL : random();
        limbs::square(limbs::choose_add_mul(), square.data(), a.data(), n);
        limbs::multiply(limbs::choose_add_mul(), product.data(), a.data(), n, a.data(), n);
        EXPECT_EQ(square, product);
    }
}

}  // namespace
}  // namespace entresol::crypto
