// The binary hash tree over the machine's memory: 2^59 leaves of 32 bytes, a node is keccak256 of its two children
// (docs/spec/machine.md, "Memory tree"). Only pages written since the last update are hashed again.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/base/bytes.hpp"
#include "core/riscv/memory.hpp"

namespace entresol::riscv {

inline constexpr std::uint64_t LEAF_BYTES = 32;
inline constexpr unsigned TREE_DEPTH = 59;  // 64 − log2(LEAF_BYTES)

/// The node of that height over memory that is all zero; height 0 is a leaf. Precondition: height ≤ TREE_DEPTH.
[[nodiscard]] const Hash32& zero_node(unsigned height);

/// A leaf's content and, from the leaf upwards, the sibling of each node between it and the root.
struct LeafPath {
    Hash32 leaf;
    std::array<Hash32, TREE_DEPTH> siblings;
};
/// The root above a leaf: of the tree that the path was taken from, or with another content the tree after a store.
[[nodiscard]] Hash32 compute_root(std::uint64_t leaf_index, const LeafPath& path);

/// Leaves side by side, and the nodes beside those above them: a left one where the first node of a height is odd, a right one where
/// the last is even. The others are not looked at.
struct LeafRange {
    std::uint64_t first = 0;  // the number of the first leaf
    Bytes leaves;             // not empty, whole ones
    std::array<Hash32, TREE_DEPTH> left, right;

    [[nodiscard]] std::uint64_t last() const { return first + leaves.size() / LEAF_BYTES - 1; }
};
[[nodiscard]] constexpr bool needs_left(std::uint64_t first, unsigned height) { return (first >> height & 1) != 0; }
[[nodiscard]] constexpr bool needs_right(std::uint64_t last, unsigned height) { return (last >> height & 1) == 0; }
[[nodiscard]] Hash32 compute_root(const LeafRange& range);

/// Belongs to one memory from its beginning, since it learns of each written page once. Keeps a node for each page that was
/// written and each node above it: at most 52 nodes a page where pages lie far apart, about two where they are neighbours.
class MemoryTree {
public:
    /// Takes what was written since the last call and gives the root.
    const Hash32& update(Memory& memory);
    /// As of the last update.
    [[nodiscard]] const Hash32& root() const { return node_at(ROOT, TREE_DEPTH); }
    /// The leaf that holds the byte at address. Precondition: nothing was written since update(memory).
    [[nodiscard]] LeafPath prove(const Memory& memory, std::uint64_t address) const;
    /// The leaves that hold the bytes from address on. The same precondition; length > 0; the range does not wrap.
    [[nodiscard]] LeafRange prove_range(const Memory& memory, std::uint64_t address, std::uint64_t length) const;

private:
    // The root has number 1 and node n the children 2n and 2n + 1, so that numbers are unique over all heights.
    static constexpr std::uint64_t ROOT = 1;
    static constexpr std::uint64_t FIRST_PAGE = std::uint64_t{1} << 52;

    // Strangers' programs choose the addresses: neighbours spread, though no secret seed keeps a table from being crowded.
    struct NodeHash {
        std::size_t operator()(std::uint64_t node) const { return (node * 0x9e3779b97f4a7c15U) >> 20; }
    };
    [[nodiscard]] const Hash32& node_at(std::uint64_t node, unsigned height) const;
    [[nodiscard]] std::array<Hash32, TREE_DEPTH> siblings_of(const Memory& memory, std::uint64_t leaf_index) const;

    std::unordered_map<std::uint64_t, Hash32, NodeHash> nodes_;  // from pages upwards; absent: zero_node
};

}  // namespace entresol::riscv
