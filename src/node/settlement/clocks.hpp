// The two clocks of what is settled.
#pragma once

#include <cstdint>
#include <functional>

namespace entresol::settlement {

struct Clocks {
    std::function<std::uint64_t()>
        world_ms;  // may be set to anything: only for what is compared with timestamps of blocks
    std::function<std::uint64_t()> steady_ms;  // only goes forward, and is never near zero: intervals and deadlines
};

}  // namespace entresol::settlement
