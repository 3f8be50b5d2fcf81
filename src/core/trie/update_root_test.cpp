#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/trie/definition_testing.hpp"

namespace entresol::trie {
namespace {

using Random = std::mt19937_64;

Bytes text(const char* s) { return {s, s + std::strlen(s)}; }

Bytes random_bytes(Random& random, std::size_t size, unsigned alphabet) {
    Bytes out(size);
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random() % alphabet);
    return out;
}

/// Keys that share prefixes, are prefixes of each other, and diverge at every depth.
Bytes random_short_key(Random& random) { return random_bytes(random, random() % 4, random() % 2 == 0 ? 3 : 40); }
/// As state tries have, yet close together: few distinct bytes in front.
Bytes random_long_key(Random& random) {
    Bytes key(32, 0x11);
    const std::size_t at = random() % 32;
    key[at] = static_cast<std::uint8_t>(random() % 32);
    key[31] = static_cast<std::uint8_t>(random() % 3);
    return key;
}

using MakeKey = Bytes (*)(Random&);

Entries random_changes(Random& random, MakeKey make_key, const Entries& present) {
    Entries changes;
    for (std::size_t n = random() % 12; n > 0; --n) {
        Bytes key = make_key(random);
        if (!present.empty() && random() % 2 == 0)
            key = std::next(present.begin(), static_cast<std::ptrdiff_t>(random() % present.size()))->first;
        const bool deletes = random() % 5 < 2;
        // Short values embed nodes in their parents, long ones do not.
        changes[key] = deletes ? Bytes{} : random_bytes(random, random() % 2 == 0 ? 1 + random() % 3 : 40, 256);
    }
    return changes;
}

void apply_to(Entries& entries, const Entries& changes) {
    for (const auto& [key, value] : changes) {
        if (value.empty())
            entries.erase(key);
        else
            entries[key] = value;
    }
}

class RandomBatches : public ::testing::TestWithParam<MakeKey> {};

TEST_P(RandomBatches, GiveTheRootOfTheDefinition) {
    Random random(11);
    for (int round = 0; round < 60; ++round) {
        MemoryNodes nodes;
        Entries entries;
        Hash32 root = crypto::EMPTY_TRIE_ROOT;
        for (int batch = 0; batch < 25; ++batch) {
            const Entries changes = random_changes(random, GetParam(), entries);
            root = update_or_die(nodes, root, changes);
            apply_to(entries, changes);
            ASSERT_EQ(root, compute_root_by_definition(entries)) << "round " << round << " batch " << batch;
        }
        for (const auto& [key, value] : entries) {
            const auto found = find_value(nodes, root, key);
            ASSERT_TRUE(found);
            EXPECT_EQ(*found, value);
        }
        for (const auto& [hash, rlp] : nodes.nodes) ASSERT_EQ(crypto::keccak256(rlp), hash);
    }
}

TEST_P(RandomBatches, NeedOnlyTheNodesTheyRead) {
    Random random(12);
    for (int round = 0; round < 200; ++round) {
        MemoryNodes nodes;
        Entries entries;
        for (int i = 0; i < 40; ++i) apply_to(entries, random_changes(random, GetParam(), entries));
        const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, entries);
        const Entries changes = random_changes(random, GetParam(), entries);
        nodes.read.clear();
        const auto all = nodes.nodes;
        const Hash32 updated = update_or_die(nodes, root, changes);
        MemoryNodes witness;
        for (const auto& hash : nodes.read) witness.nodes[hash] = all.at(hash);
        EXPECT_EQ(update_or_die(witness, root, changes), updated);
    }
}

INSTANTIATE_TEST_SUITE_P(Keys, RandomBatches, ::testing::Values(random_short_key, random_long_key));

TEST(UpdateRoot, NothingChangesNothingIsWritten) {
    MemoryNodes nodes;
    const Entries entries{{text("do"), text("verb")}, {text("dog"), text("puppy")}, {text("horse"), text("stallion")}};
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, entries);
    EXPECT_EQ(to_hex(root), to_hex(compute_root_by_definition(entries)));
    const auto before = nodes.nodes;
    EXPECT_EQ(update_or_die(nodes, root, {}), root);
    EXPECT_EQ(update_or_die(nodes, root, entries), root);
    EXPECT_EQ(update_or_die(nodes, root, {{text("cat"), {}}, {text("doge"), {}}, {text("dot"), {}}, {{}, {}}}), root);
    EXPECT_EQ(nodes.nodes, before);
}

TEST(UpdateRoot, DeletingAllLeavesTheEmptyRoot) {
    MemoryNodes nodes;
    const Entries entries{{text("do"), text("verb")}, {text("dog"), text("puppy")}, {text("horse"), text("stallion")}};
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, entries);
    EXPECT_EQ(update_or_die(nodes, root, {{text("do"), {}}, {text("dog"), {}}, {text("horse"), {}}}),
              crypto::EMPTY_TRIE_ROOT);
}

TEST(UpdateRoot, CollapseReadsTheSiblingAndInsertionDoesNot) {
    MemoryNodes nodes;
    const Bytes left(32, 0x10), right(32, 0x20), beside(32, 0x30), value(40, 0x07);
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, {{left, value}, {right, value}});
    MemoryNodes root_only;
    root_only.nodes[root] = nodes.nodes.at(root);
    EXPECT_EQ(update_or_die(root_only, root, {{beside, value}}),
              compute_root_by_definition({{left, value}, {right, value}, {beside, value}}));
    const KeyChange deletion{left, {}};
    EXPECT_EQ(update_root(root_only, root, std::span(&deletion, 1), root_only).error(), TrieError::MissingNode);
}

TEST(UpdateRoot, HashKeysAreTheSameTrie) {
    MemoryNodes nodes;
    Random random(13);
    Entries entries;
    std::vector<TrieChange> changes;
    for (int i = 0; i < 300; ++i)
        entries[random_bytes(random, 32, 256)] = random_bytes(random, 1 + random() % 100, 256);
    for (const auto& [key, value] : entries) changes.push_back({from_bytes<Hash32>(key), value});
    const auto root = update_root(nodes, crypto::EMPTY_TRIE_ROOT, changes, nodes);
    ASSERT_TRUE(root);
    EXPECT_EQ(*root, compute_root_by_definition(entries));
}

TEST(UpdateRoot, SmallRootGoesToTheSinkToo) {
    MemoryNodes nodes;
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, {{text("a"), text("b")}});
    ASSERT_EQ(nodes.nodes.size(), 1U);
    EXPECT_LT(nodes.nodes.at(root).size(), 32U);
    EXPECT_EQ(update_or_die(nodes, root, {{text("ab"), text("c")}}),
              compute_root_by_definition({{text("a"), text("b")}, {text("ab"), text("c")}}));
}

// Many tries at once, empty and emptied and unchanged ones among them, are as one after another; so are look-ups.
TEST(UpdateRoots, AreAsOneByOne) {
    Random random(13);
    for (int round = 0; round < 60; ++round) {
        MemoryNodes nodes;
        std::vector<Entries> tries(1 + random() % 8);
        std::vector<std::vector<TrieChange>> changes(tries.size());
        std::vector<TrieUpdate> updates;
        std::vector<Hash32> expected;
        for (std::size_t i = 0; i < tries.size(); ++i) {
            for (std::size_t n = random() % 6; n > 0; --n)
                apply_to(tries[i], random_changes(random, random_long_key, tries[i]));
            const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, tries[i]);
            Entries batch = random_changes(random, random_long_key, tries[i]);
            if (random() % 4 == 0)
                for (const auto& [key, value] : tries[i]) batch[key] = {};
            for (const auto& [key, value] : batch) changes[i].push_back({from_bytes<Hash32>(key), value});
            updates.push_back({root, changes[i]});
            apply_to(tries[i], batch);
            expected.push_back(compute_root_by_definition(tries[i]));
        }
        const auto roots = update_roots(nodes, updates, nodes);
        ASSERT_TRUE(roots.has_value());
        ASSERT_EQ(*roots, expected) << "round " << round;
        for (std::size_t i = 0; i < tries.size(); ++i) {
            std::set<Hash32> keys;
            for (const auto& change : changes[i]) keys.insert(change.key);
            for (const auto& [key, value] : tries[i]) keys.insert(from_bytes<Hash32>(key));
            const std::vector<Hash32> sorted(keys.begin(), keys.end());
            const auto values = find_values(nodes, expected[i], sorted);
            ASSERT_TRUE(values.has_value());
            for (std::size_t k = 0; k < sorted.size(); ++k) {
                const auto entry = tries[i].find(to_bytes(sorted[k].view()));
                ASSERT_EQ((*values)[k], entry == tries[i].end() ? std::nullopt : std::optional(entry->second));
            }
        }
    }
}

TEST(FindValues, SayWhichNodeIsMissing) {
    Random random(14);
    MemoryNodes nodes;
    Entries entries;
    for (int i = 0; i < 40; ++i) apply_to(entries, random_changes(random, random_long_key, entries));
    const Hash32 root = update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, entries);
    const auto key = from_bytes<Hash32>(entries.begin()->first);
    nodes.nodes.erase(root);
    EXPECT_EQ(find_values(nodes, root, std::span(&key, 1)).error(), TrieError::MissingNode);
}

TEST(OrderedRoot, EqualsTheTrieOfIndicesForEveryLength) {
    Random random(14);
    std::vector<Bytes> values;
    Entries entries;
    EXPECT_EQ(compute_ordered_root(values), crypto::EMPTY_TRIE_ROOT);
    for (std::size_t i = 0; i < 400; ++i) {
        Bytes key;
        codec::append_uint(key, std::uint64_t{i});
        values.push_back(random_bytes(random, 1 + random() % 60, 256));
        entries[key] = values.back();
        if (i < 140 || i % 40 == 0 || i > 250) {
            ASSERT_EQ(compute_ordered_root(values), compute_root_by_definition(entries)) << i;
        }
    }
}

}  // namespace
}  // namespace entresol::trie
