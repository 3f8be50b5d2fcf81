// What processes have used, and the time.
#pragma once

#include <cstdint>

namespace entresol::load {

/// Seconds since some moment in the past.
[[nodiscard]] double now_s();
/// User and system time of a process with all its threads; of this one for 0. In seconds, to a hundredth (to a microsecond for this one).
[[nodiscard]] double cpu_s(int process_id);

}  // namespace entresol::load
