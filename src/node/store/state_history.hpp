// Old values beside the newest state: what each block changed, as it was before. The state after a kept block is read as the first change after it, else as
// the state at the end of the history, whose trie is whole (docs/adr/0026-history.md).
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "core/state/trie_state.hpp"
#include "core/trie/trie.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {

/// Below the history's end only the tries of these blocks are kept: all others are rebuilt from the next one.
inline constexpr std::uint64_t CHECKPOINT_BLOCKS = 128;
/// What one rebuilding may have to look at: bounds its time and memory.
inline constexpr std::size_t MAX_REBUILT_CHANGES = 2'000'000;

/// Reading is thread-safe; one writer. Neither may outlive the database.
class StateHistory {
public:
    explicit StateHistory(KeyValue& kv);

    /// The states after `oldest` to `newest` can be read; from `newest` on the tries are whole. Nothing: no history is kept, the tries have every state.
    struct Range {
        std::uint64_t oldest = 0, newest = 0;
    };
    [[nodiscard]] std::optional<Range> range() const;
    /// Changes when blocks are taken off the history: what was read across that is void.
    [[nodiscard]] std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

    // --- reading: the value after the block, where a later block of the history changed it; keys as the tries have them
    [[nodiscard]] std::optional<std::optional<state::TrieAccount>> find_account(std::uint64_t block,
                                                                                const Hash32& key) const;
    [[nodiscard]] std::optional<U256> find_slot(std::uint64_t block, const Hash32& account, const Hash32& key) const;
    /// As its leaf in the trie; empty where there was none.
    [[nodiscard]] std::optional<Bytes> find_slot_leaf(std::uint64_t block, const Hash32& account,
                                                      const Hash32& key) const;
    /// What the blocks after `after` up to `last` changed, accounts with their slots. Nothing: more than MAX_REBUILT_CHANGES.
    using Changed = std::map<Hash32, std::set<Hash32>>;
    [[nodiscard]] std::optional<Changed> changed_keys(std::uint64_t after, std::uint64_t last) const;

    // --- writing; each is one atomic batch
    void begin(std::uint64_t block);
    /// Adds the block after the newest. Both tries must be whole.
    [[nodiscard]] Result<void, trie::TrieError> extend(trie::NodeSource& nodes, const Hash32& before,
                                                       const Hash32& after);
    /// Takes the blocks above off, newest first. The trie of the one that becomes the newest must be whole.
    void unwind(std::uint64_t newest);
    /// Forgets the oldest state. False: there is only one left.
    bool forget_oldest();

private:
    class Writer;
    void erase_changes(WriteBatch& batch, std::uint64_t block) const;
    void write(WriteBatch& batch, Range range);

    KeyValue& kv_;
    mutable std::mutex range_mutex_;
    std::optional<Range> range_;
    std::atomic<std::uint64_t> generation_{0};
};

}  // namespace entresol::store
