// Is the node in order? For load balancers and alarms.
#pragma once

#include <string>
#include <vector>

#include "node/metrics/sources.hpp"

namespace entresol::metrics {

struct Health {
    std::uint64_t head = 0, safe = 0, finalized = 0;  // block numbers
    std::uint64_t head_age_s = 0;
    std::vector<std::string> problems;  // in words; none: healthy
};
/// Thread-safe.
[[nodiscard]] Health check_health(const Sources& sources);

/// {"status": "ok" or "failing", "head": …, "safe": …, "finalized": …, "headAgeSeconds": …, "problems": […]}
[[nodiscard]] std::string to_json(const Health& health);

}  // namespace entresol::metrics
