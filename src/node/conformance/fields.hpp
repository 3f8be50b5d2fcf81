// Members of fixtures' JSON. What is missing or malformed throws std::runtime_error with its name: such a file is not of the suite's format.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "core/base/bytes.hpp"
#include "core/base/hex.hpp"
#include "core/base/uint256.hpp"

namespace entresol::conformance {

namespace json = boost::json;

[[nodiscard]] std::string load_file(const std::filesystem::path& file);
[[nodiscard]] json::value load_json(const std::filesystem::path& file);

[[nodiscard]] const json::object& as_object(const json::value& value, std::string_view what);
[[nodiscard]] const json::array& as_array(const json::value& value, std::string_view what);
[[nodiscard]] const json::value& member(const json::object& object, std::string_view name);
[[nodiscard]] const json::object& object_member(const json::object& object, std::string_view name);
[[nodiscard]] const json::array& array_member(const json::object& object, std::string_view name);
/// Empty when it is absent or no text.
[[nodiscard]] std::string_view text(const json::object& object, std::string_view name);

[[nodiscard]] U256 to_u256(std::string_view text);  // "0x…" or decimal
[[nodiscard]] std::uint64_t to_u64(std::string_view text);
[[nodiscard]] Bytes to_bytes(std::string_view text);

[[noreturn]] void fail_length(std::string_view text);
template <typename T>
[[nodiscard]] T to_fixed(std::string_view text) {
    const Bytes bytes = to_bytes(text);
    if (bytes.size() != T::SIZE) fail_length(text);
    return from_bytes<T>(bytes);
}

}  // namespace entresol::conformance
