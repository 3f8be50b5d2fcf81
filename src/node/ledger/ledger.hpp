// One chain as a node keeps it: blocks, receipts, state at every block, and the heads. The embedded L1, the sequencer's L2 and a replica's L2 are each
// a Ledger. Reading is thread-safe and gives immutable values; changing happens on the chain's loop only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "core/chain/block.hpp"
#include "core/chain/forks.hpp"
#include "core/chain/genesis.hpp"
#include "core/state/trie_state.hpp"
#include "core/stf/transition.hpp"
#include "node/store/flat_state.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::parallel {
class Executor;
}

namespace entresol::ledger {

/// A block with everything that RPC tells of it; immutable once made.
struct StoredBlock {
    chain::Block block;
    Hash32 hash;
    std::vector<Hash32> tx_hashes;
    std::vector<Address> senders;
    std::vector<stf::TxOutcome> outcomes;  // without call output
    std::size_t size_bytes = 0;            // RLP
    [[nodiscard]] std::uint64_t number() const { return block.header.number; }
};
using BlockPtr = std::shared_ptr<const StoredBlock>;

/// Where state is read: the state after a block, or after the newest mini-block on top of it. Immutable, cheap to copy, may outlive any reorg.
class StateSnapshot {
public:
    using Layer = std::shared_ptr<const state::StateDiff>;

    StateSnapshot() = default;
    StateSnapshot(std::shared_ptr<store::BlockStore> store, chain::Header context, Hash32 state_root,
                  std::vector<Layer> layers, bool is_preview);
    /// After a block whose trie is gone: its values are in the history, else those of the trie at the history's end.
    struct Old {
        std::uint64_t block = 0, generation = 0;
        Hash32 newest_root;
    };
    StateSnapshot(std::shared_ptr<store::BlockStore> store, chain::Header context, const Old& old);

    /// A fresh view for one thread; it keeps what it needs alive.
    [[nodiscard]] std::unique_ptr<state::StateView> open() const;
    /// The header whose number, time and fees a call sees: the block itself, or the block in progress.
    [[nodiscard]] const chain::Header& context() const { return context_; }
    /// The root under the layers; with no layers, the state's root (for proofs).
    [[nodiscard]] const Hash32& state_root() const { return state_root_; }
    [[nodiscard]] bool is_preview() const { return is_preview_; }
    /// All layers as one: what the block in progress has changed so far.
    [[nodiscard]] state::StateDiff preview_diff() const;
    [[nodiscard]] const std::shared_ptr<store::BlockStore>& store() const { return store_; }

private:
    std::shared_ptr<store::BlockStore> store_;
    chain::Header context_;
    Hash32 state_root_;
    std::vector<Layer> layers_;  // newest first
    bool is_preview_ = false;
    std::optional<Old> old_;
};

/// What happened to the canonical chain: blocks taken off (newest first), blocks put on (oldest first).
struct HeadChange {
    std::vector<BlockPtr> removed;
    std::vector<BlockPtr> added;
};

/// The fact of the store that holds the root of the state under a block, where development methods had written to its parent's.
[[nodiscard]] std::string base_root_name(const Hash32& block_hash);

class OldTries;

class Ledger {
public:
    /// Opens the chain in the store, or writes its genesis. Throws std::runtime_error when the store holds another chain.
    Ledger(chain::ChainConfig config, const chain::Genesis& genesis, std::shared_ptr<store::BlockStore> store);
    ~Ledger();
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    [[nodiscard]] const chain::ChainConfig& config() const { return config_; }
    [[nodiscard]] chain::Rules rules_of(const chain::Header& header) const {
        return config_.rules_at(header.number, header.timestamp);
    }
    [[nodiscard]] const std::shared_ptr<store::BlockStore>& store() const { return store_; }

    // --- reading, from any thread
    [[nodiscard]] BlockPtr head() const;
    [[nodiscard]] BlockPtr safe() const;
    [[nodiscard]] BlockPtr finalized() const;
    [[nodiscard]] BlockPtr genesis() const;
    [[nodiscard]] BlockPtr find_block(std::uint64_t number) const;  // canonical
    [[nodiscard]] BlockPtr find_block(const Hash32& hash) const;    // any known
    [[nodiscard]] std::optional<Hash32> find_block_hash(std::uint64_t number) const;
    [[nodiscard]] std::optional<chain::Header> find_header(std::uint64_t number) const;
    [[nodiscard]] bool is_canonical(const StoredBlock& block) const;
    struct TxLocation {
        BlockPtr block;
        std::size_t index = 0;
    };
    [[nodiscard]] std::optional<TxLocation> find_transaction(const Hash32& tx_hash) const;  // canonical only
    [[nodiscard]] StateSnapshot state_at(const BlockPtr& block) const;
    /// What the block was executed on: its parent's state, or what development methods had made of that. Null parent: not known here.
    [[nodiscard]] std::optional<StateSnapshot> state_before(const StoredBlock& block) const;
    /// The number of the oldest canonical block whose state is kept.
    [[nodiscard]] std::uint64_t oldest_state() const;
    /// Where the nodes of the block's state are found: the store, or where they are gone the trie rebuilt from the history (a few are remembered).
    [[nodiscard]] Result<std::shared_ptr<trie::NodeSource>, std::string> nodes_at(const StoredBlock& block) const;

    // --- changing, on the loop
    /// What runs whole blocks here, made when first asked for.
    [[nodiscard]] parallel::Executor& executor();
    /// Before the first block: how many threads it has; 0 as many as the machine, 1 serial.
    void set_execution_threads(unsigned threads);
    /// Executes a block of an external source and makes it the head. Its parent must be known.
    Result<BlockPtr, stf::BlockFailure> import_block(const chain::Block& block);
    /// Makes a block that was built here (executed, its new state given) the head.
    struct BuiltBlock {
        chain::Block block;
        stf::BlockOutcome outcome;
        std::vector<Address> senders;
        store::NewState state;
        std::optional<Hash32> base_root =
            std::nullopt;                    // of the state it was built on, where that may not be its parent's
        std::vector<Hash32> tx_hashes = {};  // of its transactions; computed where there are none
    };
    BlockPtr commit(BuiltBlock built);
    /// Moves the head to a known block, forwards or back (reorg, revert, snapshot). Safe and finalized heads never stay above it.
    void set_head(const Hash32& hash);
    void set_safe(const Hash32& hash);
    void set_finalized(const Hash32& hash);

    /// Of this process.
    struct Activity {
        std::uint64_t blocks = 0, transactions = 0, gas = 0;  // put on the chain
        std::uint64_t removed = 0;                            // blocks taken off
    };
    [[nodiscard]] Activity activity() const;  // from any thread

    /// Called on the loop after the head has moved. Returns a token for unsubscribe.
    using Listener = std::function<void(const HeadChange&)>;
    std::uint64_t subscribe(Listener listener);
    void unsubscribe(std::uint64_t token);

private:
    struct Impl;
    chain::ChainConfig config_;
    std::shared_ptr<store::BlockStore> store_;
    std::unique_ptr<Impl> impl_;
    std::unique_ptr<OldTries> old_tries_;
};

}  // namespace entresol::ledger
