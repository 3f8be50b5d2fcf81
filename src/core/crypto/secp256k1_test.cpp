// Recovery in lanes beside libsecp256k1, with what its formulas leave out; scalars cut in halves.
#include "core/crypto/secp256k1.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "core/base/hex.hpp"
#include "core/crypto/secp256k1_scalar.hpp"
#include "core/crypto/secp256k1_vector.hpp"

namespace entresol::crypto {
namespace {

using secp256k1_scalar::N;

const U256 GX = parse_quantity("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798").value();
const U256 LAMBDA = parse_quantity("0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72").value();

class Random {
public:
    Hash32 hash() {
        Hash32 out;
        for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(engine_());
        return out;
    }
    U256 scalar() { return load_be256(hash().data()) % N; }
    std::uint64_t below(std::uint64_t n) { return engine_() % n; }

private:
    std::mt19937_64 engine_{20};
};

std::vector<std::optional<Address>> one_by_one(const std::vector<Hash32>& digests,
                                               const std::vector<Signature>& signatures) {
    std::vector<std::optional<Address>> out;
    for (std::size_t i = 0; i < digests.size(); ++i) out.push_back(recover_address(digests[i], signatures[i]));
    return out;
}
std::vector<std::optional<Address>> together(const std::vector<Hash32>& digests,
                                             const std::vector<Signature>& signatures) {
    std::vector<std::optional<Address>> out(digests.size());
    recover_addresses(digests, signatures, out);
    return out;
}

TEST(RecoverAddresses, AsOneByOneForAnyNumberOfSignatures) {
    Random random;
    for (std::size_t size = 0; size < 35; ++size) {
        std::vector<Hash32> digests;
        std::vector<Signature> signatures;
        for (std::size_t i = 0; i < size; ++i) {
            digests.push_back(random.hash());
            signatures.push_back(sign(digests.back(), random.hash()).value());
        }
        EXPECT_EQ(together(digests, signatures), one_by_one(digests, signatures)) << size;
    }
}

TEST(RecoverAddresses, WhatNobodySignedAmongWhatSomebodyDid) {
    Random random;
    const U256 odd[] = {U256{}, U256{1}, N - U256{1}, N, N + U256{1}, U256::max(), secp256k1_half_order()};
    std::vector<Hash32> digests;
    std::vector<Signature> signatures;
    for (int i = 0; i < 4'000; ++i) {
        digests.push_back(random.hash());
        signatures.push_back(sign(digests.back(), random.hash()).value());
        auto& signature = signatures.back();
        switch (random.below(8)) {
            case 0: signature.r = load_be256(random.hash().data()); break;  // on the curve every second time
            case 1: signature.s = load_be256(random.hash().data()); break;
            case 2: signature.r = odd[random.below(std::size(odd))]; break;
            case 3: signature.s = odd[random.below(std::size(odd))]; break;
            case 4: signature.y_parity = static_cast<std::uint8_t>(random.below(4)); break;
            case 5: digests.back() = Hash32{}; break;
            default: break;
        }
    }
    const auto expected = one_by_one(digests, signatures);
    EXPECT_EQ(together(digests, signatures), expected);
    EXPECT_GT(std::count(expected.begin(), expected.end(), std::nullopt), 400);
}

// u1 · G + u2 · R for R = ±G: sums of points that are equal or opposite, on the way and at the end, for which the lanes' formulas have no answer.
TEST(RecoverAddresses, SumsThatMeetThemselves) {
    std::vector<U256> scalars;
    for (const std::uint64_t small : {0, 1, 2, 3, 15, 16, 17, 31, 32, 127, 128, 129, 255, 256}) {
        scalars.emplace_back(small);
        scalars.push_back(secp256k1_scalar::negate(U256{small}));
        scalars.push_back(secp256k1_scalar::multiply(U256{small}, LAMBDA));
        scalars.push_back((U256{1} << 128) + U256{small});
    }
    std::vector<Hash32> digests;
    std::vector<Signature> signatures;
    for (const auto& u1 : scalars)
        for (const auto& u2 : scalars) {
            const U256 s = secp256k1_scalar::multiply(u2, GX);
            digests.push_back(to_hash32(secp256k1_scalar::negate(secp256k1_scalar::multiply(u1, GX))));
            signatures.push_back({GX, s, static_cast<std::uint8_t>(digests.size() % 2)});
        }
    const auto expected = one_by_one(digests, signatures);
    EXPECT_EQ(together(digests, signatures), expected);
    EXPECT_GT(std::count(expected.begin(), expected.end(), std::nullopt), 50);  // infinity, and u2 = 0
}

TEST(RecoverAddresses, TheLanesSayWhereTheyHaveNoAnswer) {
    const RecoverEight eight = find_recover_avx512();
    if (eight == nullptr) GTEST_SKIP() << "this CPU has no AVX-512 IFMA";
    std::array<RecoveryInput, 8> inputs;
    for (auto& input : inputs) input = {GX, U256{5}, U256{7}, 0};
    inputs[1].u1 = inputs[1].u2 = U256{1};             // G + G
    inputs[2].u1 = secp256k1_scalar::negate(U256{7});  // infinity
    inputs[3].r = U256{5};                             // no point of the curve
    inputs[4].u1 = inputs[4].u2 = U256{};              // nothing at all
    std::array<std::optional<FixedBytes<64>>, 8> keys;
    eight(inputs, keys);
    for (const std::size_t lane : {0, 5, 6, 7}) {
        ASSERT_TRUE(keys[lane].has_value());
        EXPECT_EQ(keys[lane], keys[0]);
    }
    for (const std::size_t lane : {1, 2, 3, 4}) EXPECT_FALSE(keys[lane].has_value()) << lane;
}

TEST(Secp256k1Scalar, HalvesAndWindowsGiveTheNumberBack) {
    Random random;
    for (int i = 0; i < 3'000; ++i) {
        U256 k = random.scalar();
        if (i < 40) k = U256{static_cast<std::uint64_t>(i)};
        if (i >= 40 && i < 80) k = N - U256{static_cast<std::uint64_t>(i - 39)};
        if (i >= 80 && i < 120) k = LAMBDA + U256{static_cast<std::uint64_t>(i)};
        const auto halves = secp256k1_scalar::split(k);
        const auto value = [](const secp256k1_scalar::Half& half) {
            EXPECT_EQ(half.magnitude.limb[2] | half.magnitude.limb[3], 0U);
            return half.negative ? secp256k1_scalar::negate(half.magnitude) : half.magnitude;
        };
        const U256 sum = addmod(value(halves.first), secp256k1_scalar::multiply(value(halves.second), LAMBDA), N);
        EXPECT_EQ(sum, k);

        U256 again;
        const auto windows = secp256k1_scalar::signed_windows<5, 26>(halves.first.magnitude, false);
        for (std::size_t w = windows.size(); w-- > 0;) {
            EXPECT_LE(windows[w], 16);
            EXPECT_GE(windows[w], -15);
            again = (again << 5) + (windows[w] < 0 ? U256{} - U256{static_cast<std::uint64_t>(-windows[w])}
                                                   : U256{static_cast<std::uint64_t>(windows[w])});
        }
        EXPECT_EQ(again, halves.first.magnitude);
    }
}

}  // namespace
}  // namespace entresol::crypto
