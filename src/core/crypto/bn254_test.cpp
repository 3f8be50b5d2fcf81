// bn254: the laws of the groups and of the pairing, the two kernels against each other, and the fast ways against the plain ones.
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/crypto/bn254_kernel.hpp"
#include "core/crypto/curves.hpp"

namespace entresol::crypto {
namespace {

using bn254::Kernel;

Bytes from_hex(std::string_view text) { return parse_hex(text).value(); }

const std::string G1 =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "0000000000000000000000000000000000000000000000000000000000000002";
const std::string MINUS_G1 =
    "0000000000000000000000000000000000000000000000000000000000000001"
    "30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd45";
const std::string G2 =
    "198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c21800deef121f1e76426a00665e5c4479674322d4f75edadd46"
    "debd5cd992f6ed"
    "090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4c"
    "e6cc0166fa7daa";
// On the twist but outside the subgroup of order R: x = 2 + u.
const std::string OUTSIDE_G2 =
    "000000000000000000000000000000000000000000000000000000000000000100000000000000000000000000000000000000000000000000"
    "00000000000002"
    "2b76c179599bb92a963dac85546a005a777f7c13f6a7b75d5918b6b5808f5fde101f7278419308b95099eca02dcee0c5381f4d26d1d62313f0"
    "57167f064101ce";

U256 random_scalar(std::mt19937_64& random) { return {random(), random(), random(), random()}; }
Bytes mul_input(ByteView point, const U256& scalar) {
    Bytes input = to_bytes(point);
    input.resize(96);
    store_be256(input.data() + 64, scalar);
    return input;
}
FixedBytes<64> multiple(const U256& scalar) { return *bn254_mul(mul_input(from_hex(G1), scalar)); }
FixedBytes<64> sum(const FixedBytes<64>& a, const FixedBytes<64>& b) {
    Bytes input = to_bytes(a.view());
    append(input, b.view());
    return *bn254_add(input);
}

TEST(Bn254Test, AdditionDoublesAndCancels) {
    EXPECT_EQ(to_hex(*bn254_add(from_hex(G1 + G1))),
              "0x030644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd315ed738c0e0a7c92e7845f96b2ae9c0a68a6a4"
              "49e3538fc7ff3ebf7a5a18a2c4");
    EXPECT_TRUE(bn254_add(from_hex(G1 + MINUS_G1))->is_zero());
    EXPECT_EQ(to_hex(*bn254_add(from_hex(G1 + std::string(128, '0')))), "0x" + G1);
    EXPECT_EQ(to_hex(*bn254_add(from_hex(std::string(128, '0') + G1))), "0x" + G1);
    EXPECT_FALSE(bn254_add(from_hex(G1 + std::string(127, '0') + "1")).has_value()) << "(0, 1) is not on the curve";
    EXPECT_FALSE(bn254_add(from_hex(G1)).has_value());
}

TEST(Bn254Test, CoordinatesFromTheModulusOnAreRefused) {
    Bytes input = from_hex(G1 + G1);
    store_be256(input.data(), bn254::P + U256{1});
    EXPECT_FALSE(bn254_add(input).has_value());
    Bytes zero_as_modulus(128);
    store_be256(zero_as_modulus.data(), bn254::P);
    EXPECT_FALSE(bn254_add(zero_as_modulus).has_value());
}

TEST(Bn254Test, ScalarsAreTakenModuloTheOrder) {
    EXPECT_TRUE(multiple(U256{}).is_zero());
    EXPECT_TRUE(multiple(bn254::R).is_zero());
    EXPECT_EQ(to_hex(multiple(bn254::R + U256{1})), "0x" + G1);
    EXPECT_EQ(to_hex(multiple(bn254::R - U256{1})), "0x" + MINUS_G1);
    EXPECT_EQ(multiple(U256::max()), multiple(U256::max() % bn254::R));
    EXPECT_TRUE(bn254_mul(Bytes(96))->is_zero());
}

TEST(Bn254Test, MultiplesAreRepeatedSums) {
    FixedBytes<64> expected{};
    const auto g = from_bytes<FixedBytes<64>>(from_hex(G1));
    for (std::uint64_t k = 0; k < 200; ++k) {
        ASSERT_EQ(multiple(U256{k}), expected) << k;
        expected = sum(expected, g);
    }
    std::mt19937_64 random(1);
    for (int i = 0; i < 50; ++i) {
        const U256 a = random_scalar(random) >> (random() % 250), b = random_scalar(random) >> 2;
        ASSERT_EQ(multiple(addmod(a, b, bn254::R)), sum(multiple(a), multiple(b)));
    }
}

TEST(Bn254Test, HalfScalarsAreShortAndBelongTogether) {
    const U256 lambda{0x8b17ea66b99c90ddULL, 0x5bfc41088d8daaa7ULL, 0xb3c4d79d41a91758ULL, 0};
    std::mt19937_64 random(2);
    for (int i = 0; i < 1000; ++i) {
        const U256 k = i < 3   ? U256{static_cast<std::uint64_t>(i)}
                       : i < 6 ? bn254::R - U256{static_cast<std::uint64_t>(i)}
                               : random_scalar(random) % bn254::R;
        const auto halves = bn254::split_scalar(k);
        EXPECT_LE(halves.k1.bit_length(), 129U);
        EXPECT_LE(halves.k2.bit_length(), 129U);
        const U256 k1 = halves.k1_negative ? bn254::R - halves.k1 : halves.k1,
                   k2 = halves.k2_negative ? bn254::R - halves.k2 : halves.k2;
        ASSERT_EQ(addmod(k1, mulmod(k2, lambda, bn254::R), bn254::R), k);
    }
}

template <typename Field>
class FieldTest : public ::testing::Test {};
using Fields = ::testing::Types<std::false_type, std::true_type>;
TYPED_TEST_SUITE(FieldTest, Fields);

bool kernel_runs_here(bool adx) {
#if defined(__x86_64__)
    return !adx || (__builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("adx") != 0);
#else
    return !adx;
#endif
}

TYPED_TEST(FieldTest, ArithmeticIsThatOfIntegersModuloP) {
    if (!kernel_runs_here(TypeParam::value)) GTEST_SKIP() << "this CPU lacks ADX";
    using Fp = bn254::Fp<TypeParam::value>;
    const U256& p = bn254::P;
    std::mt19937_64 random(3);
    const U256 edges[] = {U256{},      U256{1}, U256{2},          p - U256{1},
                          p - U256{2}, p >> 1,  U256{0, 0, 0, 1}, U256{~0ULL, ~0ULL, ~0ULL, 0}};
    const auto pick = [&] {
        return random() % 4 == 0 ? edges[random() % std::size(edges)] : random_scalar(random) % p;
    };
    for (int i = 0; i < 20000; ++i) {
        const U256 a = pick(), b = pick(), c = pick(), d = pick();
        const Fp fa = Fp::from(a), fb = Fp::from(b), fc = Fp::from(c), fd = Fp::from(d);
        ASSERT_EQ((fa + fb).plain(), addmod(a, b, p));
        ASSERT_EQ((fa - fb).plain(), addmod(a, p - b, p));
        ASSERT_EQ((-fa).plain(), a.is_zero() ? a : p - a);
        ASSERT_EQ((fa * fb).plain(), mulmod(a, b, p));
        ASSERT_EQ(sum_of_products(fa, fb, fc, fd).plain(), addmod(mulmod(a, b, p), mulmod(c, d, p), p));
        ASSERT_EQ(fa.half().doubled(), fa);
        if (i % 20 == 0) {
            ASSERT_EQ((fa * fa.inverse()).plain(), a.is_zero() ? U256{} : U256{1});
        }
    }
}

TEST(ModularInverseTest, OfAnyOddModulus) {
    std::mt19937_64 random(4);
    int inverted = 0;
    for (int i = 0; i < 20000; ++i) {
        U256 modulus = random_scalar(random) >> (random() % 256);
        modulus.limb[0] |= 1;
        if (i % 3 == 0) modulus = U256::max() - U256{2 * (random() % 50)};
        const U256 value = (random_scalar(random) >> (random() % 256)) % modulus;
        U256 x = modulus, y = value;  // Euclid
        while (!y.is_zero()) {
            const U256 rest = x % y;
            x = y;
            y = rest;
        }
        if (x != U256{1} || value.is_zero()) continue;
        ++inverted;
        const U256 inverse = inverse_modulo(value, modulus);
        ASSERT_LT(inverse, modulus);
        ASSERT_EQ(mulmod(inverse, value, modulus), U256{1} % modulus)
            << to_decimal(value) << " modulo " << to_decimal(modulus);
    }
    EXPECT_GT(inverted, 5000);
    EXPECT_TRUE(inverse_modulo(U256{}, bn254::P).is_zero());
}

TEST(SignedDigitsTest, GiveTheValueBack) {
    std::mt19937_64 random(5);
    for (unsigned width = 2; width <= 7; ++width)
        for (int i = 0; i < 2000; ++i) {
            const U256 value = i == 0 ? U256::max() : i == 1 ? U256{} : random_scalar(random) >> (random() % 256);
            const SignedDigits digits(value, width);
            U256 sum;
            int since_last = 100;
            for (unsigned k = 257; k-- > 0;) {
                sum = sum + sum;
                const int digit = digits.digit[k];
                ++since_last;
                if (digit == 0) continue;
                ASSERT_LT(k, digits.length);
                ASSERT_EQ(digit % 2 == 0, false);
                ASSERT_LT(digit < 0 ? -digit : digit, 1 << (width - 1));
                ASSERT_GE(since_last, static_cast<int>(width));
                since_last = 0;
                sum = digit > 0 ? sum + U256{static_cast<std::uint64_t>(digit)}
                                : sum - U256{static_cast<std::uint64_t>(-digit)};
            }
            ASSERT_EQ(sum, value);
        }
}

// e(kP, Q) · e(−P, Q)^k = 1 for small k, and not for another k.
TEST(Bn254Test, PairingIsBilinear) {
    for (const unsigned k : {1U, 2U, 5U}) {
        Bytes pairs = to_bytes(multiple(U256{k}).view());
        append(pairs, from_hex(G2));
        for (unsigned i = 0; i < k; ++i) append(pairs, from_hex(MINUS_G1 + G2));
        EXPECT_EQ(bn254_pairing_check(pairs), true);
        append(pairs, from_hex(MINUS_G1 + G2));
        EXPECT_EQ(bn254_pairing_check(pairs), false);
    }
    EXPECT_EQ(bn254_pairing_check({}), true);
    EXPECT_EQ(bn254_pairing_check(Bytes(192)), true) << "two identities";
    EXPECT_EQ(bn254_pairing_check(from_hex(G1 + std::string(256, '0'))), true);
    EXPECT_EQ(bn254_pairing_check(from_hex(std::string(128, '0') + G2)), true);
    EXPECT_FALSE(bn254_pairing_check(from_hex(G1 + G1 + G1)).has_value());
    EXPECT_FALSE(bn254_pairing_check(from_hex(G1)).has_value());
}

using G2Point = bn254::Affine<bn254::Fp2<false>>;
bn254::Jacobian<bn254::Fp2<false>> plain_multiple(const G2Point& q, const U256& scalar) {
    bn254::Jacobian<bn254::Fp2<false>> sum;
    for (unsigned i = scalar.bit_length(); i-- > 0;) {
        sum = sum.twice();
        if (scalar.bit(i)) sum = sum.plus(q);
    }
    return sum;
}
G2Point parse_g2(const std::string& text) {
    const Bytes bytes = from_hex(text);
    const auto word = [&](std::size_t i) { return bn254::Fp<false>::from(load_be256(bytes.data() + 32 * i)); };
    return {{word(1), word(0)}, {word(3), word(2)}, false};
}

// Bilinear in both arguments: e(aP, bQ) = e(abP, Q), with the products of the scalars large.
TEST(Bn254Test, PairingIsBilinearForRandomScalars) {
    std::mt19937_64 random(6);
    for (int i = 0; i < 10; ++i) {
        const U256 a = random_scalar(random) % bn254::R, b = random_scalar(random) % bn254::R;
        const auto bq = to_affine(plain_multiple(parse_g2(G2), b));
        Bytes pairs = to_bytes(multiple(a).view()), coordinates(128);
        store_be256(coordinates.data(), bq.x.b.plain());
        store_be256(coordinates.data() + 32, bq.x.a.plain());
        store_be256(coordinates.data() + 64, bq.y.b.plain());
        store_be256(coordinates.data() + 96, bq.y.a.plain());
        append(pairs, coordinates);
        append(pairs, multiple(bn254::R - mulmod(a, b, bn254::R)).view());
        append(pairs, from_hex(G2));
        EXPECT_EQ(bn254_pairing_check(pairs), true);
        if (kernel_runs_here(true)) {
            EXPECT_EQ(Kernel<false>::pairing_check(pairs), true);
        }
        pairs[63] ^= 1;
        EXPECT_FALSE(bn254_pairing_check(pairs).has_value());
    }
}

// The endomorphism's test against multiplication by the order.
TEST(Bn254Test, SubgroupOfTheTwist) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 20; ++i) {
        for (const auto& text : {G2, OUTSIDE_G2}) {
            const auto q = to_affine(plain_multiple(parse_g2(text), random_scalar(random)));
            EXPECT_EQ(bn254::is_in_g2(q), plain_multiple(q, bn254::R).is_infinity());
            EXPECT_EQ(bn254::is_in_g2(q), text == G2);
        }
    }
    EXPECT_FALSE(bn254_pairing_check(from_hex(G1 + OUTSIDE_G2)).has_value());
    EXPECT_FALSE(bn254_pairing_check(from_hex(std::string(128, '0') + OUTSIDE_G2)).has_value())
        << "checked though unused";
}

// The kernel for every CPU and the chosen one answer alike.
TEST(Bn254Test, KernelsAgree) {
    std::mt19937_64 random(8);
    for (int i = 0; i < 200; ++i) {
        const Bytes input =
            mul_input(multiple(random_scalar(random)).view(), random_scalar(random) >> (random() % 200));
        ASSERT_EQ(Kernel<false>::mul(input), bn254_mul(input));
        Bytes two = to_bytes(multiple(random_scalar(random)).view());
        append(two, multiple(random_scalar(random)).view());
        ASSERT_EQ(Kernel<false>::add(two), bn254_add(two));
    }
}

}  // namespace
}  // namespace entresol::crypto
