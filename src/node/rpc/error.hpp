// JSON-RPC errors with the codes and words that tools already match on (JSON-RPC 2.0, EIP-1474, go-ethereum).
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "core/base/result.hpp"

namespace entresol::rpc {

namespace json = boost::json;

inline constexpr int PARSE_ERROR = -32700;
inline constexpr int INVALID_REQUEST = -32600;
inline constexpr int METHOD_NOT_FOUND = -32601;
inline constexpr int INVALID_PARAMS = -32602;
inline constexpr int INTERNAL_ERROR = -32603;
inline constexpr int SERVER_ERROR = -32000;    // what geth answers where nothing else fits
inline constexpr int LIMIT_EXCEEDED = -32005;  // EIP-1474
inline constexpr int HISTORY_PRUNED = 4444;    // as geth's "pruned history unavailable"
inline constexpr int EXECUTION_REVERTED = 3;   // with the revert data

struct RpcError {
    int code = SERVER_ERROR;
    std::string message;
    std::optional<json::value> data = std::nullopt;
};

template <typename T>
using RpcResult = Result<T, RpcError>;

[[nodiscard]] inline Unexpected<RpcError> rpc_fail(int code, std::string message) {
    return {RpcError{code, std::move(message)}};
}
[[nodiscard]] inline Unexpected<RpcError> invalid_params(std::string message) {
    return rpc_fail(INVALID_PARAMS, std::move(message));
}

}  // namespace entresol::rpc
