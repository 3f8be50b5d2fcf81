// Making BlockFailures with what was expected and what was found.
#pragma once

#include "core/base/hex.hpp"
#include "core/stf/transition.hpp"

namespace entresol::stf {

[[nodiscard]] inline Unexpected<BlockFailure> block_failure(BlockError error, std::string detail = {}) {
    return {BlockFailure{error, std::nullopt, 0, std::move(detail)}};
}
[[nodiscard]] inline std::string shown(std::uint64_t value) { return to_decimal(U256{value}); }
[[nodiscard]] inline std::string shown(const U256& value) { return to_decimal(value); }
template <std::size_t N>
[[nodiscard]] std::string shown(const FixedBytes<N>& value) {
    return to_hex(value);
}

/// Fails with both values when they differ.
template <typename T>
[[nodiscard]] Result<void, BlockFailure> expect_equal(BlockError error, const T& found, const T& expected) {
    if (found == expected) return {};
    return block_failure(error, "expected " + shown(expected) + ", found " + shown(found));
}

}  // namespace entresol::stf
