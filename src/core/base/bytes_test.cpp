#include "core/base/bytes.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

#include "core/base/endian.hpp"
#include "core/base/result.hpp"

namespace entresol {
namespace {

TEST(Bytes, FixedBytesCompareByContent) {
    Address a, b;
    EXPECT_EQ(a, b);
    EXPECT_TRUE(a.is_zero());
    b.bytes[19] = 1;
    EXPECT_LT(a, b);
    a.bytes[0] = 1;
    EXPECT_GT(a, b);
    EXPECT_FALSE(a.is_zero());
}

TEST(Bytes, AnAddressIsTheEndOfAWord) {
    Hash32 word;
    for (std::size_t i = 0; i < 32; ++i) word.bytes[i] = static_cast<std::uint8_t>(i);
    const Address address = to_address(word);
    EXPECT_EQ(address.bytes[0], 12);
    EXPECT_EQ(address.bytes[19], 31);
}

TEST(Bytes, TheTableHashSeesEveryByteAndTheLength) {
    std::unordered_set<std::uint64_t> seen;
    std::size_t inputs = 0;
    for (std::size_t length = 0; length <= 40; ++length) {
        Bytes data(length, 0);
        seen.insert(hash_bytes(data));
        ++inputs;
        for (std::size_t i = 0; i < length; ++i) {
            for (const std::uint8_t value : {1, 128, 255}) {
                data[i] = value;
                seen.insert(hash_bytes(data));
                ++inputs;
            }
            data[i] = 0;
        }
    }
    EXPECT_EQ(seen.size(), inputs);
}

TEST(Endian, TheNameSaysTheOrder) {
    const std::uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};
    EXPECT_EQ(load_be64(bytes), 0x0102030405060708U);
    EXPECT_EQ(load_le64(bytes), 0x0807060504030201U);
    EXPECT_EQ(load_be32(bytes), 0x01020304U);
    EXPECT_EQ(load_le32(bytes), 0x04030201U);
    EXPECT_EQ(load_be16(bytes), 0x0102U);
    std::uint8_t out[8];
    store_be64(out, 0x0102030405060708U);
    EXPECT_EQ(std::memcmp(out, bytes, 8), 0);
    store_le64(out, 0x0807060504030201U);
    EXPECT_EQ(std::memcmp(out, bytes, 8), 0);
    store_be16(out, 0x0102);
    EXPECT_EQ(std::memcmp(out, bytes, 2), 0);
}

enum class Mistake { Odd, Large };

Result<int, Mistake> half(int value) {
    if (value % 2 != 0) return fail(Mistake::Odd);
    return value / 2;
}
Result<int, Mistake> quarter(int value) {
    TRY(const int once, half(value));
    TRY(const int twice, half(once));
    return twice;
}
Result<void, Mistake> demand_small(int value) {
    if (value > 10) return fail(Mistake::Large);
    return {};
}
Result<int, Mistake> small_quarter(int value) {
    TRY_VOID(demand_small(value));
    return quarter(value);
}

TEST(Result, CarriesAValueOrAnError) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error(), Mistake::Odd);
    EXPECT_EQ(quarter(7).value_or(-1), -1);
    EXPECT_EQ(small_quarter(4).value(), 1);
    EXPECT_EQ(small_quarter(12).error(), Mistake::Large);
}

TEST(ResultDeathTest, TheWrongSideIsABugOfTheCaller) {
    EXPECT_DEATH((void)half(3).value(), "CHECK failed: has_value\\(\\)");
    EXPECT_DEATH((void)half(2).error(), "CHECK failed: !has_value\\(\\)");
}

}  // namespace
}  // namespace entresol
