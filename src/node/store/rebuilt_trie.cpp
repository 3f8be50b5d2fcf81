#include "node/store/rebuilt_trie.hpp"

#include "core/crypto/keccak.hpp"

namespace entresol::store {
namespace {

class Collected final : public trie::NodeSink {
public:
    void put_node(const Hash32& hash, Bytes rlp) override { nodes.insert_or_assign(hash, std::move(rlp)); }
    RebuiltTrie::Nodes nodes;
};

// What is put back: the accounts, and the tries of those whose storage changed.
struct OldLeaves {
    std::vector<trie::TrieChange> accounts;
    std::vector<std::vector<trie::TrieChange>> slots;  // of one account each
    std::vector<Hash32> base_roots, roots;             // of their storage, on the trie at hand and wanted
};

Result<Hash32, RebuildError> storage_root_at(trie::NodeSource& nodes, const Hash32& root, const Hash32& account) {
    const auto leaf = trie::find_value(nodes, root, account.view());
    if (!leaf) return fail(RebuildError::MissingNode);
    if (!*leaf) return crypto::EMPTY_TRIE_ROOT;
    const auto known = state::decode_trie_account(**leaf);
    if (!known) return fail(RebuildError::MissingNode);
    return known->storage_root;
}

Result<OldLeaves, RebuildError> find_leaves(trie::NodeSource& nodes, const StateHistory& history,
                                            const RebuildPath& path, const StateHistory::Changed& changed) {
    OldLeaves old;
    for (const auto& [key, slots] : changed) {
        const auto account = history.find_account(path.block, key);
        if (!account) return fail(RebuildError::WrongRoot);
        old.accounts.push_back({key, *account ? state::encode(**account) : Bytes{}});
        if (slots.empty()) continue;
        TRY(const Hash32 base_root, storage_root_at(nodes, path.base_root, key));
        old.base_roots.push_back(base_root);
        old.roots.push_back(*account ? (*account)->storage_root : crypto::EMPTY_TRIE_ROOT);
        auto& leaves = old.slots.emplace_back();
        for (const auto& slot : slots) {
            auto leaf = history.find_slot_leaf(path.block, key, slot);
            if (!leaf) return fail(RebuildError::WrongRoot);
            leaves.push_back({slot, std::move(*leaf)});
        }
    }
    return old;
}

}  // namespace

const char* to_string(RebuildError error) {
    switch (error) {
        case RebuildError::TooManyChanges: return "too much changed between this block and the next one with a trie";
        case RebuildError::MissingNode: return "missing trie node";
        case RebuildError::WrongRoot: break;
    }
    return "the history does not lead to the block's state root";
}

std::optional<Bytes> RebuiltTrie::find_node(const Hash32& hash) {
    const auto it = nodes_.find(hash);
    if (it != nodes_.end()) return it->second;
    return below_.find_node(hash);
}

Result<std::shared_ptr<RebuiltTrie>, RebuildError> rebuild_trie(trie::NodeSource& nodes, const StateHistory& history,
                                                                const RebuildPath& path) {
    const auto changed = history.changed_keys(path.block, path.base);
    if (!changed) return fail(RebuildError::TooManyChanges);
    TRY(const auto old, find_leaves(nodes, history, path, *changed));
    Collected sink;
    std::vector<trie::TrieUpdate> updates;
    for (std::size_t i = 0; i < old.slots.size(); ++i) updates.push_back({old.base_roots[i], old.slots[i]});
    const auto storages = trie::update_roots(nodes, updates, sink);
    if (!storages) return fail(RebuildError::MissingNode);
    if (*storages != old.roots) return fail(RebuildError::WrongRoot);
    const auto root = trie::update_root(nodes, path.base_root, old.accounts, sink);
    if (!root) return fail(RebuildError::MissingNode);
    if (*root != path.root) return fail(RebuildError::WrongRoot);
    return std::make_shared<RebuiltTrie>(nodes, std::move(sink.nodes));
}

}  // namespace entresol::store
