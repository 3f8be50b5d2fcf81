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

std::vector<Item> make_items(std::span<const TrieChange> changes) {
    std::vector<Item> items;
    items.reserve(changes.size());
    for (const auto& change : changes) items.push_back({Nibbles(change.key.view()), change.value});
    return items;
}

}  // namespace

Result<Hash32, TrieError> update_root(NodeSource& source, const Hash32& root, std::span<const TrieChange> changes,
                                      NodeSink& sink) {
    return update(source, root, make_items(changes), sink);
}

Result<std::vector<Hash32>, TrieError> update_roots(NodeSource& source, std::span<const TrieUpdate> updates,
                                                    NodeSink& sink) {
    Tree tree(&source);
    std::vector<Hash32> roots;
    std::deque<Bytes> root_refs;  // links look into them
    std::vector<Link> changed;
    std::vector<std::size_t> changed_at;
    for (const auto& [root, changes] : updates) {
        roots.push_back(root);
        const auto items = make_items(changes);
        CHECK(is_ascending(items));
        if (items.empty()) continue;
        const bool is_new = root == crypto::EMPTY_TRIE_ROOT;
        const Link before = is_new ? Link{} : Link{root_refs.emplace_back(encode_root_ref(root)), nullptr};
        TRY(const Link after, tree.apply(before, 0, items));
        if (after == before) continue;
        if (after.empty()) {
            roots.back() = crypto::EMPTY_TRIE_ROOT;
            continue;
        }
        changed.push_back(after);
        changed_at.push_back(roots.size() - 1);
    }
    const auto sealed = tree.seal(changed, &sink);
    for (std::size_t i = 0; i < sealed.size(); ++i) roots[changed_at[i]] = sealed[i];
    return roots;
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
