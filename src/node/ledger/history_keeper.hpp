// Keeps old state small while the chain goes on: what is final moves from tries into the history of values, states older than wanted are forgotten, and
// trie nodes that no kept state needs are removed. In bounded steps between the loop's other tasks (docs/adr/0026-history.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "node/ledger/ledger.hpp"
#include "node/store/trie_sweep.hpp"

namespace entresol::io {
class Loop;
}

namespace entresol::ledger {

struct HistoryOptions {
    std::uint64_t blocks = 0;         // below the head whose state stays readable; what is not final stays in any case
    std::uint64_t whole_tries = 128;  // below the head whose tries stay; more where less is final
    std::size_t nodes_per_step = 1'000;
};

/// On the chain's loop; neither outlives it.
class HistoryKeeper {
public:
    HistoryKeeper(Ledger& ledger, io::Loop& loop, HistoryOptions options);
    ~HistoryKeeper();
    HistoryKeeper(const HistoryKeeper&) = delete;
    HistoryKeeper& operator=(const HistoryKeeper&) = delete;

    /// One bounded piece of what there is to do: a block into the history, one out of it, or some nodes of a sweep. False: nothing is left.
    bool step();

private:
    void schedule();
    bool extend();
    bool forget();
    bool sweep();
    [[nodiscard]] std::vector<Hash32> kept_roots() const;
    void begin_history(std::uint64_t number);

    Ledger& ledger_;
    io::Loop& loop_;
    HistoryOptions options_;
    std::uint64_t subscription_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    bool scheduled_ = false;
    std::optional<store::TrieSweep> pass_;
    static constexpr std::uint64_t MAX_BLOCKS_BETWEEN_PASSES = 100'000;
    std::uint64_t swept_to_ = 0, last_swept_ = 0;  // the history's end when the last passes began
    std::uint64_t next_pass_at_ = 0;               // and the one that the next waits for
};

}  // namespace entresol::ledger
