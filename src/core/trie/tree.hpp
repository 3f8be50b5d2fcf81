// The part of a trie that a batch of changes touches, in memory: grown from stored nodes by apply, hashed and handed out by seal.
#pragma once

#include <deque>
#include <span>

#include "core/trie/node.hpp"

namespace entresol::trie {

struct Node;

/// A child: nothing, a stored node by its reference, or a node of this tree.
struct Link {
    EncodedRef stored;
    Node* node = nullptr;

    [[nodiscard]] bool empty() const { return node == nullptr && stored.empty(); }
    /// The same child, not just an equal one.
    bool operator==(const Link& other) const {
        return node == other.node && stored.data() == other.stored.data() && stored.size() == other.stored.size();
    }
};

struct Node {
    NodeKind kind = NodeKind::Leaf;
    Nibbles path;                              // leaf, extension
    ByteView value;                            // leaf, branch
    Link child;                                // extension
    std::array<Link, 16>* children = nullptr;  // branch

    // Set by seal: how the parent refers to this node.
    std::array<std::uint8_t, 33> ref{};
    std::uint8_t ref_size = 0;
    bool is_root = false;  // hashed however short it is
};

/// A key and its new value; empty deletes.
struct Item {
    Nibbles path;
    ByteView value;
};
using Items = std::span<const Item>;

class Tree {
public:
    /// Without a source, every link must lead to a node of this tree.
    explicit Tree(NodeSource* source) : source_(source) {}
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    /// What `at` becomes when the items below it change; `at` itself when nothing does. Items are sorted, and share the `depth` nibbles that lead
    /// to `at`. Their paths and values must outlive the tree.
    [[nodiscard]] Result<Link, TrieError> apply(const Link& at, std::size_t depth, Items items);
    /// A subtree of these items alone; none of them deletes.
    [[nodiscard]] Link build(std::size_t depth, Items items);
    /// Encodes and hashes this tree's nodes below the roots, level by level from the leaves. Those of 32 bytes or more, and the roots, go to the sink.
    /// Precondition: root.node is not null, and no two are the same or below each other.
    [[nodiscard]] std::vector<Hash32> seal(std::span<const Link> roots, NodeSink* sink);
    [[nodiscard]] Hash32 seal(const Link& root, NodeSink* sink) { return seal(std::span(&root, 1), sink).front(); }

private:
    Result<Node*, TrieError> load(const Link& link);
    Node* adopt(const NodeView& view);
    Node* make_leaf(const Nibbles& path, ByteView value);
    Node* make_extension(const Nibbles& path, const Link& child);
    Node* make_branch();
    Nibbles concat(const Nibbles& a, const Nibbles& b);

    Result<Link, TrieError> apply_leaf(const Link& at, const Node& leaf, std::size_t depth, Items items);
    Result<Link, TrieError> apply_extension(const Link& at, const Node& extension, std::size_t depth, Items items);
    Result<Link, TrieError> apply_branch(const Link& at, Node& branch, std::size_t depth, Items items);
    Result<Link, TrieError> split_extension(const Node& extension, std::size_t shared, std::size_t depth, Items items);
    Result<Link, TrieError> collapse(Node& branch);
    Result<Link, TrieError> prepend(const Nibbles& path, const Link& link);

    NodeSource* source_;
    // Deques: nodes and views point into them.
    std::deque<Bytes> bytes_;
    std::deque<Node> nodes_;
    std::deque<std::array<Link, 16>> children_;
};

}  // namespace entresol::trie
