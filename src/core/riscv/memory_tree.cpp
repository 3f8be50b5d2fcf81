#include "core/riscv/memory_tree.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "core/base/check.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/zero_nodes.hpp"

namespace entresol::riscv {
namespace {

constexpr std::size_t PAGE_LEAVES = PAGE_BYTES / LEAF_BYTES;
constexpr unsigned PAGE_HEIGHT = 7;
static_assert(std::size_t{1} << PAGE_HEIGHT == PAGE_LEAVES);

// Hashes neighbours together: `below` is nodes of 32 bytes, twice as many as `above`.
void raise(const std::uint8_t* below, std::span<Hash32> above, std::vector<ByteView>& messages) {
    messages.resize(above.size());
    for (std::size_t i = 0; i < above.size(); ++i) messages[i] = {below + i * 2 * Hash32::SIZE, 2 * Hash32::SIZE};
    crypto::keccak256_many(messages, above);
}

// All nodes above a page's leaves: 64 of height 1, then 32 of height 2, up to the page's own.
using PageNodes = std::array<Hash32, PAGE_LEAVES - 1>;
constexpr std::size_t first_of(unsigned height) { return PAGE_LEAVES - (2 * PAGE_LEAVES >> height); }

PageNodes hash_page(const Page& page, std::vector<ByteView>& messages) {
    PageNodes nodes;
    const std::uint8_t* below = page.data();
    for (unsigned height = 1; height <= PAGE_HEIGHT; ++height) {
        const auto above = std::span(nodes).subspan(first_of(height), PAGE_LEAVES >> height);
        raise(below, above, messages);
        below = above.front().data();
    }
    return nodes;
}

Hash32 leaf_of(const Page& page, std::size_t index) {
    return from_bytes<Hash32>(ByteView(page).subspan(index * LEAF_BYTES, LEAF_BYTES));
}

Hash32 hash_pair(const Hash32& left, const Hash32& right) {
    std::array<std::uint8_t, 2 * Hash32::SIZE> pair;
    std::copy_n(left.data(), Hash32::SIZE, pair.begin());
    std::copy_n(right.data(), Hash32::SIZE, pair.begin() + Hash32::SIZE);
    return crypto::keccak256(pair);
}

}  // namespace

const Hash32& zero_node(unsigned height) {
    static_assert(ZERO_NODES.size() == TREE_DEPTH + 1);
    CHECK(height <= TREE_DEPTH);
    return ZERO_NODES[height];
}

Hash32 compute_root(std::uint64_t leaf_index, const LeafPath& path) {
    Hash32 node = path.leaf;
    for (const auto& sibling : path.siblings) {
        node = leaf_index % 2 == 0 ? hash_pair(node, sibling) : hash_pair(sibling, node);
        leaf_index /= 2;
    }
    return node;
}

Hash32 compute_root(const LeafRange& range) {
    const std::size_t count = range.leaves.size() / LEAF_BYTES;
    std::vector<Hash32> nodes(count + 1), above;  // one place before for a left sibling
    std::memcpy(nodes[1].data(), range.leaves.data(), range.leaves.size());
    std::vector<ByteView> messages;
    std::uint64_t first = range.first, last = range.last();
    for (unsigned height = 0; height < TREE_DEPTH; ++height, first /= 2, last /= 2) {
        const bool has_left = needs_left(range.first, height);
        if (has_left) nodes.front() = range.left[height];
        if (needs_right(range.last(), height)) nodes.push_back(range.right[height]);
        const std::size_t pairs = static_cast<std::size_t>(last / 2 - first / 2) + 1;
        above.resize(pairs + 1);
        raise(nodes[has_left ? 0 : 1].data(), std::span(above).subspan(1), messages);
        nodes.swap(above);
    }
    return nodes[1];
}

const Hash32& MemoryTree::node_at(std::uint64_t node, unsigned height) const {
    const auto found = nodes_.find(node);
    return found == nodes_.end() ? zero_node(height) : found->second;
}

const Hash32& MemoryTree::update(Memory& memory) {
    std::vector<ByteView> messages;
    std::vector<std::uint64_t> changed = memory.take_written();
    std::sort(changed.begin(), changed.end());
    for (auto& node : changed) {
        const Page* page = memory.find_page(node);
        CHECK(page != nullptr);
        node |= FIRST_PAGE;
        nodes_[node] = hash_page(*page, messages).back();
    }
    std::vector<Hash32> pairs, parents;
    for (unsigned height = PAGE_HEIGHT; height < TREE_DEPTH; ++height) {
        for (auto& node : changed) node /= 2;
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        pairs.clear();
        for (const auto node : changed) {
            pairs.push_back(node_at(2 * node, height));
            pairs.push_back(node_at(2 * node + 1, height));
        }
        parents.resize(changed.size());
        raise(changed.empty() ? nullptr : pairs.front().data(), parents, messages);
        for (std::size_t i = 0; i < changed.size(); ++i) nodes_[changed[i]] = parents[i];
    }
    return root();
}

// The siblings of one leaf, all the way up.
std::array<Hash32, TREE_DEPTH> MemoryTree::siblings_of(const Memory& memory, std::uint64_t leaf_index) const {
    std::array<Hash32, TREE_DEPTH> siblings;
    const std::uint64_t page_index = leaf_index / PAGE_LEAVES;
    const std::size_t leaf = leaf_index % PAGE_LEAVES;
    if (const Page* page = memory.find_page(page_index); page != nullptr) {
        std::vector<ByteView> messages;
        const PageNodes nodes = hash_page(*page, messages);
        siblings[0] = leaf_of(*page, leaf ^ 1);
        for (unsigned height = 1; height < PAGE_HEIGHT; ++height)
            siblings[height] = nodes[first_of(height) + ((leaf >> height) ^ 1)];
    } else {
        for (unsigned height = 0; height < PAGE_HEIGHT; ++height) siblings[height] = zero_node(height);
    }
    std::uint64_t node = FIRST_PAGE | page_index;
    for (unsigned height = PAGE_HEIGHT; height < TREE_DEPTH; ++height, node /= 2)
        siblings[height] = node_at(node ^ 1, height);
    return siblings;
}

LeafPath MemoryTree::prove(const Memory& memory, std::uint64_t address) const {
    CHECK(!memory.has_written());
    LeafPath path{{}, siblings_of(memory, address / LEAF_BYTES)};
    memory.read(address / LEAF_BYTES * LEAF_BYTES, path.leaf.bytes);
    return path;
}

LeafRange MemoryTree::prove_range(const Memory& memory, std::uint64_t address, std::uint64_t length) const {
    CHECK(!memory.has_written() && length > 0);
    const std::uint64_t first = address / LEAF_BYTES, last = (address + (length - 1)) / LEAF_BYTES;
    LeafRange range{first, Bytes(static_cast<std::size_t>(last - first + 1) * LEAF_BYTES), siblings_of(memory, first),
                    siblings_of(memory, last)};
    memory.read(first * LEAF_BYTES, range.leaves);
    return range;
}

}  // namespace entresol::riscv
