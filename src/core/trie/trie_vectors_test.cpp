// The public TrieTests: ours must give their roots, entry by entry, in one batch, and in any order.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/base/hex.hpp"
#include "core/trie/definition_testing.hpp"
#include "testing/shared_data.hpp"

namespace entresol::trie {
namespace {

using Steps = std::vector<std::pair<Bytes, Bytes>>;

Bytes read_text(const boost::json::value& value) {
    if (value.is_null()) return {};
    const std::string_view text = value.as_string();
    if (text.starts_with("0x")) return *parse_hex(text);
    return {text.begin(), text.end()};
}

/// "in" is a list of pairs, or an object whose order means nothing.
Steps read_steps(const boost::json::value& in, bool is_secure) {
    Steps steps;
    if (in.is_object()) {
        for (const auto& entry : in.as_object())
            steps.emplace_back(read_text(boost::json::value(entry.key())), read_text(entry.value()));
    } else {
        for (const auto& pair : in.as_array()) steps.emplace_back(read_text(pair.at(0)), read_text(pair.at(1)));
    }
    if (is_secure)
        for (auto& [key, value] : steps) key = to_bytes(crypto::keccak256(key).view());
    return steps;
}

Hash32 apply_one_by_one(const Steps& steps) {
    MemoryNodes nodes;
    Hash32 root = crypto::EMPTY_TRIE_ROOT;
    for (const auto& [key, value] : steps) root = update_or_die(nodes, root, {{key, value}});
    return root;
}

Hash32 apply_at_once(const Steps& steps) {
    MemoryNodes nodes;
    Entries last;
    for (const auto& [key, value] : steps) last[key] = value;
    return update_or_die(nodes, crypto::EMPTY_TRIE_ROOT, last);
}

struct VectorFile {
    const char* name;
    bool is_secure;
    bool is_ordered;
};

class TrieVectors : public ::testing::TestWithParam<VectorFile> {};

TEST_P(TrieVectors, HaveTheirRoots) {
    ENTRESOL_VECTORS_OR_SKIP(folder, "tests/TrieTests");
    const auto file = boost::json::parse(testing::read_file(folder / GetParam().name));
    ASSERT_FALSE(file.as_object().empty());
    for (const auto& test : file.as_object()) {
        Steps steps = read_steps(test.value().at("in"), GetParam().is_secure);
        const auto root = parse_fixed<Hash32>(test.value().at("root").as_string());
        ASSERT_TRUE(root);
        EXPECT_EQ(apply_one_by_one(steps), *root) << test.key();
        EXPECT_EQ(apply_at_once(steps), *root) << test.key();
        if (GetParam().is_ordered) continue;
        std::mt19937_64 random(3);
        for (int i = 0; i < 20; ++i) {
            std::shuffle(steps.begin(), steps.end(), random);
            EXPECT_EQ(apply_one_by_one(steps), *root) << test.key();
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Public, TrieVectors,
                         ::testing::Values(VectorFile{"trietest.json", false, true},
                                           VectorFile{"trietest_secureTrie.json", true, true},
                                           VectorFile{"trieanyorder.json", false, false},
                                           VectorFile{"trieanyorder_secureTrie.json", true, false},
                                           VectorFile{"hex_encoded_securetrie_test.json", true, false}));

}  // namespace
}  // namespace entresol::trie
