#include "core/base/hex.hpp"

#include <gtest/gtest.h>

namespace entresol {
namespace {

TEST(Hex, DataRoundTripsForEveryByte) {
    Bytes all(256);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
    const std::string text = to_hex(all);
    EXPECT_EQ(text.substr(0, 10), "0x00010203");
    EXPECT_EQ(parse_hex(text), all);
    EXPECT_EQ(parse_hex(text.substr(2)), all);
    EXPECT_EQ(to_hex(Bytes{}), "0x");
    EXPECT_EQ(parse_hex("0x"), Bytes{});
    EXPECT_EQ(parse_hex("0XaBcD"), (Bytes{0xab, 0xcd}));
}

TEST(Hex, DataThatIsNotHexIsRefused) {
    for (const char* bad : {"0x0", "abc", "0xgg", "0x 0", "x0", "0x0x00", "0x-1"})
        EXPECT_EQ(parse_hex(bad), std::nullopt) << bad;
}

TEST(Hex, QuantitiesHaveNoLeadingZeros) {
    const struct {
        U256 value;
        const char* text;
    } rows[] = {
        {0, "0x0"},
        {1, "0x1"},
        {0x1f, "0x1f"},
        {~0ULL, "0xffffffffffffffff"},
        {{0, 1, 0, 0}, "0x10000000000000000"},
        {U256::max(), "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(to_quantity(row.value), row.text);
        EXPECT_EQ(parse_quantity(row.text), row.value);
        EXPECT_EQ(parse_quantity64(row.text).has_value(), row.value.fits_u64());
    }
    EXPECT_EQ(to_quantity(std::uint64_t{255}), "0xff");
    EXPECT_EQ(parse_quantity("0x000F"), U256{15});
}

TEST(Hex, QuantitiesThatAreNotNumbersAreRefused) {
    const std::string too_long = "0x" + std::string(65, '0');
    for (const char* bad : {"", "0x", "1", "0xg", "0x-1", "0x1 ", too_long.c_str()})
        EXPECT_EQ(parse_quantity(bad), std::nullopt) << bad;
    EXPECT_EQ(parse_quantity64("0x10000000000000000"), std::nullopt);
}

TEST(Hex, FixedSizesAreExact) {
    const std::string address(40, 'a');
    EXPECT_EQ(to_hex(parse_fixed<Address>("0x" + address).value()), "0x" + address);
    EXPECT_EQ(parse_fixed<Address>("0x" + address.substr(2)), std::nullopt);
    EXPECT_EQ(parse_fixed<Address>("0x" + address + "aa"), std::nullopt);
}

}  // namespace
}  // namespace entresol
