// The exporter's side of range_proof.hpp: going down a stored trie.
#include <utility>

#include "core/crypto/keccak.hpp"
#include "node/snapshot/range_proof.hpp"
#include "node/snapshot/trie_place.hpp"

namespace entresol::snapshot {
namespace {

using trie::TrieError;

// NOLINTBEGIN(misc-no-recursion): no deeper than a key is long
class Walk {
public:
    explicit Walk(trie::NodeSource& nodes) : nodes_(nodes) {}
    virtual ~Walk() = default;
    Walk(const Walk&) = delete;
    Walk& operator=(const Walk&) = delete;

    Result<void, TrieError> follow(const Hash32& hash, const TriePlace& place) {
        const auto rlp = nodes_.find_node(hash);
        if (!rlp) return fail(TrieError::MissingNode);
        found(*rlp);
        return descend(*rlp, place);
    }

protected:
    [[nodiscard]] virtual bool wants(const TriePlace& place) const = 0;
    virtual void found(const Bytes& rlp) = 0;
    virtual void leaf(const Hash32& key, ByteView value) = 0;

private:
    Result<void, TrieError> descend(ByteView rlp, const TriePlace& place) {
        TRY(const auto node, trie::parse_node(rlp));
        if (node.kind != trie::NodeKind::Branch) {
            const auto below = place.below(node.path);
            if (!below) return fail(TrieError::MalformedNode);
            if (node.kind == trie::NodeKind::Extension) return enter(node.children[0], *below);
            if (below->depth != KEY_NIBBLES) return fail(TrieError::MalformedNode);
            leaf(below->low, node.value);
            return {};
        }
        if (place.depth >= KEY_NIBBLES) return fail(TrieError::MalformedNode);
        for (std::uint8_t nibble = 0; nibble < 16; ++nibble)
            TRY_VOID(enter(node.children[nibble], *place.below(nibble)));
        return {};
    }
    Result<void, TrieError> enter(trie::EncodedRef ref, const TriePlace& place) {
        if (ref.empty() || !wants(place)) return {};
        const auto hash = trie::hash_of(ref);
        return hash ? follow(*hash, place) : descend(ref, place);
    }

    trie::NodeSource& nodes_;
};
// NOLINTEND(misc-no-recursion)

class EdgeWalk final : public Walk {
public:
    EdgeWalk(trie::NodeSource& nodes, const Range& range) : Walk(nodes), range_(range) {}
    [[nodiscard]] bool wants(const TriePlace& place) const override {
        const Hash32 high = place.high();
        const bool is_outside = high < range_.first || range_.last < place.low;
        const bool is_inside = range_.first <= place.low && high <= range_.last;
        return !is_outside && !is_inside;
    }
    void found(const Bytes& rlp) override { proof.push_back(rlp); }
    void leaf(const Hash32&, ByteView) override {}
    std::vector<Bytes> proof;

private:
    const Range& range_;
};

class LeafWalk final : public Walk {
public:
    LeafWalk(trie::NodeSource& nodes, const Hash32& first, const VisitLeaf& visit)
        : Walk(nodes), first_(first), visit_(visit) {}
    [[nodiscard]] bool wants(const TriePlace& place) const override { return !is_over_ && first_ <= place.high(); }
    void found(const Bytes&) override {}
    void leaf(const Hash32& key, ByteView value) override {
        if (!is_over_ && first_ <= key) is_over_ = !visit_(key, value);
    }

private:
    const Hash32& first_;
    const VisitLeaf& visit_;
    bool is_over_ = false;
};

}  // namespace

Result<std::vector<Bytes>, TrieError> prove_range(trie::NodeSource& nodes, const Hash32& root, const Range& range) {
    EdgeWalk walk(nodes, range);
    if (root != crypto::EMPTY_TRIE_ROOT && walk.wants({})) TRY_VOID(walk.follow(root, {}));
    return std::move(walk.proof);
}

Result<void, TrieError> visit_leaves(trie::NodeSource& nodes, const Hash32& root, const Hash32& first,
                                     const VisitLeaf& visit) {
    if (root == crypto::EMPTY_TRIE_ROOT) return {};
    LeafWalk walk(nodes, first, visit);
    return walk.follow(root, {});
}

}  // namespace entresol::snapshot
