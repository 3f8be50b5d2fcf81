// Blocks, receipts, state nodes and indexes of one chain over a KeyValue store. Reading is thread-safe; one writer.
// Trie nodes are kept by hash, so the state of any committed block stays readable and a reorg is a move of pointers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/chain/block.hpp"
#include "core/state/trie_state.hpp"
#include "core/trie/trie.hpp"
#include "node/store/flat_state.hpp"
#include "node/store/key_value.hpp"
#include "node/store/state_history.hpp"

namespace entresol::store {

enum class HeadKind : std::uint8_t { Latest, Safe, Finalized };

/// One block as it is written: all of it, or after a crash nothing of it.
struct BlockCommit {
    Hash32 hash;
    std::uint64_t number = 0;
    Bytes header_rlp;
    Bytes body;      // the caller's encoding (block RLP)
    Bytes receipts;  // the caller's encoding (outcomes, senders)
    std::vector<Hash32> tx_hashes;
    NewState state;
    std::vector<std::pair<Hash32, Bytes>> codes;
};

class BlockStore final : public trie::NodeSource, public state::CodeSource {
public:
    explicit BlockStore(std::shared_ptr<KeyValue> kv);

    // --- state (thread-safe; bounded caches in front)
    std::optional<Bytes> find_node(const Hash32& hash) override;
    /// How many nodes were asked of the database because no cache had them, since the start.
    [[nodiscard]] std::uint64_t node_misses() const;
    state::CodePtr find_code(const Hash32& code_hash) override;
    /// The newest state, one look-up a value. It moves with the blocks that are appended; whoever moves the head otherwise moves it too.
    [[nodiscard]] FlatState& flat() const;
    /// Old values, where somebody keeps them.
    [[nodiscard]] StateHistory& history() const;
    /// Called for each node that is written, before it is; on the chain's loop, as writing is. Empty: nobody.
    void set_node_listener(std::function<void(const Hash32&)> listener);
    /// Blocks that reorgs took off the chain and that may come back: their states are needed.
    [[nodiscard]] std::vector<Hash32> removed_blocks() const;
    /// Of blocks below this number nobody asks any more.
    void forget_removed_below(std::uint64_t number);

    // --- blocks (thread-safe)
    [[nodiscard]] std::optional<Bytes> find_header(const Hash32& hash) const;
    [[nodiscard]] std::optional<Bytes> find_body(const Hash32& hash) const;
    [[nodiscard]] std::optional<Bytes> find_receipts(const Hash32& hash) const;
    [[nodiscard]] std::optional<Hash32> find_canonical_hash(std::uint64_t number) const;
    struct TxPosition {
        Hash32 block_hash;
        std::uint32_t index = 0;
    };
    [[nodiscard]] std::optional<TxPosition> find_transaction(const Hash32& tx_hash) const;  // in the canonical chain
    [[nodiscard]] std::optional<Hash32> head(HeadKind kind) const;

    // --- writing
    /// Writes the block and its state without making it canonical.
    void put_block(const BlockCommit& commit);
    /// Writes the block, its state, its indexes and the latest head in one atomic batch. Its parent must be the canonical head (or it is the genesis).
    void append_block(const BlockCommit& commit);
    /// Removes canonical numbers and transaction indexes of `removed` (newest first), adds those of `added` (oldest first), moves the latest head; atomic.
    struct CanonicalBlock {
        Hash32 hash;
        std::uint64_t number = 0;
        std::vector<Hash32> tx_hashes;
    };
    void reorganise(const std::vector<CanonicalBlock>& removed, const std::vector<CanonicalBlock>& added,
                    const Hash32& new_head);
    void set_head(HeadKind kind, const Hash32& hash);
    /// State that belongs to no block (development methods); the flat state moves there.
    void put_state(const NewState& state, const std::vector<std::pair<Hash32, Bytes>>& codes);
    void put_nodes(const std::vector<std::pair<Hash32, Bytes>>& nodes,
                   const std::vector<std::pair<Hash32, Bytes>>& codes);

    // --- which chain this is
    /// Throws std::runtime_error, in words for the user, when the store holds another chain. False: it holds none yet.
    [[nodiscard]] bool check_chain(std::uint64_t chain_id, const Hash32& genesis_hash) const;
    void name_chain(std::uint64_t chain_id, const Hash32& genesis_hash);

    // --- small facts of the caller: schema version, chain id, positions of other services
    [[nodiscard]] std::optional<Bytes> find_meta(std::string_view name) const;
    void put_meta(std::string_view name, ByteView value);

    /// Blobs with what proves them, by versioned hash, in the caller's encoding.
    [[nodiscard]] std::optional<Bytes> find_blob(const Hash32& versioned_hash) const;
    void put_blob(const Hash32& versioned_hash, Bytes record);

    /// For services beside the chain that keep records in tables of their own.
    [[nodiscard]] const std::shared_ptr<KeyValue>& tables() const;

    void flush();
    ~BlockStore() override;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::store
