// Milliseconds that only go forward: for intervals and deadlines, which a clock that is set must neither stop nor make come all at once.
#pragma once

#include <cstdint>

namespace entresol::io {

/// Begins near the time of day, so that it is never near zero; the two part when the system's clock is set. Thread-safe.
[[nodiscard]] std::uint64_t steady_ms();

}  // namespace entresol::io
