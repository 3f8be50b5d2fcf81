// Tries of blocks whose nodes are gone, rebuilt from the history when somebody asks; the last few are remembered.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "node/ledger/ledger.hpp"
#include "node/store/rebuilt_trie.hpp"

namespace entresol::ledger {

/// Thread-safe. Rebuilding goes one at a time: it takes memory, and who waits mostly wants the same block.
class OldTries {
public:
    using Trie = std::shared_ptr<store::RebuiltTrie>;
    /// Null: the store has the nodes itself.
    [[nodiscard]] Result<Trie, std::string> find(const Ledger& ledger, const StoredBlock& block);
    /// Before the head goes back to this block or starts from it anew: its trie is whole, and the history ends with it. On the chain's loop.
    /// Throws std::runtime_error where its state is kept no more.
    static void bring_back(const Ledger& ledger, const StoredBlock& block);

private:
    static constexpr std::size_t REMEMBERED = 4;
    std::mutex mutex_;
    std::deque<std::pair<Hash32, Trie>> tries_;  // newest first
};

}  // namespace entresol::ledger
