// The newest state as plain tables: an account or a slot is one look-up instead of a walk down a trie (docs/adr/0014-flat-state.md).
//
// It stands at one state root at a time, written in the same batch as the block that moved it, and follows any move of the head by the difference of
// the two tries. Whoever reads says at which root; where the flat state stands elsewhere there is no answer, and the trie has it.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/state/trie_state.hpp"
#include "core/trie/trie.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {

/// What computing a root made: nodes for the trie, leaves for the flat state.
struct NewState {
    std::vector<std::pair<Hash32, Bytes>> nodes;
    std::optional<state::StateStep> step;
};

/// Reading is thread-safe; one writer. Neither may outlive the database and the source of nodes.
class FlatState {
public:
    FlatState(KeyValue& kv, trie::NodeSource& nodes);
    ~FlatState();
    FlatState(const FlatState&) = delete;
    FlatState& operator=(const FlatState&) = delete;

    // --- reading
    /// Good for reading one state, until the flat state moves on.
    using Ticket = std::uint64_t;
    [[nodiscard]] std::optional<Ticket> ticket(const Hash32& root) const;
    /// Nothing: it has moved on. Else the account, or that there is none.
    [[nodiscard]] std::optional<std::optional<state::TrieAccount>> find_account(Ticket ticket, const Hash32& key) const;
    [[nodiscard]] std::optional<U256> find_slot(Ticket ticket, const Hash32& account, const Hash32& key) const;
    [[nodiscard]] Hash32 root() const;

    // --- writing
    /// Writes the batch and the step's leaves, all or nothing.
    void write(WriteBatch& batch, const state::StateStep& step);
    /// Follows the difference of the tries. Atomic where it is small; a large move that is interrupted is taken up again at the next opening.
    /// Throws std::runtime_error when the tries lack nodes.
    void move_to(const Hash32& root);

private:
    struct Caches;
    class Mover;
    void begin_move();
    void end_move(const Hash32& root);
    void move(const Hash32& from, const Hash32& to);
    void add_leaves(WriteBatch& batch, const state::StateStep& step);
    void drop_slots(WriteBatch& batch, const Hash32& account);
    void remember(const WriteBatch& batch);

    KeyValue& kv_;
    trie::NodeSource& nodes_;
    std::unique_ptr<Caches> caches_;
    std::atomic<std::uint64_t> generation_{0};
    mutable std::mutex root_mutex_;
    std::optional<Hash32> root_;  // nothing while it moves
};

}  // namespace entresol::store
