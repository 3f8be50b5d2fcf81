// The public RLPTests, both ways: what they encode, and what must not decode.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "testing/shared_data.hpp"

namespace entresol::codec {
namespace {

/// "#123" is a decimal integer, any other text its bytes. One vector is 2^256, which no field of Ethereum holds: its bytes are appended.
void append_json(Bytes& out, const boost::json::value& value) {
    if (value.is_array()) {
        const std::size_t start = out.size();
        for (const auto& item : value.as_array()) append_json(out, item);
        return close_list(out, start);
    }
    if (value.is_int64()) return append_uint(out, static_cast<std::uint64_t>(value.as_int64()));
    const std::string_view text = value.as_string();
    if (text.starts_with('#')) {
        if (const auto number = parse_decimal(text.substr(1))) return append_uint(out, *number);
        Bytes two_to_256(33);
        two_to_256[0] = 1;
        return append_string(out, two_to_256);
    }
    append_string(out, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// Reads all there is, into every list.
bool is_valid(RlpReader reader, int depth) {
    while (!reader.empty()) {
        if (depth > 100) return false;
        if (!reader.next_is_list()) {
            if (!reader.read_string()) return false;
            continue;
        }
        const auto list = reader.read_list();
        if (!list || !is_valid(*list, depth + 1)) return false;
    }
    return true;
}

bool is_one_valid_item(const Bytes& bytes) {
    RlpReader reader(bytes);
    return reader.read_raw() && reader.empty() && is_valid(RlpReader(bytes), 0);
}

TEST(RlpVectors, ValidOnesEncodeAndDecode) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "tests/RLPTests");
    const auto tests = boost::json::parse(testing::read_file(folder / "rlptest.json"));
    ASSERT_GT(tests.as_object().size(), 20U);
    for (const auto& [name, test] : tests.as_object()) {
        Bytes encoded;
        append_json(encoded, test.at("in"));
        EXPECT_EQ(to_hex(encoded), test.at("out").as_string()) << name;
        EXPECT_TRUE(is_one_valid_item(encoded)) << name;
    }
}

TEST(RlpVectors, InvalidOnesAreRefused) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "tests/RLPTests");
    const auto tests = boost::json::parse(testing::read_file(folder / "invalidRLPTest.json"));
    ASSERT_GT(tests.as_object().size(), 20U);
    for (const auto& [name, test] : tests.as_object()) {
        const auto bytes = parse_hex(test.at("out").as_string());
        ASSERT_TRUE(bytes) << name;
        EXPECT_FALSE(is_one_valid_item(*bytes)) << name;
    }
}

}  // namespace
}  // namespace entresol::codec
