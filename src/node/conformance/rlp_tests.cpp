// RLPTests: what "in" encodes to and back; "VALID" and "INVALID" for bytes that are only decoded.
#include <boost/json/array.hpp>

#include "core/codec/rlp.hpp"
#include "node/conformance/fields.hpp"
#include "node/conformance/suite.hpp"

namespace entresol::conformance {
namespace {

constexpr int MAX_DEPTH = 1024;

/// "#123" is a decimal integer of any size, other text its bytes.
void append_integer(Bytes& out, std::string_view digits) {
    // Base 256 from base 10, most significant byte first: some numbers leave 256 bits.
    Bytes number;
    for (const char c : digits) {
        if (c < '0' || c > '9') throw std::runtime_error("not a number after #");
        unsigned carry = static_cast<unsigned>(c - '0');
        for (std::size_t i = number.size(); i-- > 0;) {
            const unsigned value = number[i] * 10U + carry;
            number[i] = static_cast<std::uint8_t>(value);
            carry = value >> 8;
        }
        if (carry != 0) number.insert(number.begin(), static_cast<std::uint8_t>(carry));
    }
    codec::append_string(out, number);
}

void append_json(Bytes& out, const json::value& value) {
    if (value.is_array()) {
        const std::size_t start = out.size();
        for (const auto& item : value.get_array()) append_json(out, item);
        return codec::close_list(out, start);
    }
    if (value.is_int64() && value.get_int64() >= 0)
        return codec::append_uint(out, static_cast<std::uint64_t>(value.get_int64()));
    if (!value.is_string()) throw std::runtime_error("neither text, number nor list");
    const std::string_view word = value.get_string();
    if (word.starts_with('#')) return append_integer(out, word.substr(1));
    codec::append_string(out, {reinterpret_cast<const std::uint8_t*>(word.data()), word.size()});
}

/// Reads all there is, into every list.
bool is_valid(codec::RlpReader reader, int depth) {
    while (!reader.empty()) {
        if (depth > MAX_DEPTH) return false;
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
    codec::RlpReader reader(bytes);
    return reader.read_raw() && reader.empty() && is_valid(codec::RlpReader(bytes), 0);
}

std::string run_case(const json::object& test) {
    const auto& in = member(test, "in");
    const std::string_view out = text(test, "out");
    const bool must_fail = in == json::value("INVALID");
    // A few vectors of invalid bytes are no hexadecimal either.
    const auto bytes = parse_hex(out);
    if (!bytes) return must_fail ? "" : "\"out\" is not hexadecimal";
    const bool decodes = is_one_valid_item(*bytes);
    if (must_fail) return decodes ? "decodes, expected a refusal" : "";
    if (!decodes) return "does not decode";
    if (in == json::value("VALID")) return {};
    Bytes encoded;
    append_json(encoded, in);
    return encoded == *bytes ? "" : "encodes to " + to_hex(encoded);
}

}  // namespace

std::vector<CaseResult> run_rlp_tests(const std::filesystem::path& file, const Selection&) {
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    for (const auto& [name, value] : as_object(content, "the file")) {
        const auto& test = as_object(value, name);
        if (!test.contains("out")) throw std::runtime_error("a test without \"out\"");
        results.push_back(make_result(name, {}, {}, run_case(test)));
    }
    return results;
}

}  // namespace entresol::conformance
