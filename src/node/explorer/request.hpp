// A GET of the explorer's API taken apart: path segments and the two query fields that lists have. Everything a stranger wrote is checked here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::explorer {

namespace json = boost::json;

struct ApiError {
    unsigned status = 404;
    std::string message;
};
template <typename T>
using ApiResult = Result<T, ApiError>;

[[nodiscard]] inline Unexpected<ApiError> not_found(std::string message) { return {ApiError{404, std::move(message)}}; }
[[nodiscard]] inline Unexpected<ApiError> bad_request(std::string message) {
    return {ApiError{400, std::move(message)}};
}

inline constexpr std::size_t DEFAULT_LIMIT = 25;
inline constexpr std::size_t MAX_LIMIT = 100;

struct Request {
    std::vector<std::string> path;        // behind "/api/"
    std::optional<std::uint64_t> before;  // a block number: only what is older
    std::size_t limit = DEFAULT_LIMIT;    // 1 to MAX_LIMIT
};

/// Of a target that begins with "/api/". Unknown query fields are refused: a misspelt one would be ignored in silence.
[[nodiscard]] ApiResult<Request> parse_request(std::string_view target);

/// Decimal digits only, below 2^63.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace entresol::explorer
