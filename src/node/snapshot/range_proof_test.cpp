#include "node/snapshot/range_proof.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "core/trie/walk.hpp"

namespace entresol::snapshot {
namespace {

struct Nodes final : trie::NodeSource, trie::NodeSink {
    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto it = nodes.find(hash);
        return it == nodes.end() ? std::nullopt : std::optional(it->second);
    }
    void put_node(const Hash32& hash, Bytes rlp) override { nodes[hash] = std::move(rlp); }
    std::map<Hash32, Bytes> nodes;
};

struct Trie {
    Nodes nodes;
    std::vector<trie::TrieChange> entries;
    Hash32 root;

    // Values from one byte on, so that some leaves are embedded in their parents; prefixes that are shared, so that extensions are among the nodes.
    Trie(std::size_t size, std::uint32_t seed) {
        std::mt19937 random(seed);
        std::map<Hash32, Bytes> sorted;
        while (sorted.size() < size) {
            Hash32 key;
            for (auto& byte : key.bytes) byte = static_cast<std::uint8_t>(random());
            if (random() % 4 == 0)
                for (std::size_t i = 0; i < 1 + random() % 31; ++i) key.bytes[i] = 0x77;
            sorted[key] = Bytes(1 + random() % 50, static_cast<std::uint8_t>(1 + random() % 100));
        }
        for (const auto& [key, value] : sorted) entries.push_back({key, value});
        root = trie::update_root(nodes, crypto::EMPTY_TRIE_ROOT, entries, nodes).value();
    }
    [[nodiscard]] std::vector<Leaf> leaves(std::size_t from, std::size_t to) const {
        std::vector<Leaf> out;
        for (std::size_t i = from; i < to; ++i) out.push_back({entries[i].key, entries[i].value});
        return out;
    }
};

std::vector<ByteView> views(const std::vector<Bytes>& proof) { return {proof.begin(), proof.end()}; }

bool holds(const Hash32& root, const Range& range, const std::vector<Leaf>& leaves, const std::vector<Bytes>& proof) {
    Nodes out;
    return verify_range(root, range, leaves, views(proof), out).has_value();
}

TEST(RangeProof, CutAnywhereTheRangesHoldAndTheirNodesAreTheWholeTrie) {
    for (const std::size_t size : {1U, 2U, 17U, 300U}) {
        Trie trie(size, static_cast<std::uint32_t>(size));
        std::mt19937 random(7);
        Nodes collected;
        Hash32 first = FIRST_KEY;
        for (std::size_t from = 0; from < size || first == FIRST_KEY;) {
            const std::size_t to = std::min(size, from + 1 + random() % 40);
            const Range range{first, to == size ? LAST_KEY : trie.entries[to - 1].key};
            const auto proof = prove_range(trie.nodes, trie.root, range).value();
            const auto checked = verify_range(trie.root, range, trie.leaves(from, to), views(proof), collected);
            ASSERT_TRUE(checked.has_value()) << to_string(checked.error());
            from = to;
            if (range.last == LAST_KEY) break;
            first = next_key(range.last);
        }
        for (const auto& [hash, rlp] : collected.nodes) EXPECT_EQ(crypto::keccak256(rlp), hash);
        struct Count final : trie::TrieVisitor {
            bool enter(const Hash32&) override { return true; }
            void node(const Hash32&, ByteView) override {}
            bool value(ByteView) override { return ++values, true; }
            std::size_t values = 0;
        } count;
        ASSERT_TRUE(trie::walk(collected, trie.root, count).has_value());
        EXPECT_EQ(count.values, size);
    }
}

TEST(RangeProof, AnEntryLeftOutAddedOrChangedIsFound) {
    const Trie trie(200, 3);
    auto nodes = trie.nodes;
    for (std::size_t from = 0; from < 200; from += 13) {
        const std::size_t to = std::min<std::size_t>(200, from + 25);
        const Range range{from == 0 ? FIRST_KEY : next_key(trie.entries[from - 1].key), trie.entries[to - 1].key};
        const auto proof = prove_range(nodes, trie.root, range).value();
        const auto right = trie.leaves(from, to);
        ASSERT_TRUE(holds(trie.root, range, right, proof));
        for (std::size_t i = 0; i < right.size(); ++i) {
            auto wrong = right;
            wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(i));
            EXPECT_FALSE(holds(trie.root, range, wrong, proof)) << "without " << i;
            wrong = right;
            Bytes other = to_bytes(wrong[i].value);
            other.back() ^= 1;
            wrong[i].value = other;
            EXPECT_FALSE(holds(trie.root, range, wrong, proof)) << "changed " << i;
            wrong = right;
            wrong[i].key.bytes[31] ^= 1;
            EXPECT_FALSE(holds(trie.root, range, wrong, proof)) << "another key " << i;
            wrong = right;
            Leaf added = wrong[i];
            added.key = next_key(added.key);
            if (range.last < added.key) continue;
            wrong.insert(wrong.begin() + static_cast<std::ptrdiff_t>(i) + 1, added);
            EXPECT_FALSE(holds(trie.root, range, wrong, proof)) << "added after " << i;
        }
    }
}

TEST(RangeProof, AProofWithANodeLessMoreOrChangedIsRefused) {
    const Trie trie(200, 5);
    auto nodes = trie.nodes;
    const Range range{next_key(trie.entries[30].key), trie.entries[120].key};
    const auto right = prove_range(nodes, trie.root, range).value();
    const auto leaves = trie.leaves(31, 121);
    ASSERT_GE(right.size(), 3U);
    ASSERT_TRUE(holds(trie.root, range, leaves, right));
    for (std::size_t i = 0; i < right.size(); ++i) {
        auto wrong = right;
        wrong.erase(wrong.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_FALSE(holds(trie.root, range, leaves, wrong));
        wrong = right;
        wrong.push_back(right[i]);
        EXPECT_FALSE(holds(trie.root, range, leaves, wrong));
        for (std::size_t at = 0; at < right[i].size(); ++at) {
            wrong = right;
            wrong[i][at] ^= 0x40;
            EXPECT_FALSE(holds(trie.root, range, leaves, wrong));
        }
    }
    auto wrong = right;
    wrong.push_back(Bytes{0xc0});
    EXPECT_FALSE(holds(trie.root, range, leaves, wrong));
}

TEST(RangeProof, AnEmptyTrieAndAnEmptyStretch) {
    EXPECT_TRUE(holds(crypto::EMPTY_TRIE_ROOT, {}, {}, {}));
    const Trie trie(50, 9);
    auto nodes = trie.nodes;
    EXPECT_FALSE(holds(trie.root, {}, {}, {}));
    const Range gap{next_key(trie.entries[10].key), next_key(next_key(trie.entries[10].key))};
    EXPECT_TRUE(holds(trie.root, gap, {}, prove_range(nodes, trie.root, gap).value()));
    EXPECT_FALSE(holds(crypto::EMPTY_TRIE_ROOT, {}, trie.leaves(0, 1), {}));
}

TEST(RangeProof, ABackwardRangeAndUnorderedKeysAreRefused) {
    const Trie trie(20, 11);
    EXPECT_TRUE(holds(trie.root, {}, trie.leaves(0, 20), {}));
    auto wrong = trie.leaves(0, 20);
    std::swap(wrong[3], wrong[4]);
    EXPECT_FALSE(holds(trie.root, {}, wrong, {}));
    wrong = trie.leaves(0, 20);
    wrong.insert(wrong.begin() + 5, wrong[5]);
    EXPECT_FALSE(holds(trie.root, {}, wrong, {}));
    EXPECT_FALSE(holds(trie.root, {LAST_KEY, FIRST_KEY}, {}, {}));
}

}  // namespace
}  // namespace entresol::snapshot
