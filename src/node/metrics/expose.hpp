// The page of GET /metrics.
#pragma once

#include <string>

#include "node/metrics/sources.hpp"

namespace entresol::metrics {

inline constexpr const char* CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/// Everything, as it is now, in Prometheus' text format. Thread-safe.
[[nodiscard]] std::string expose(const Sources& sources);

}  // namespace entresol::metrics
