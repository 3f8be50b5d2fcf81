// What metrics and health are read from. All outlive the reader.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

namespace entresol::ledger {
class Ledger;
}
namespace entresol::rpc {
class Dispatcher;
}
namespace entresol::sequencer {
class Sequencer;
}
namespace entresol::settlement {
class RollupNode;
}

namespace entresol::metrics {

struct Sources {
    const ledger::Ledger& ledger;
    const rpc::Dispatcher& dispatcher;
    sequencer::Sequencer* sequencer = nullptr;       // null in a replica
    const settlement::RollupNode* rollup = nullptr;  // null on an L1
    std::function<std::uint64_t()> now_ms;
    /// Seconds behind the clock that a healthy head may be; none: no matter.
    std::optional<std::uint64_t> max_head_age_s;
};

}  // namespace entresol::metrics
