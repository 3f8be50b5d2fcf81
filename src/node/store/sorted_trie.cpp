#include "node/store/sorted_trie.hpp"

#include <utility>

namespace entresol::store {

std::optional<Bytes> SortedTrie::Newest::find_node(const Hash32& hash) {
    const auto it = nodes.find(hash);
    if (it == nodes.end()) return std::nullopt;
    Bytes rlp = std::move(it->second);
    nodes.erase(it);
    return rlp;
}

void SortedTrie::flush() {
    if (pending_.empty()) return;
    Newest fresh;
    const auto root = trie::update_root(newest_, root_, pending_, fresh);
    CHECK(root.has_value());
    root_ = *root;
    pending_.clear();
    hand_out(newest_);
    newest_ = std::move(fresh);
}

void SortedTrie::hand_out(Newest& final_nodes) {
    for (auto& [hash, rlp] : final_nodes.nodes) out_.put_node(hash, std::move(rlp));
    final_nodes.nodes.clear();
}

Hash32 SortedTrie::finish() {
    flush();
    hand_out(newest_);
    return std::exchange(root_, crypto::EMPTY_TRIE_ROOT);
}

}  // namespace entresol::store
