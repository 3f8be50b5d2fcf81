#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/tree.hpp"

namespace entresol::trie {
namespace {

constexpr std::size_t MAX_KEY_SIZE = 1024;  // bytes; recursion goes as deep as a key has nibbles

/// A hash as its parent would encode it.
Bytes encode_root_ref(const Hash32& root) {
    Bytes ref{0xa0};
    append(ref, root.view());
    return ref;
}

bool is_ascending(Items items) {
    return std::adjacent_find(items.begin(), items.end(),
                              [](const Item& a, const Item& b) { return compare(a.path, b.path) >= 0; }) == items.end();
}

Result<Hash32, TrieError> update(NodeSource& source, const Hash32& root, Items items, NodeSink& sink) {
    if (items.empty()) return root;
    CHECK(is_ascending(items));
    Tree tree(&source);
    const Bytes root_ref = encode_root_ref(root);
    const Link before = root == crypto::EMPTY_TRIE_ROOT ? Link{} : Link{root_ref, nullptr};
    TRY(const Link after, tree.apply(before, 0, items));
    if (after == before) return root;
    if (after.empty()) return crypto::EMPTY_TRIE_ROOT;
    return tree.seal(after, &sink);
}

}  // namespace

Result<Hash32, TrieError> update_root(NodeSource& source, const Hash32& root, std::span<const TrieChange> changes,
                                      NodeSink& sink) {
    std::vector<Item> items;
    items.reserve(changes.size());
    for (const auto& change : changes) items.push_back({Nibbles(change.key.view()), change.value});
    return update(source, root, items, sink);
}

Result<Hash32, TrieError> update_root(NodeSource& source, const Hash32& root, std::span<const KeyChange> changes,
                                      NodeSink& sink) {
    std::vector<Item> items;
    items.reserve(changes.size());
    for (const auto& change : changes) {
        CHECK(change.key.size() <= MAX_KEY_SIZE);
        items.push_back({Nibbles(change.key), change.value});
    }
    return update(source, root, items, sink);
}

}  // namespace entresol::trie
