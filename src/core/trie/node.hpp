// One node as it is encoded: leaf [path, value], extension [path, child], branch [child × 16, value] (yellow paper, appendix D).
#pragma once

#include <array>
#include <optional>

#include "core/base/result.hpp"
#include "core/trie/nibbles.hpp"
#include "core/trie/trie.hpp"

namespace entresol::trie {

enum class NodeKind : std::uint8_t { Leaf, Extension, Branch };

/// A reference to a child as the parent encodes it: empty, 0xa0 and a hash, or the node itself where it is shorter than 32 bytes.
using EncodedRef = ByteView;
[[nodiscard]] std::optional<Hash32> hash_of(EncodedRef ref);

struct NodeView {
    NodeKind kind = NodeKind::Branch;
    Nibbles path;                         // leaf, extension (never empty)
    ByteView value;                       // leaf (never empty), branch
    std::array<EncodedRef, 16> children;  // branch; an extension's child is the first (never empty)
};

/// Views into rlp. Refuses whatever no trie contains.
[[nodiscard]] Result<NodeView, TrieError> parse_node(ByteView rlp);

/// Hex prefix encoding (yellow paper, appendix C), as an RLP string.
void append_path(Bytes& out, const Nibbles& path, NodeKind kind);

/// One step from a node towards a key.
struct Step {
    enum class Outcome : std::uint8_t { Found, Absent, Follow } outcome = Outcome::Absent;
    ByteView data;  // the value found, or the reference to follow
};
/// Takes from `rest` what the node's path covers.
[[nodiscard]] Step step_towards(const NodeView& node, Nibbles& rest);

}  // namespace entresol::trie
