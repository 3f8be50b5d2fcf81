#include "core/codec/abi.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/base/hex.hpp"

namespace entresol::codec {
namespace {

ByteView view(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

/// Hex words, one a line, as the specification prints them.
std::string words(std::initializer_list<const char*> list) {
    std::string out;
    for (const char* word : list) {
        const std::string text = word;
        out += std::string(64 - text.size(), '0') + text;
    }
    return out;
}

std::string left(const std::string& hex) { return hex + std::string(64 - hex.size(), '0'); }

// The examples of docs.soliditylang.org, "Contract ABI Specification".
TEST(AbiWriter, StaticArguments) {
    EXPECT_EQ(to_hex(AbiWriter().uint(69).boolean(true).call("baz(uint32,bool)")), "0xcdcd77c0" + words({"45", "1"}));
    const AbiWriter pair = AbiWriter().fixed_bytes(view("abc")).fixed_bytes(view("def"));
    EXPECT_EQ(to_hex(AbiWriter().tuple(pair).call("bar(bytes3[2])")), "0xfce353f6" + left("616263") + left("646566"));
}

TEST(AbiWriter, BytesAndArray) {
    const AbiWriter numbers = AbiWriter().uint(1).uint(2).uint(3);
    EXPECT_EQ(to_hex(AbiWriter().bytes(view("dave")).boolean(true).array(numbers).call("sam(bytes,bool,uint256[])")),
              "0xa5643bf2" + words({"60", "1", "a0", "4"}) + left("64617665") + words({"3", "1", "2", "3"}));
}

TEST(AbiWriter, DynamicTypes) {
    const AbiWriter numbers = AbiWriter().uint(0x456).uint(0x789);
    const Bytes call = AbiWriter()
                           .uint(0x123)
                           .array(numbers)
                           .fixed_bytes(view("1234567890"))
                           .bytes(view("Hello, world!"))
                           .call("f(uint256,uint32[],bytes10,bytes)");
    EXPECT_EQ(to_hex(call), "0x8be65246" + words({"123", "80"}) + left("31323334353637383930") +
                                words({"e0", "2", "456", "789", "d"}) + left("48656c6c6f2c20776f726c6421"));
}

TEST(AbiWriter, NestedArrays) {
    const AbiWriter inner = AbiWriter().array(AbiWriter().uint(1).uint(2)).array(AbiWriter().uint(3));
    const AbiWriter texts = AbiWriter().string("one").string("two").string("three");
    EXPECT_EQ(to_hex(AbiWriter().array(inner).array(texts).call("g(uint256[][],string[])")),
              "0x2289b18c" +
                  words({"40", "140", "2", "40", "a0", "2", "1", "2", "1", "3", "3", "60", "a0", "e0", "3"}) +
                  left("6f6e65") + words({"3"}) + left("74776f") + words({"5"}) + left("7468726565"));
}

TEST(AbiWriter, SelectorsAndTopics) {
    EXPECT_EQ(to_hex(abi_selector("transfer(address,uint256)")), "0xa9059cbb");
    EXPECT_EQ(to_hex(abi_selector("Error(string)")), "0x08c379a0");
    EXPECT_EQ(to_hex(abi_event_topic("Transfer(address,address,uint256)")),
              "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST(AbiReader, ReadsWhatWasWritten) {
    const auto owner = *parse_fixed<Address>("0x00112233445566778899aabbccddeeff00112233");
    const AbiWriter records =
        AbiWriter().tuple(AbiWriter().uint(1).string("first")).tuple(AbiWriter().uint(2).string(std::string(70, 'x')));
    const Bytes data = AbiWriter()
                           .address(owner)
                           .tuple(AbiWriter().uint(7).boolean(true))
                           .array(records)
                           .fixed_bytes(view("tag"))
                           .bytes({})
                           .array(AbiWriter().tuple(AbiWriter().uint(3).uint(4)).tuple(AbiWriter().uint(5).uint(6)))
                           .encode();
    AbiReader in(data);
    EXPECT_EQ(*in.read_address(), owner);
    EXPECT_EQ(*in.read_u64(), 7U);
    EXPECT_TRUE(*in.read_bool());
    auto list = in.read_array(1);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->length, 2U);
    auto first = list->elements.read_dynamic_tuple();
    ASSERT_TRUE(first);
    EXPECT_EQ(*first->read_uint(), U256{1});
    EXPECT_EQ(*first->read_string(), "first");
    auto second = list->elements.read_dynamic_tuple();
    ASSERT_TRUE(second);
    EXPECT_EQ(*second->read_uint(), U256{2});
    EXPECT_EQ(*second->read_string(), std::string(70, 'x'));
    EXPECT_EQ(to_hex(*in.read_fixed_bytes(3)), "0x746167");
    EXPECT_TRUE(in.read_bytes()->empty());
    auto pairs = in.read_array(2);
    ASSERT_TRUE(pairs);
    ASSERT_EQ(pairs->length, 2U);
    for (std::uint64_t i = 3; i <= 6; ++i) EXPECT_EQ(*pairs->elements.read_u64(), i);
}

TEST(AbiReader, ValuesOutsideTheirTypeAreRefused) {
    const Bytes ones(32, 0xff);
    EXPECT_EQ(AbiReader(ones).read_u64().error(), AbiError::InvalidValue);
    EXPECT_EQ(AbiReader(ones).read_address().error(), AbiError::InvalidValue);
    EXPECT_EQ(AbiReader(ones).read_bool().error(), AbiError::InvalidValue);
    EXPECT_EQ(AbiReader(ones).read_fixed_bytes(31).error(), AbiError::InvalidValue);
    EXPECT_TRUE(AbiReader(ones).read_fixed_bytes(32));
    EXPECT_EQ(AbiReader(ByteView(ones).first(31)).read_uint().error(), AbiError::UnexpectedEnd);
}

TEST(AbiReader, OffsetsAndLengthsAreBounded) {
    const auto data_of = [](std::initializer_list<U256> values) {
        AbiWriter out;
        for (const auto& value : values) out.uint(value);
        return out.encode();
    };
    EXPECT_EQ(AbiReader(data_of({U256::max()})).read_bytes().error(), AbiError::UnexpectedEnd);
    EXPECT_EQ(AbiReader(data_of({32})).read_bytes().error(), AbiError::UnexpectedEnd);
    EXPECT_EQ(AbiReader(data_of({32, 1})).read_bytes().error(), AbiError::UnexpectedEnd);
    EXPECT_EQ(AbiReader(data_of({32, U256::max()})).read_bytes().error(), AbiError::UnexpectedEnd);
    EXPECT_EQ(AbiReader(data_of({32, U256::max()})).read_array(1).error(), AbiError::UnexpectedEnd);
    EXPECT_EQ(AbiReader(data_of({32, 2, 0, 0, 0})).read_array(2).error(), AbiError::UnexpectedEnd);
    EXPECT_TRUE(AbiReader(data_of({32, 1, 0, 0, 0})).read_array(2));
    EXPECT_EQ(AbiReader(data_of({0})).read_dynamic_tuple().error(), AbiError::InvalidOffset);
    const Bytes twice = data_of({64, 64, 0});
    AbiReader in(twice);
    EXPECT_TRUE(in.read_bytes());
    EXPECT_EQ(in.read_bytes().error(), AbiError::InvalidOffset);
}

TEST(AbiReader, DamagedDataGivesErrorsNotCrashes) {
    std::mt19937_64 random(9);
    const AbiWriter texts = AbiWriter().string("one").string("two");
    const Bytes whole = AbiWriter().array(texts).bytes(Bytes(40, 1)).array(AbiWriter().array(texts)).encode();
    int errors = 0;
    for (int i = 0; i < 20'000; ++i) {
        Bytes data = whole;
        for (std::uint64_t edits = 1 + random() % 3; edits > 0; --edits)
            data[random() % data.size()] = random() % 2 == 0 ? 0xff : static_cast<std::uint8_t>(random());
        data.resize(random() % 4 == 0 ? random() % data.size() : data.size());
        AbiReader in(data);
        auto list = in.read_array(1);
        for (std::size_t n = list ? list->length : 0; n > 0; --n) errors += list->elements.read_string() ? 0 : 1;
        errors += in.read_bytes() ? 0 : 1;
        auto nested = in.read_array(1);
        for (std::size_t n = nested ? nested->length : 0; n > 0; --n) errors += nested->elements.read_array(1) ? 0 : 1;
    }
    EXPECT_GT(errors, 1000);
}

}  // namespace
}  // namespace entresol::codec
