// Hexadecimal text as JSON-RPC writes it: "0x" data of even length, "0x" quantities without leading zeros.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol {

/// "0x…" two digits a byte.
[[nodiscard]] std::string to_hex(ByteView data);
template <std::size_t N>
[[nodiscard]] std::string to_hex(const FixedBytes<N>& value) {
    return to_hex(value.view());
}

/// "0x0", "0x1f": no leading zeros.
[[nodiscard]] std::string to_quantity(std::uint64_t value);
[[nodiscard]] std::string to_quantity(const U256& value);

/// Accepts with or without "0x"; nothing on odd length or another character.
[[nodiscard]] std::optional<Bytes> parse_hex(std::string_view text);

/// Exactly T::SIZE bytes ("0x" optional).
template <typename T>
[[nodiscard]] std::optional<T> parse_fixed(std::string_view text) {
    const auto data = parse_hex(text);
    if (!data || data->size() != T::SIZE) return std::nullopt;
    return from_bytes<T>(*data);
}

/// A quantity: "0x" then 1 to 64 hex digits (leading zeros accepted: callers that must refuse them check themselves).
[[nodiscard]] std::optional<U256> parse_quantity(std::string_view text);
[[nodiscard]] std::optional<std::uint64_t> parse_quantity64(std::string_view text);

}  // namespace entresol
