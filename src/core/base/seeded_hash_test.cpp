#include "core/base/seeded_hash.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

namespace entresol {
namespace {

constexpr std::uint64_t KEYS = 10'000;
constexpr HashSeed OTHER{0x243f6a8885a308d3ULL, 0x13198a2e03707344ULL};

// With the seed known, a first word that makes one factor zero swallows the second word.
std::vector<U256> keys_against(const HashSeed& seed) {
    std::vector<U256> keys;
    for (std::uint64_t i = 0; i < KEYS; ++i) keys.push_back(U256{seed.a, i, 0, 0});
    return keys;
}

template <typename Keys>
std::size_t count_hashes(const Keys& keys, const HashSeed& seed) {
    std::set<std::size_t> hashes;
    for (const auto& key : keys) hashes.insert(SeededHash(seed)(key));
    return hashes.size();
}

template <typename Keys>
std::size_t longest_chain(const Keys& keys, const HashSeed& seed) {
    std::vector<std::size_t> chains(16'384);
    for (const auto& key : keys) ++chains[SeededHash(seed)(key) % chains.size()];
    return *std::max_element(chains.begin(), chains.end());
}

TEST(SeededHash, KeysThatCollideUnderOneSeedDoNotUnderAnother) {
    const auto keys = keys_against({});
    EXPECT_EQ(count_hashes(keys, {}), 1U);
    EXPECT_EQ(count_hashes(keys, OTHER), KEYS);
    EXPECT_LT(longest_chain(keys, OTHER), 12U);
    EXPECT_EQ(count_hashes(keys_against(OTHER), OTHER), 1U);
    EXPECT_EQ(count_hashes(keys_against(OTHER), {}), KEYS);
}

// Keys that the unseeded hash cannot tell apart: the second word cancels what the first did.
TEST(SeededHash, KeysAgainstTheUnseededHashAreSpread) {
    const auto state_after = [](std::uint64_t first) {
        const auto product = static_cast<u128>(0xa0761d6478bd642fULL ^ first) * 0xe7037ed1a0b428dbULL;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    std::vector<Hash32> keys;
    std::set<std::size_t> unseeded;
    for (std::uint64_t i = 0; i < KEYS; ++i) {
        auto& key = keys.emplace_back();
        store_le64(key.data(), i);
        store_le64(key.data() + 8, state_after(i));
        unseeded.insert(BytesHash{}(key));
    }
    EXPECT_EQ(unseeded.size(), 1U);
    EXPECT_EQ(count_hashes(keys, OTHER), KEYS);
    EXPECT_LT(longest_chain(keys, OTHER), 12U);
}

TEST(SeededHash, OrdinaryKeysAreSpreadUnderAnySeed) {
    std::vector<U256> slots, high;
    std::vector<Hash32> words;
    std::vector<Address> addresses;
    for (std::uint64_t i = 0; i < KEYS; ++i) {
        slots.push_back(U256{i});
        high.push_back(U256{0, 0, 0, i << 40});
        words.push_back(to_hash32(U256{i}));
        addresses.push_back(to_address(U256{i}));
    }
    for (const auto& seed : {HashSeed{}, OTHER}) {
        EXPECT_EQ(count_hashes(slots, seed), KEYS);
        EXPECT_EQ(count_hashes(high, seed), KEYS);
        EXPECT_EQ(count_hashes(words, seed), KEYS);
        EXPECT_EQ(count_hashes(addresses, seed), KEYS);
        EXPECT_LT(longest_chain(slots, seed), 12U);
        EXPECT_LT(longest_chain(addresses, seed), 12U);
    }
}

TEST(SeededHash, LengthAndEveryByteCount) {
    std::set<std::size_t> hashes;
    Bytes bytes;
    for (std::size_t size = 0; size < 70; ++size, bytes.push_back(0)) hashes.insert(SeededHash(OTHER)(ByteView(bytes)));
    EXPECT_EQ(hashes.size(), 70U);
    for (auto& byte : bytes) {
        byte = 1;
        EXPECT_TRUE(hashes.insert(SeededHash(OTHER)(ByteView(bytes))).second);
        byte = 0;
    }
}

}  // namespace
}  // namespace entresol
