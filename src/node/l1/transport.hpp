// How requests reach an L1: over HTTP, or into the embedded L1 of the same process.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace entresol::l1 {

enum class L1ErrorKind : std::uint8_t {
    Unreachable,  // no connection, timeout: try again
    BadAnswer,    // malformed, or its hash does not match what was asked for: this endpoint is broken or lies
    Rejected,     // the endpoint answered with a JSON-RPC error
    NotFound,     // it does not have what was asked for
};
struct L1Error {
    L1ErrorKind kind = L1ErrorKind::Unreachable;
    std::string message;
};
template <typename T>
using L1Result = Result<T, L1Error>;

class Transport {
public:
    virtual ~Transport() = default;
    /// POSTs a JSON body and gives the answer's body. Blocks; thread-safe.
    [[nodiscard]] virtual L1Result<std::string> post(std::string_view body) = 0;
    /// GETs a path (beacon API).
    [[nodiscard]] virtual L1Result<std::string> get(std::string_view path) = 0;
};

}  // namespace entresol::l1
