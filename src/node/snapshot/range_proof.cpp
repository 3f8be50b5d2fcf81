#include "node/snapshot/range_proof.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/crypto/keccak.hpp"
#include "core/trie/tree.hpp"
#include "node/io/hash_seed.hpp"
#include "node/snapshot/trie_place.hpp"

namespace entresol::snapshot {
namespace {

constexpr std::uint8_t HASH_PREFIX = 0xa0;

enum class Position : std::uint8_t { Outside, Inside, OnEdge };
Position position_of(const TriePlace& place, const Range& range) {
    const Hash32 high = place.high();
    if (high < range.first || range.last < place.low) return Position::Outside;
    return range.first <= place.low && high <= range.last ? Position::Inside : Position::OnEdge;
}

Bytes reference_to(const Hash32& hash) {
    Bytes reference{HASH_PREFIX};
    append(reference, hash.view());
    return reference;
}

std::span<const Leaf> leaves_in(std::span<const Leaf> leaves, const Hash32& low, const Hash32& high) {
    const auto by_key = [](const Leaf& leaf, const Hash32& key) { return leaf.key < key; };
    const auto first = std::lower_bound(leaves.begin(), leaves.end(), low, by_key);
    const auto last =
        std::upper_bound(first, leaves.end(), high, [](const Hash32& key, const Leaf& leaf) { return key < leaf.key; });
    return {first, last};
}

// Goes down the edges only. What lies inside is built anew from the leaves, and must be what its parent says.
class RangeCheck {
public:
    RangeCheck(const Range& range, std::span<const ByteView> proof) : range_(range) {
        for (const auto& node : proof) has_twice_ |= !proof_.try_emplace(crypto::keccak256(node), Known{node}).second;
    }

    Result<void, RangeError> run(const Hash32& root, std::span<const Leaf> leaves) {
        if (root != crypto::EMPTY_TRIE_ROOT)
            TRY_VOID(visit(reference_to(root), {}, leaves));
        else if (!leaves.empty())
            return fail(RangeError::WrongLeaves);
        const bool all_used = std::all_of(proof_.begin(), proof_.end(), [](const auto& e) { return e.second.is_used; });
        if (!all_used || has_twice_) return fail(RangeError::UnusedNode);
        return {};
    }

    Result<void, RangeError> hand_out(trie::NodeSink& sink) {
        Kept kept;
        if (!subtrees_.empty() && tree_.seal(subtrees_, &kept) != expected_) return fail(RangeError::WrongLeaves);
        for (auto& [hash, rlp] : kept.nodes) sink.put_node(hash, std::move(rlp));
        for (const auto& [hash, node] : proof_) sink.put_node(hash, to_bytes(node.rlp));
        return {};
    }

private:
    struct Known {
        ByteView rlp;
        bool is_used = false;
    };
    struct Kept final : trie::NodeSink {
        void put_node(const Hash32& hash, Bytes rlp) override { nodes.emplace_back(hash, std::move(rlp)); }
        std::vector<std::pair<Hash32, Bytes>> nodes;
    };

    // NOLINTBEGIN(misc-no-recursion): no deeper than a key is long
    Result<void, RangeError> visit(trie::EncodedRef ref, const TriePlace& place, std::span<const Leaf> leaves) {
        const Position position = position_of(place, range_);
        if (position == Position::Outside) return {};
        if (ref.empty()) return agree(leaves.empty());
        const auto hash = trie::hash_of(ref);
        if (position == Position::Inside && hash) return expect_subtree(*hash, place, leaves);
        if (!hash) return visit_node(ref, place, leaves);
        const auto known = proof_.find(*hash);
        if (known == proof_.end()) return fail(RangeError::MissingNode);
        if (std::exchange(known->second.is_used, true)) return fail(RangeError::MalformedNode);
        return visit_node(known->second.rlp, place, leaves);
    }

    Result<void, RangeError> visit_node(ByteView rlp, const TriePlace& place, std::span<const Leaf> leaves) {
        const auto node = trie::parse_node(rlp);
        if (!node) return fail(RangeError::MalformedNode);
        if (node->kind == trie::NodeKind::Branch) return visit_branch(*node, place, leaves);
        const auto below = place.below(node->path);
        if (!below || (below->depth == KEY_NIBBLES) != (node->kind == trie::NodeKind::Leaf))
            return fail(RangeError::MalformedNode);
        if (node->kind == trie::NodeKind::Leaf) return visit_leaf(below->low, node->value, leaves);
        const auto inside = leaves_in(leaves, below->low, below->high());
        TRY_VOID(agree(inside.size() == leaves.size()));
        return visit(node->children[0], *below, inside);
    }

    Result<void, RangeError> visit_branch(const trie::NodeView& node, const TriePlace& place,
                                          std::span<const Leaf> leaves) {
        if (!node.value.empty() || place.depth >= KEY_NIBBLES) return fail(RangeError::MalformedNode);
        for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
            const auto below = place.below(nibble);
            TRY_VOID(visit(node.children[nibble], *below, leaves_in(leaves, below->low, below->high())));
        }
        return {};
    }
    // NOLINTEND(misc-no-recursion)

    Result<void, RangeError> visit_leaf(const Hash32& key, ByteView value, std::span<const Leaf> leaves) const {
        if (key < range_.first || range_.last < key) return agree(leaves.empty());
        return agree(leaves.size() == 1 && leaves[0].key == key && std::ranges::equal(leaves[0].value, value));
    }

    Result<void, RangeError> expect_subtree(const Hash32& hash, const TriePlace& place, std::span<const Leaf> leaves) {
        if (leaves.empty()) return fail(RangeError::WrongLeaves);
        std::vector<trie::Item> items;
        items.reserve(leaves.size());
        for (const auto& leaf : leaves) items.push_back({trie::Nibbles(leaf.key.view()), leaf.value});
        subtrees_.push_back(tree_.build(place.depth, items));
        expected_.push_back(hash);
        return {};
    }

    static Result<void, RangeError> agree(bool leaves_are_right) {
        if (!leaves_are_right) return fail(RangeError::WrongLeaves);
        return {};
    }

    const Range& range_;
    std::unordered_map<Hash32, Known, io::TableHash> proof_;
    bool has_twice_ = false;
    trie::Tree tree_{nullptr};
    std::vector<trie::Link> subtrees_;
    std::vector<Hash32> expected_;
};

}  // namespace

const char* to_string(RangeError error) {
    switch (error) {
        case RangeError::BadOrder: return "its keys are not in ascending order inside its range";
        case RangeError::MissingNode: return "its proof lacks a node at an edge of the range";
        case RangeError::UnusedNode: return "its proof holds a node that the range does not need";
        case RangeError::MalformedNode: return "its proof holds a node that no state has";
        case RangeError::WrongLeaves: break;
    }
    return "an entry is missing, changed or one too many";
}

Hash32 next_key(const Hash32& key) {
    Hash32 next = key;
    for (std::size_t i = Hash32::SIZE; i-- > 0;)
        if (++next.bytes[i] != 0) return next;
    CHECK(false);
    return next;
}

Result<void, RangeError> verify_range(const Hash32& root, const Range& range, std::span<const Leaf> leaves,
                                      std::span<const ByteView> proof, trie::NodeSink& sink) {
    if (range.last < range.first) return fail(RangeError::BadOrder);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const auto& leaf = leaves[i];
        if (leaf.value.empty() || leaf.key < range.first || range.last < leaf.key ||
            (i > 0 && leaf.key <= leaves[i - 1].key))
            return fail(RangeError::BadOrder);
    }
    RangeCheck check(range, proof);
    TRY_VOID(check.run(root, leaves));
    return check.hand_out(sink);
}

}  // namespace entresol::snapshot
