// Every transaction that the sequencer accepted is in a block or in the block in progress, or the pool can say why not.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::pool {
struct Whereabouts;
}

namespace entresol::sim {

class TransactionCheck {
public:
    struct Fate {
        bool is_in_chain = false;  // or in the block in progress
        const pool::Whereabouts* whereabouts = nullptr;
    };
    using FateOf = std::function<Fate(const Hash32& hash)>;

    /// The sequencer's answer has reached the user.
    void accepted(const Hash32& hash) { of_this_process_.push_back(hash); }
    /// The process that accepted them is at its end: the words of a fault. Its pool dies with it, so the next one answers for none of these.
    [[nodiscard]] std::optional<std::string> judge(const FateOf& fate_of) const;
    void restarted() { of_this_process_.clear(); }

private:
    std::vector<Hash32> of_this_process_;
};

}  // namespace entresol::sim
