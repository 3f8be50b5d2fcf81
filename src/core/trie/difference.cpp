#include "core/trie/difference.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/node.hpp"

namespace entresol::trie {
namespace {

constexpr std::size_t KEY_NIBBLES = 2 * Hash32::SIZE;

/// The subtree of one trie at a path: nothing, a reference not yet followed, or a node (perhaps what is left of a leaf or extension that began above).
struct Side {
    EncodedRef ref;
    std::optional<NodeView> node;

    [[nodiscard]] bool is_nothing() const { return ref.empty() && !node; }
    [[nodiscard]] bool is_at_most_a_leaf() const { return !node || node->kind == NodeKind::Leaf; }
};

bool is_same(ByteView a, ByteView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

/// One nibble further down. The node is no leaf at its end.
Side child_of(const Side& side, std::uint8_t nibble) {
    if (!side.node) return {};
    const NodeView& node = *side.node;
    if (node.kind == NodeKind::Branch) return {node.children[nibble], std::nullopt};
    if (node.path.empty() || node.path[0] != nibble) return {};
    if (node.kind == NodeKind::Extension && node.path.size() == 1) return {node.children[0], std::nullopt};
    Side rest{{}, node};
    rest.node->path = node.path.drop(1);
    return rest;
}

class Comparison {
public:
    Comparison(NodeSource& source, DifferenceVisitor& visitor) : source_(source), visitor_(visitor) {}

    // Ends: every call below is one nibble deeper, and no key has more than 64.
    Result<void, TrieError> compare(Side before, Side after, std::size_t depth) {
        if (before.is_nothing() && after.is_nothing()) return {};
        if (!before.node && !after.node && is_same(before.ref, after.ref)) return {};
        Bytes held_before, held_after;  // what the views below look into
        TRY_VOID(open(before, held_before));
        TRY_VOID(open(after, held_after));
        if (before.is_at_most_a_leaf() && after.is_at_most_a_leaf()) return compare_leaves(before, after, depth);
        if (depth == KEY_NIBBLES) return fail(TrieError::MalformedNode);
        for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
            set_nibble(depth, nibble);
            TRY_VOID(compare(child_of(before, nibble), child_of(after, nibble), depth + 1));
        }
        return {};
    }

private:
    Result<void, TrieError> open(Side& side, Bytes& held) {
        if (side.node || side.ref.empty()) return {};
        ByteView rlp = side.ref;  // embedded in its parent
        if (const auto hash = hash_of(side.ref)) {
            auto found = source_.find_node(*hash);
            if (!found) return fail(TrieError::MissingNode);
            held = std::move(*found);
            rlp = held;
        }
        TRY(side.node, parse_node(rlp));
        // Keys of one length are no prefixes of each other: a branch holds no value.
        if (side.node->kind == NodeKind::Branch && !side.node->value.empty()) return fail(TrieError::MalformedNode);
        return {};
    }

    Result<void, TrieError> compare_leaves(const Side& before, const Side& after, std::size_t depth) {
        if (!after.node) return report(before.node->path, depth, before.node->value, {});
        if (!before.node) return report(after.node->path, depth, {}, after.node->value);
        const auto order = trie::compare(before.node->path, after.node->path);
        if (order == 0) {
            if (is_same(before.node->value, after.node->value)) return {};
            return report(before.node->path, depth, before.node->value, after.node->value);
        }
        if (order < 0) TRY_VOID(report(before.node->path, depth, before.node->value, {}));
        TRY_VOID(report(after.node->path, depth, {}, after.node->value));
        if (order > 0) TRY_VOID(report(before.node->path, depth, before.node->value, {}));
        return {};
    }

    Result<void, TrieError> report(const Nibbles& rest, std::size_t depth, ByteView before, ByteView after) {
        if (depth + rest.size() != KEY_NIBBLES) return fail(TrieError::MalformedNode);
        for (std::size_t i = 0; i < rest.size(); ++i) set_nibble(depth + i, rest[i]);
        return visitor_.change(key_, before, after);
    }

    void set_nibble(std::size_t at, std::uint8_t nibble) {
        std::uint8_t& byte = key_.bytes[at / 2];
        byte = static_cast<std::uint8_t>(at % 2 == 0 ? (byte & 0x0f) | nibble << 4 : (byte & 0xf0) | nibble);
    }

    NodeSource& source_;
    DifferenceVisitor& visitor_;
    Hash32 key_;
};

/// A root as its parent would refer to it, had it one.
Bytes encode_root_ref(const Hash32& root) {
    Bytes ref;
    if (root == crypto::EMPTY_TRIE_ROOT) return ref;
    ref.push_back(0xa0);
    append(ref, root.view());
    return ref;
}

}  // namespace

Result<void, TrieError> visit_difference(NodeSource& source, const Hash32& before, const Hash32& after,
                                         DifferenceVisitor& visitor) {
    const Bytes before_ref = encode_root_ref(before), after_ref = encode_root_ref(after);
    return Comparison(source, visitor).compare({before_ref, std::nullopt}, {after_ref, std::nullopt}, 0);
}

}  // namespace entresol::trie
