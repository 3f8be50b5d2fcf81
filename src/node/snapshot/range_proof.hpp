// A stretch of a trie's keys with what proves it complete: every leaf between two keys, and the nodes on the way to the edges. Keys have 32 bytes.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "core/trie/trie.hpp"

namespace entresol::snapshot {

inline constexpr Hash32 FIRST_KEY{};
inline constexpr Hash32 LAST_KEY{
    {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};
/// The key after this one. Precondition: it is not the last.
[[nodiscard]] Hash32 next_key(const Hash32& key);

/// Both ends belong to it.
struct Range {
    Hash32 first = FIRST_KEY, last = LAST_KEY;
};
/// A view: its bytes must outlive it.
struct Leaf {
    Hash32 key;
    ByteView value;
};

enum class RangeError : std::uint8_t {
    BadOrder,       // keys not strictly ascending inside the range, or an empty value
    MissingNode,    // the proof lacks a node on the way to an edge
    UnusedNode,     // the proof has a node that no edge needs, or one twice
    MalformedNode,  // a node that no trie of 32-byte keys has
    WrongLeaves,    // a leaf is missing, changed or one too many
};
[[nodiscard]] const char* to_string(RangeError error);

/// Are these exactly the leaves of the trie in the range? Every node that is inside, and every one of the proof, goes to the sink: only after all was found right.
[[nodiscard]] Result<void, RangeError> verify_range(const Hash32& root, const Range& range,
                                                    std::span<const Leaf> leaves, std::span<const ByteView> proof,
                                                    trie::NodeSink& sink);

/// The proof that verify_range wants.
[[nodiscard]] Result<std::vector<Bytes>, trie::TrieError> prove_range(trie::NodeSource& nodes, const Hash32& root,
                                                                      const Range& range);

/// Leaves in ascending order from a key on, until the visitor returns false.
using VisitLeaf = std::function<bool(const Hash32& key, ByteView value)>;
[[nodiscard]] Result<void, trie::TrieError> visit_leaves(trie::NodeSource& nodes, const Hash32& root,
                                                         const Hash32& first, const VisitLeaf& visit);

}  // namespace entresol::snapshot
