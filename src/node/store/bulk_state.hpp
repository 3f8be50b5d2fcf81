// A whole state into an empty store, from accounts in order of their keys: tries grow bottom-up, every table is written once and in its order.
#pragma once

#include <memory>
#include <string>

#include "core/state/trie_state.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {

class BulkState {
public:
    /// Nodes wait in files in the folder until they can be sorted by their hashes; it is made, and removed at the end.
    BulkState(KeyValue& kv, std::string scratch_folder);
    ~BulkState();
    BulkState(const BulkState&) = delete;
    BulkState& operator=(const BulkState&) = delete;

    /// A slot of the account that is added next. Strictly ascending keys, RLP of a value that is not zero.
    void add_slot(const Hash32& account, const Hash32& key, Bytes value);
    /// Strictly ascending keys. The storage root is that of the slots before.
    void add_account(const Hash32& key, const state::Account& account);

    struct Sizes {  // bytes on disk
        std::uint64_t flat_accounts = 0, flat_slots = 0, nodes = 0;
        std::uint64_t account_node_bytes = 0, slot_node_bytes = 0;  // of RLP and hashes, before the database packs them
    };
    /// The root of it all, at which the flat state then stands.
    [[nodiscard]] Hash32 finish(Sizes& sizes);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::store
