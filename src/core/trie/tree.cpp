#include "core/trie/tree.hpp"

#include <algorithm>

namespace entresol::trie {
namespace {

bool is_same(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

std::vector<Item> without_deletions(Items items) {
    std::vector<Item> kept;
    std::copy_if(items.begin(), items.end(), std::back_inserter(kept), [](const Item& i) { return !i.value.empty(); });
    return kept;
}

/// The leaf and the items below its place, with paths that begin there; deletions have taken effect.
std::vector<Item> merge_leaf(const Node& leaf, std::size_t depth, Items items) {
    std::vector<Item> merged;
    bool is_placed = false;
    for (const auto& item : items) {
        const Nibbles rest = item.path.drop(depth);
        const auto order = compare(leaf.path, rest);
        if (!is_placed && order < 0) merged.push_back({leaf.path, leaf.value});
        is_placed = is_placed || order <= 0;
        if (!item.value.empty()) merged.push_back({rest, item.value});
    }
    if (!is_placed) merged.push_back({leaf.path, leaf.value});
    return merged;
}

/// How many items from the first on continue with the same nibble.
std::size_t group_size(Items items, std::size_t depth) {
    const std::uint8_t nibble = items[0].path[depth];
    std::size_t n = 1;
    while (n < items.size() && items[n].path[depth] == nibble) ++n;
    return n;
}

}  // namespace

Result<Link, TrieError> Tree::apply(const Link& at, std::size_t depth, Items items) {
    if (at.empty()) return build(depth, without_deletions(items));
    TRY(Node* const node, load(at));
    switch (node->kind) {
        case NodeKind::Leaf: return apply_leaf(at, *node, depth, items);
        case NodeKind::Extension: return apply_extension(at, *node, depth, items);
        case NodeKind::Branch: return apply_branch(at, *node, depth, items);
    }
    return fail(TrieError::MalformedNode);
}

Link Tree::build(std::size_t depth, Items items) {
    if (items.empty()) return {};
    const Nibbles front = items.front().path.drop(depth);
    if (items.size() == 1) return {{}, make_leaf(front, items.front().value)};
    const std::size_t shared = common_prefix(front, items.back().path.drop(depth));
    const std::size_t fork = depth + shared;
    Node* const branch = make_branch();
    if (items.front().path.size() == fork) {
        branch->value = items.front().value;
        items = items.subspan(1);
    }
    while (!items.empty()) {
        const std::size_t n = group_size(items, fork);
        (*branch->children)[items.front().path[fork]] = build(fork + 1, items.first(n));
        items = items.subspan(n);
    }
    const Link link{{}, branch};
    return shared == 0 ? link : Link{{}, make_extension(front.first(shared), link)};
}

Result<Link, TrieError> Tree::apply_leaf(const Link& at, const Node& leaf, std::size_t depth, Items items) {
    const auto merged = merge_leaf(leaf, depth, items);
    const bool is_unchanged =
        merged.size() == 1 && compare(merged[0].path, leaf.path) == 0 && is_same(merged[0].value, leaf.value);
    if (is_unchanged) return at;
    return build(0, merged);
}

Result<Link, TrieError> Tree::apply_extension(const Link& at, const Node& extension, std::size_t depth, Items items) {
    // Deleting what is not there changes nothing, and must not make the extension split.
    std::vector<Item> kept;
    std::copy_if(items.begin(), items.end(), std::back_inserter(kept), [&](const Item& item) {
        return !item.value.empty() || starts_with(item.path.drop(depth), extension.path);
    });
    if (kept.empty()) return at;
    // Sorted: the first or the last leaves the extension's path earliest.
    const std::size_t shared = std::min(common_prefix(kept.front().path.drop(depth), extension.path),
                                        common_prefix(kept.back().path.drop(depth), extension.path));
    if (shared < extension.path.size()) return split_extension(extension, shared, depth, kept);
    TRY(const Link child, apply(extension.child, depth + shared, kept));
    if (child == extension.child) return at;
    return prepend(extension.path, child);
}

Result<Link, TrieError> Tree::split_extension(const Node& extension, std::size_t shared, std::size_t depth,
                                              Items items) {
    Node* const branch = make_branch();
    const Nibbles rest = extension.path.drop(shared + 1);
    (*branch->children)[extension.path[shared]] =
        rest.empty() ? extension.child : Link{{}, make_extension(rest, extension.child)};
    TRY(const Link link, apply_branch({{}, branch}, *branch, depth + shared, items));
    return prepend(extension.path.first(shared), link);
}

Result<Link, TrieError> Tree::apply_branch(const Link& at, Node& branch, std::size_t depth, Items items) {
    bool is_changed = false;
    if (items.front().path.size() == depth) {
        is_changed = !is_same(branch.value, items.front().value);
        branch.value = items.front().value;
        items = items.subspan(1);
    }
    while (!items.empty()) {
        const std::size_t n = group_size(items, depth);
        Link& child = (*branch.children)[items.front().path[depth]];
        TRY(const Link changed, apply(child, depth + 1, items.first(n)));
        is_changed = is_changed || !(changed == child);
        child = changed;
        items = items.subspan(n);
    }
    if (!is_changed) return at;
    return collapse(branch);
}

/// A branch needs two of children and value; with one of them, another kind of node takes its place.
Result<Link, TrieError> Tree::collapse(Node& branch) {
    const auto& children = *branch.children;
    const auto is_used = [](const Link& child) { return !child.empty(); };
    const auto first = std::find_if(children.begin(), children.end(), is_used);
    const auto used = std::count_if(children.begin(), children.end(), is_used);
    if (used + (branch.value.empty() ? 0 : 1) >= 2) return Link{{}, &branch};
    if (!branch.value.empty()) return Link{{}, make_leaf({}, branch.value)};
    if (used == 0) return Link{};
    return prepend(single_nibble(static_cast<std::uint8_t>(first - children.begin())), *first);
}

/// A link to the same content one path further up: leaves and extensions grow, a branch gets an extension.
Result<Link, TrieError> Tree::prepend(const Nibbles& path, const Link& link) {
    if (path.empty() || link.empty()) return link;
    TRY(const Node* const node, load(link));
    switch (node->kind) {
        case NodeKind::Leaf: return Link{{}, make_leaf(concat(path, node->path), node->value)};
        case NodeKind::Extension: return Link{{}, make_extension(concat(path, node->path), node->child)};
        case NodeKind::Branch: return Link{{}, make_extension(path, link)};
    }
    return fail(TrieError::MalformedNode);
}

Result<Node*, TrieError> Tree::load(const Link& link) {
    if (link.node != nullptr) return link.node;
    const auto hash = hash_of(link.stored);
    if (!hash) {
        TRY(const NodeView embedded, parse_node(link.stored));
        return adopt(embedded);
    }
    auto rlp = source_ == nullptr ? std::nullopt : source_->find_node(*hash);
    if (!rlp) return fail(TrieError::MissingNode);
    bytes_.push_back(std::move(*rlp));
    TRY(const NodeView view, parse_node(bytes_.back()));
    return adopt(view);
}

Node* Tree::adopt(const NodeView& view) {
    if (view.kind == NodeKind::Leaf) return make_leaf(view.path, view.value);
    if (view.kind == NodeKind::Extension) return make_extension(view.path, {view.children[0], nullptr});
    Node* const branch = make_branch();
    branch->value = view.value;
    for (std::size_t i = 0; i < 16; ++i) (*branch->children)[i].stored = view.children[i];
    return branch;
}

Node* Tree::make_leaf(const Nibbles& path, ByteView value) {
    Node& node = nodes_.emplace_back();
    node.path = path;
    node.value = value;
    return &node;
}

Node* Tree::make_extension(const Nibbles& path, const Link& child) {
    Node& node = nodes_.emplace_back();
    node.kind = NodeKind::Extension;
    node.path = path;
    node.child = child;
    return &node;
}

Node* Tree::make_branch() {
    Node& node = nodes_.emplace_back();
    node.kind = NodeKind::Branch;
    node.children = &children_.emplace_back();
    return &node;
}

Nibbles Tree::concat(const Nibbles& a, const Nibbles& b) {
    return Nibbles(bytes_.emplace_back(pack(a, b))).first(a.size() + b.size());
}

}  // namespace entresol::trie
