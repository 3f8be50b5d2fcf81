#include "core/codec/rlp.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/hex.hpp"

namespace entresol::codec {
namespace {

ByteView view(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string encode_text(const std::string& text) {
    Bytes out;
    append_string(out, view(text));
    return to_hex(out);
}

TEST(Rlp, StringsOfEveryHeaderForm) {
    EXPECT_EQ(encode_text(""), "0x80");
    EXPECT_EQ(encode_text(std::string(1, '\0')), "0x00");
    EXPECT_EQ(encode_text("\x7f"), "0x7f");
    EXPECT_EQ(encode_text("\x80"), "0x8180");
    EXPECT_EQ(encode_text("dog"), "0x83646f67");
    EXPECT_EQ(encode_text(std::string(55, 'a')).substr(0, 4), "0xb7");
    EXPECT_EQ(encode_text(std::string(56, 'a')).substr(0, 6), "0xb838");
    EXPECT_EQ(encode_text(std::string(256, 'a')).substr(0, 8), "0xb90100");
    EXPECT_EQ(encode_text(std::string(65536, 'a')).substr(0, 10), "0xba010000");
}

TEST(Rlp, IntegersHaveNoLeadingZeros) {
    const auto encode = [](const U256& value) {
        Bytes out;
        append_uint(out, value);
        return to_hex(out);
    };
    EXPECT_EQ(encode(U256{}), "0x80");
    EXPECT_EQ(encode(U256{1}), "0x01");
    EXPECT_EQ(encode(U256{128}), "0x8180");
    EXPECT_EQ(encode(U256{1024}), "0x820400");
    EXPECT_EQ(encode(U256::max()), "0xa0" + std::string(64, 'f'));
    Bytes out;
    append_uint(out, std::uint64_t{0x0102030405060708});
    EXPECT_EQ(to_hex(out), "0x880102030405060708");
}

TEST(Rlp, ListsClosedInPlaceEqualListsFromTwoBuffers) {
    for (const std::size_t size : {0U, 1U, 55U, 56U, 300U, 70000U}) {
        const Bytes payload(size, 0x05);
        Bytes two_buffers{0xaa};
        append_list(two_buffers, payload);
        Bytes in_place{0xaa};
        append(in_place, payload);
        close_list(in_place, 1);
        EXPECT_EQ(two_buffers, in_place) << size;
    }
}

struct Refused {
    const char* hex;
    RlpError error;
};

TEST(Rlp, RefusesWhatIsNotCanonicalOrTooShort) {
    const Refused cases[] = {
        {"0x", RlpError::UnexpectedEnd},
        {"0x8100", RlpError::NonCanonical},    // a byte below 0x80 is its own encoding
        {"0x817f", RlpError::NonCanonical},    //
        {"0xb800", RlpError::NonCanonical},    // long form with length zero
        {"0xb80161", RlpError::NonCanonical},  // long form for a short string
        {"0xb90038", RlpError::NonCanonical},  // length with a leading zero
        {"0xb9ff", RlpError::UnexpectedEnd},
        {"0xbfffffffffffffffff", RlpError::UnexpectedEnd},  // 2^64-1 bytes
        {"0xffffffffffffffffff", RlpError::UnexpectedEnd},
        {"0x83646f", RlpError::UnexpectedEnd},
        {"0xf800", RlpError::NonCanonical},
        {"0xc1", RlpError::UnexpectedEnd},
    };
    for (const auto& c : cases) {
        const Bytes bytes = *parse_hex(c.hex);
        RlpReader reader(bytes);
        const auto raw = reader.read_raw();
        ASSERT_FALSE(raw) << c.hex;
        EXPECT_EQ(raw.error(), c.error) << c.hex << ": " << to_string(raw.error());
        EXPECT_EQ(reader.rest().size(), bytes.size());
    }
}

TEST(Rlp, FailedReadLeavesTheReaderWhereItWas) {
    const Bytes bytes = *parse_hex("0x820001c0");
    RlpReader reader(bytes);
    EXPECT_EQ(reader.read_u64().error(), RlpError::NonCanonical);
    EXPECT_EQ(reader.read_u256().error(), RlpError::NonCanonical);
    EXPECT_EQ(reader.read_list().error(), RlpError::ExpectedList);
    EXPECT_EQ(reader.read_fixed<Address>().error(), RlpError::WrongLength);
    EXPECT_EQ(reader.expect_end().error(), RlpError::TrailingBytes);
    EXPECT_EQ(reader.rest().size(), 4U);
    EXPECT_EQ(reader.read_string()->size(), 2U);
    EXPECT_EQ(reader.read_string().error(), RlpError::ExpectedString);
    EXPECT_TRUE(reader.read_list()->empty());
    EXPECT_TRUE(reader.expect_end());
}

TEST(Rlp, IntegersAboveTheirFieldAreRefused) {
    const Bytes nine = *parse_hex("0x89010000000000000000");
    EXPECT_EQ(RlpReader(nine).read_u64().error(), RlpError::IntegerOverflow);
    EXPECT_EQ(*RlpReader(nine).read_u256(), (U256{0, 1, 0, 0}));
    const Bytes large = *parse_hex("0xa101" + std::string(64, '0'));
    EXPECT_EQ(RlpReader(large).read_u256().error(), RlpError::IntegerOverflow);
}

Bytes random_item(std::mt19937_64& random, int depth) {
    Bytes out;
    if (depth == 0 || random() % 2 == 0) {
        Bytes text(random() % 4 == 0 ? random() % 400 : random() % 4);
        for (auto& byte : text) byte = static_cast<std::uint8_t>(random());
        append_string(out, text);
        return out;
    }
    for (std::uint64_t i = random() % 6; i > 0; --i) append(out, random_item(random, depth - 1));
    close_list(out, 0);
    return out;
}

/// Reads an item and writes it again.
void rewrite(RlpReader& reader, Bytes& out) {
    if (!reader.next_is_list()) {
        const auto text = reader.read_string();
        ASSERT_TRUE(text);
        return append_string(out, *text);
    }
    auto list = reader.read_list();
    ASSERT_TRUE(list);
    const std::size_t start = out.size();
    while (!list->empty()) ASSERT_NO_FATAL_FAILURE(rewrite(*list, out));
    close_list(out, start);
}

TEST(Rlp, RandomItemsSurviveARoundTrip) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 2000; ++i) {
        const Bytes item = random_item(random, 4);
        RlpReader reader(item);
        Bytes again;
        ASSERT_NO_FATAL_FAILURE(rewrite(reader, again));
        EXPECT_EQ(item, again);
        EXPECT_TRUE(reader.empty());
    }
}

}  // namespace
}  // namespace entresol::codec
