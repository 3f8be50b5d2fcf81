#include <gtest/gtest.h>

#include "core/trie/definition_testing.hpp"

namespace entresol::trie {
namespace {

using Random = std::mt19937_64;

struct Filled {
    MemoryNodes nodes;
    Entries entries;
    Hash32 root;
};

/// Keys of two bytes with short and long values: embedded nodes, extensions and branches, and keys that are not there.
Filled fill(Random& random, std::size_t count) {
    Filled filled;
    for (std::size_t i = 0; i < count; ++i) {
        const Bytes key{static_cast<std::uint8_t>(random() % 8), static_cast<std::uint8_t>(random())};
        filled.entries[key] = Bytes(1 + random() % 50, static_cast<std::uint8_t>(1 + random() % 255));
    }
    filled.root = update_or_die(filled.nodes, crypto::EMPTY_TRIE_ROOT, filled.entries);
    return filled;
}

TEST(Proof, ShowsPresenceAndAbsenceOfEveryKey) {
    Random random(21);
    auto [nodes, entries, root] = fill(random, 150);
    for (unsigned i = 0; i < 0x900; ++i) {
        const Bytes key{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
        const auto proof = make_proof(nodes, root, key);
        ASSERT_TRUE(proof);
        const auto value = verify_proof(root, key, *proof);
        ASSERT_TRUE(value) << to_string(value.error());
        const auto expected = entries.find(key);
        EXPECT_EQ(*value, expected == entries.end() ? std::nullopt : std::optional(expected->second));
    }
}

TEST(Proof, OfTheEmptyTrieIsEmpty) {
    MemoryNodes nodes;
    const Bytes key(32, 1);
    const auto proof = make_proof(nodes, crypto::EMPTY_TRIE_ROOT, key);
    ASSERT_TRUE(proof);
    EXPECT_TRUE(proof->empty());
    const auto value = verify_proof(crypto::EMPTY_TRIE_ROOT, key, *proof);
    ASSERT_TRUE(value);
    EXPECT_FALSE(value->has_value());
    const std::vector<Bytes> extra{{0x80}};
    EXPECT_EQ(verify_proof(crypto::EMPTY_TRIE_ROOT, key, extra).error(), TrieError::InvalidProof);
}

TEST(Proof, RefusesMissingExtraSwappedAndForeignNodes) {
    Random random(22);
    auto [nodes, entries, root] = fill(random, 150);
    for (const auto& [key, value] : entries) {
        const auto proof = *make_proof(nodes, root, key);
        ASSERT_GE(proof.size(), 2U);
        auto shorter = proof;
        shorter.pop_back();
        EXPECT_EQ(verify_proof(root, key, shorter).error(), TrieError::InvalidProof);
        auto longer = proof;
        longer.push_back(proof.back());
        EXPECT_EQ(verify_proof(root, key, longer).error(), TrieError::InvalidProof);
        auto swapped = proof;
        std::swap(swapped[0], swapped[1]);
        EXPECT_EQ(verify_proof(root, key, swapped).error(), TrieError::InvalidProof);
        EXPECT_EQ(verify_proof(crypto::keccak256(key), key, proof).error(), TrieError::InvalidProof);
    }
}

TEST(Proof, NoMutationProvesAnything) {
    Random random(23);
    auto [nodes, entries, root] = fill(random, 60);
    for (const auto& [key, value] : entries) {
        const auto proof = *make_proof(nodes, root, key);
        for (int i = 0; i < 50; ++i) {
            auto mutated = proof;
            auto& node = mutated[random() % mutated.size()];
            node[random() % node.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
            EXPECT_EQ(verify_proof(root, key, mutated).error(), TrieError::InvalidProof);
        }
    }
}

/// Serves damaged nodes under the hashes of whole ones, as a broken disk would.
class DamagingNodes final : public NodeSource {
public:
    DamagingNodes(MemoryNodes& below, std::uint64_t seed) : below_(below), random_(seed) {}
    std::optional<Bytes> find_node(const Hash32& hash) override {
        auto node = below_.find_node(hash);
        if (!node || random_() % 3 != 0) return node;
        for (std::uint64_t edits = 1 + random_() % 3; edits > 0; --edits) {
            if (random_() % 8 == 0)
                node->resize(random_() % (node->size() + 1));
            else if (!node->empty())
                (*node)[random_() % node->size()] = static_cast<std::uint8_t>(random_());
        }
        return node;
    }

private:
    MemoryNodes& below_;
    Random random_;
};

TEST(Proof, DamagedNodesGiveErrorsNotCrashes) {
    Random random(24);
    auto [nodes, entries, root] = fill(random, 200);
    int errors = 0;
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        DamagingNodes damaged(nodes, seed);
        std::vector<Bytes> keys;
        keys.reserve(6);
        for (int i = 0; i < 6; ++i)
            keys.push_back({static_cast<std::uint8_t>(random() % 9), static_cast<std::uint8_t>(random())});
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
        const Bytes value(random() % 2 * 40, 7);
        std::vector<KeyChange> changes;
        changes.reserve(keys.size());
        for (const auto& key : keys) changes.push_back({key, value});
        MemoryNodes sink;
        if (!update_root(damaged, root, changes, sink)) ++errors;
        if (!find_value(damaged, root, keys[0])) ++errors;
        if (!make_proof(damaged, root, keys[0])) ++errors;
    }
    EXPECT_GT(errors, 1000);
}

}  // namespace
}  // namespace entresol::trie
