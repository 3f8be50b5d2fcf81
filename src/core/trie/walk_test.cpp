#include "core/trie/walk.hpp"

#include <gtest/gtest.h>

#include "core/trie/definition_testing.hpp"

namespace entresol::trie {
namespace {

class Collector final : public TrieVisitor {
public:
    bool enter(const Hash32& hash) override { return known.insert(hash).second; }
    void node(const Hash32& hash, ByteView rlp) override { nodes[hash] = to_bytes(rlp); }
    bool value(ByteView bytes) override {
        values.insert(to_bytes(bytes));
        return !refuses;
    }
    std::set<Hash32> known;
    std::map<Hash32, Bytes> nodes;
    std::multiset<Bytes> values;
    bool refuses = false;
};

Entries random_entries(std::mt19937_64& random, std::size_t count, std::size_t key_bytes) {
    Entries entries;
    while (entries.size() < count) {
        Bytes key(key_bytes);
        for (auto& byte : key) byte = static_cast<std::uint8_t>(random());
        entries[key] = Bytes(1 + random() % 40, static_cast<std::uint8_t>(1 + random() % 255));
    }
    return entries;
}

// Short keys and values make nodes that are embedded in their parents.
TEST(Walk, SeesEveryValueAndExactlyTheNodesThatTheRootNeeds) {
    std::mt19937_64 random(5);
    for (const std::size_t key_bytes : {2, 4, 32}) {
        for (const std::size_t count : {1, 2, 17, 400}) {
            const auto entries = random_entries(random, count, key_bytes);
            MemoryNodes nodes;
            const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, entries);
            Collector collector;
            ASSERT_TRUE(walk(nodes, root, collector));
            EXPECT_EQ(collector.nodes, nodes.nodes);  // made in one batch: all of them belong to this root
            std::multiset<Bytes> values;
            for (const auto& [key, value] : entries) values.insert(value);
            EXPECT_EQ(collector.values, values);
        }
    }
}

TEST(Walk, LeavesOutWhatIsKnown) {
    std::mt19937_64 random(6);
    MemoryNodes nodes;
    const Hash32 before = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, random_entries(random, 300, 32));
    Collector collector;
    ASSERT_TRUE(walk(nodes, before, collector));
    const auto known = nodes.nodes.size();
    const Hash32 after = update_or_die(nodes, before, random_entries(random, 1, 32));
    nodes.read.clear();
    ASSERT_TRUE(walk(nodes, after, collector));
    EXPECT_EQ(nodes.read.size(), nodes.nodes.size() - known);  // only the new ones
    EXPECT_EQ(collector.nodes, nodes.nodes);
}

TEST(Walk, AnyMissingNodeIsFound) {
    std::mt19937_64 random(7);
    MemoryNodes nodes;
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, random_entries(random, 60, 32));
    const auto all = nodes.nodes;
    for (const auto& [hash, rlp] : all) {
        nodes.nodes.erase(hash);
        Collector collector;
        const auto outcome = walk(nodes, root, collector);
        ASSERT_FALSE(outcome);
        EXPECT_EQ(outcome.error(), TrieError::MissingNode);
        nodes.nodes[hash] = rlp;
    }
}

TEST(Walk, TheEmptyTrieHasNothing) {
    MemoryNodes nodes;
    Collector collector;
    EXPECT_TRUE(walk(nodes, crypto::EMPTY_TRIE_ROOT, collector));
    EXPECT_TRUE(collector.nodes.empty());
}

TEST(Walk, RefusesBrokenNodesAndRefusedValues) {
    std::mt19937_64 random(8);
    MemoryNodes nodes;
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, random_entries(random, 20, 32));
    Collector refusing;
    refusing.refuses = true;
    EXPECT_EQ(walk(nodes, root, refusing).error(), TrieError::MalformedNode);
    nodes.nodes[root] = Bytes{0xc1, 0x80};
    Collector collector;
    EXPECT_EQ(walk(nodes, root, collector).error(), TrieError::MalformedNode);
}

}  // namespace
}  // namespace entresol::trie
