#include "node/conformance/fields.hpp"

#include <fstream>
#include <iterator>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace entresol::conformance {
namespace {

constexpr std::size_t MAX_DEPTH = 64;
constexpr std::uintmax_t MAX_FILE_BYTES = 1ULL << 30;
constexpr std::size_t SHOWN = 80;  // characters of a malformed text

[[noreturn]] void fail_field(const std::string& what, std::string_view text) {
    throw std::runtime_error(what + ": " + std::string(text.substr(0, SHOWN)));
}

}  // namespace

std::string load_file(const std::filesystem::path& file) {
    if (std::filesystem::file_size(file) > MAX_FILE_BYTES) throw std::runtime_error("larger than 1 GiB");
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot be read");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

json::value load_json(const std::filesystem::path& file) {
    json::parse_options options;
    options.max_depth = MAX_DEPTH;
    boost::system::error_code error;
    auto value = json::parse(load_file(file), error, {}, options);
    if (error) throw std::runtime_error("is not JSON: " + error.message());
    return value;
}

const json::object& as_object(const json::value& value, std::string_view what) {
    if (!value.is_object()) fail_field("not an object", what);
    return value.get_object();
}
const json::array& as_array(const json::value& value, std::string_view what) {
    if (!value.is_array()) fail_field("not a list", what);
    return value.get_array();
}
const json::value& member(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    if (found == nullptr) fail_field("a member is missing", name);
    return *found;
}
const json::object& object_member(const json::object& object, std::string_view name) {
    return as_object(member(object, name), name);
}
const json::array& array_member(const json::object& object, std::string_view name) {
    return as_array(member(object, name), name);
}

std::string_view text(const json::object& object, std::string_view name) {
    const auto* found = object.if_contains(name);
    return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

U256 to_u256(std::string_view text) {
    const auto value = text.starts_with("0x") ? parse_quantity(text) : parse_decimal(text);
    if (!value) fail_field("not a number", text);
    return *value;
}

std::uint64_t to_u64(std::string_view text) {
    const U256 value = to_u256(text);
    if (!value.fits_u64()) fail_field("above 64 bits", text);
    return value.limb[0];
}

Bytes to_bytes(std::string_view text) {
    auto value = parse_hex(text);
    if (!value) fail_field("not hexadecimal", text);
    return std::move(*value);
}

void fail_length(std::string_view text) { fail_field("of the wrong length", text); }

}  // namespace entresol::conformance
