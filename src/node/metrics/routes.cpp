#include "node/metrics/routes.hpp"

#include "node/metrics/expose.hpp"
#include "node/metrics/health.hpp"

namespace entresol::metrics {

std::optional<http::Response> answer(std::string_view target, const Sources& sources) {
    const auto path = target.substr(0, target.find('?'));
    if (path == "/metrics")
        return http::Response{.status = 200, .content_type = CONTENT_TYPE, .body = expose(sources), .headers = {}};
    if (path != "/health") return std::nullopt;
    const auto health = check_health(sources);
    return http::Response{.status = health.problems.empty() ? 200U : 503U, .body = to_json(health), .headers = {}};
}

}  // namespace entresol::metrics
