// The difference of two tries is that of the maps that they were made from, wherever paths fork, merge and are embedded.
#include "core/trie/difference.hpp"

#include <map>
#include <random>

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"

namespace entresol::trie {
namespace {

class Nodes final : public NodeSource, public NodeSink {
public:
    std::optional<Bytes> find_node(const Hash32& hash) override {
        ++reads;
        const auto it = nodes.find(hash);
        if (it == nodes.end()) return std::nullopt;
        return it->second;
    }
    void put_node(const Hash32& hash, Bytes rlp) override { nodes[hash] = std::move(rlp); }
    std::map<Hash32, Bytes> nodes;
    std::size_t reads = 0;
};

using Values = std::map<Hash32, Bytes>;
struct Change {
    Hash32 key;
    Bytes before, after;
    bool operator==(const Change&) const = default;
};

class Recorder final : public DifferenceVisitor {
public:
    Result<void, TrieError> change(const Hash32& key, ByteView before, ByteView after) override {
        if (changes.size() == stop_at) return fail(TrieError::InvalidProof);
        changes.push_back({key, to_bytes(before), to_bytes(after)});
        return {};
    }
    std::vector<Change> changes;
    std::size_t stop_at = SIZE_MAX;
};

Hash32 root_of(const Values& values, Nodes& nodes) {
    std::vector<TrieChange> changes;
    for (const auto& [key, value] : values) changes.push_back({key, value});
    return update_root(nodes, crypto::EMPTY_TRIE_ROOT, changes, nodes).value();
}

std::vector<Change> expected_changes(const Values& before, const Values& after) {
    std::map<Hash32, Change> changes;
    for (const auto& [key, value] : before) changes[key] = {key, value, {}};
    for (const auto& [key, value] : after) {
        auto& change = changes[key];
        change.key = key;
        change.after = value;
    }
    std::vector<Change> out;
    for (const auto& [key, change] : changes)
        if (change.before != change.after) out.push_back(change);
    return out;
}

// Few different nibbles and long shared prefixes: every shape of node meets every other.
Hash32 random_key(std::mt19937& random) {
    Hash32 key;
    for (auto& byte : key.bytes) byte = random() % 4 == 0 ? static_cast<std::uint8_t>(random() % 3 * 0x10) : 0x11;
    return key;
}
Bytes random_value(std::mt19937& random) {
    return Bytes(random() % 3 == 0 ? 60 : 1, static_cast<std::uint8_t>(1 + random() % 4));
}

TEST(TrieDifference, IsThatOfTheMaps) {
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        Nodes nodes;
        Values before, after;
        for (std::size_t n = random() % 40; n > 0; --n) before[random_key(random)] = random_value(random);
        if (random() % 4 != 0) after = before;
        for (std::size_t n = random() % 12; n > 0; --n) after[random_key(random)] = random_value(random);
        for (std::size_t n = random() % 12; n > 0 && !after.empty(); --n) {
            auto it = after.begin();
            std::advance(it, static_cast<long>(random() % after.size()));
            if (random() % 2 == 0)
                after.erase(it);
            else
                it->second = random_value(random);
        }
        Recorder recorder;
        const auto before_root = root_of(before, nodes), after_root = root_of(after, nodes);
        ASSERT_TRUE(visit_difference(nodes, before_root, after_root, recorder).has_value());
        ASSERT_EQ(recorder.changes, expected_changes(before, after)) << "round " << round;
    }
}

TEST(TrieDifference, ReadsOnlyWhatDiffers) {
    Nodes nodes;
    Values before;
    for (std::uint8_t i = 0; i < 250; ++i) before[crypto::keccak256(ByteView(&i, 1))] = Bytes(40, i);
    Values after = before;
    after.begin()->second = Bytes(40, 0xee);
    const auto before_root = root_of(before, nodes), after_root = root_of(after, nodes);
    Recorder recorder;
    ASSERT_TRUE(visit_difference(nodes, before_root, after_root, recorder).has_value());
    EXPECT_EQ(recorder.changes.size(), 1U);
    EXPECT_LE(nodes.reads, 8U);
}

TEST(TrieDifference, SaysWhatIsMissingAndWhatTheVisitorRefuses) {
    Nodes nodes;
    Values values;
    for (std::uint8_t i = 0; i < 50; ++i) values[crypto::keccak256(ByteView(&i, 1))] = Bytes(40, i);
    const auto root = root_of(values, nodes);
    Recorder stops;
    stops.stop_at = 3;
    EXPECT_EQ(visit_difference(nodes, crypto::EMPTY_TRIE_ROOT, root, stops).error(), TrieError::InvalidProof);
    EXPECT_EQ(stops.changes.size(), 3U);
    nodes.nodes.erase(root);
    Recorder recorder;
    EXPECT_EQ(visit_difference(nodes, crypto::EMPTY_TRIE_ROOT, root, recorder).error(), TrieError::MissingNode);
}

TEST(TrieDifference, RefusesKeysOfAnotherLength) {
    Nodes nodes;
    const Bytes value(40, 1), short_key{1, 2};
    const KeyChange change{short_key, value};
    const auto root = update_root(nodes, crypto::EMPTY_TRIE_ROOT, std::span(&change, 1), nodes).value();
    Recorder recorder;
    EXPECT_EQ(visit_difference(nodes, crypto::EMPTY_TRIE_ROOT, root, recorder).error(), TrieError::MalformedNode);
}

}  // namespace
}  // namespace entresol::trie
