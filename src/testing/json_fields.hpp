// For tests only: fields of JSON data as Ethereum's tools write them. Malformed data throws: such a test fails.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "core/base/hex.hpp"
#include "testing/shared_data.hpp"

namespace entresol::testing {

namespace json = boost::json;

inline json::value parse_json_file(const std::filesystem::path& path) {
    json::parse_options options;
    options.max_depth = 64;
    return json::parse(read_file(path), {}, options);
}

/// The text of a member; empty when it is absent.
inline std::string_view text(const json::object& object, std::string_view key) {
    const auto* found = object.if_contains(key);
    if (found == nullptr || !found->is_string()) return {};
    return found->get_string();
}

/// "0x…" or decimal.
inline U256 to_u256(std::string_view text) {
    const auto value = text.starts_with("0x") ? parse_quantity(text) : parse_decimal(text);
    if (!value) throw std::runtime_error("not a number: " + std::string(text));
    return *value;
}

inline std::uint64_t to_u64(std::string_view text) {
    const U256 value = to_u256(text);
    if (!value.fits_u64()) throw std::runtime_error("too large: " + std::string(text));
    return value.limb[0];
}

inline Bytes to_bytes(std::string_view text) {
    auto value = parse_hex(text);
    if (!value) throw std::runtime_error("not hexadecimal: " + std::string(text));
    return std::move(*value);
}

template <typename T>
T to_fixed(std::string_view text) {
    const Bytes bytes = to_bytes(text);
    if (bytes.size() != T::SIZE) throw std::runtime_error("wrong length: " + std::string(text));
    return from_bytes<T>(bytes);
}

}  // namespace entresol::testing
