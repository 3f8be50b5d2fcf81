#include "node/sim/check_transactions.hpp"

#include "core/base/hex.hpp"
#include "node/pool/pool.hpp"

namespace entresol::sim {

std::optional<std::string> TransactionCheck::judge(const FateOf& fate_of) const {
    using State = pool::Whereabouts::State;
    for (const auto& hash : of_this_process_) {
        const auto fate = fate_of(hash);
        if (fate.is_in_chain) continue;
        const auto state = fate.whereabouts != nullptr ? fate.whereabouts->state : State::Unknown;
        if (state == State::Unknown)
            return "accepted transaction " + to_hex(hash) + " is nowhere, and nobody knows why";
        if (state == State::Included)
            return "accepted transaction " + to_hex(hash) + " is said to be " + fate.whereabouts->reason +
                   ", and is not there";
        if (fate.whereabouts->reason.empty())
            return "accepted transaction " + to_hex(hash) + " is not included, without a reason";
    }
    return std::nullopt;
}

}  // namespace entresol::sim
