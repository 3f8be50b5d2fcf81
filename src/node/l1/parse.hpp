// JSON objects of Ethereum nodes back into consensus objects. Strict about types, indifferent to fields it does not know.
#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "core/chain/block.hpp"

namespace entresol::l1 {

[[nodiscard]] std::optional<chain::Header> parse_header(const boost::json::object& object);
[[nodiscard]] std::optional<chain::Transaction> parse_transaction(const boost::json::object& object);
[[nodiscard]] std::optional<chain::Receipt> parse_receipt(const boost::json::object& object);
[[nodiscard]] std::optional<chain::Log> parse_log(const boost::json::object& object);

// Fields by name; nothing when absent, null or of another shape.
[[nodiscard]] std::optional<std::uint64_t> field_u64(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<U256> field_u256(const boost::json::object& object, std::string_view name);
[[nodiscard]] std::optional<Bytes> field_bytes(const boost::json::object& object, std::string_view name);
template <typename T>
[[nodiscard]] std::optional<T> field_fixed(const boost::json::object& object, std::string_view name) {
    const auto bytes = field_bytes(object, name);
    if (!bytes || bytes->size() != T::SIZE) return std::nullopt;
    return from_bytes<T>(*bytes);
}

}  // namespace entresol::l1
