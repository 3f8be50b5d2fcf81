// GET /metrics and GET /health.
#pragma once

#include <optional>
#include <string_view>

#include "node/http/server.hpp"
#include "node/metrics/sources.hpp"

namespace entresol::metrics {

/// Nothing for any other target. Thread-safe.
[[nodiscard]] std::optional<http::Response> answer(std::string_view target, const Sources& sources);

}  // namespace entresol::metrics
