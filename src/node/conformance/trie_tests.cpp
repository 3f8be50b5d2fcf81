// TrieTests: the same root entry by entry and in one batch; where the order means nothing, in the order of the file.
#include <map>

#include <boost/json/array.hpp>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"
#include "node/conformance/fields.hpp"
#include "node/conformance/suite.hpp"

namespace entresol::conformance {
namespace {

using Steps = std::vector<std::pair<Bytes, Bytes>>;  // an empty value deletes

class Nodes final : public trie::NodeSource, public trie::NodeSink {
public:
    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto it = nodes_.find(hash);
        return it == nodes_.end() ? std::nullopt : std::optional(it->second);
    }
    void put_node(const Hash32& hash, Bytes rlp) override { nodes_[hash] = std::move(rlp); }

private:
    std::map<Hash32, Bytes> nodes_;
};

Bytes read_word(const json::value& value) {
    if (value.is_null()) return {};
    if (!value.is_string()) throw std::runtime_error("a key or value that is no text");
    const std::string_view word = value.get_string();
    if (word.starts_with("0x")) return to_bytes(word);
    return {word.begin(), word.end()};
}

Steps read_steps(const json::value& in, bool is_secure) {
    Steps steps;
    if (in.is_object())
        for (const auto& [key, value] : in.get_object())
            steps.emplace_back(read_word(json::value(key)), read_word(value));
    else
        for (const auto& pair : as_array(in, "in")) {
            const auto& both = as_array(pair, "a pair");
            if (both.size() != 2) throw std::runtime_error("a pair that is none");
            steps.emplace_back(read_word(both[0]), read_word(both[1]));
        }
    if (is_secure)
        for (auto& [key, value] : steps) key = entresol::to_bytes(crypto::keccak256(key).view());
    return steps;
}

Hash32 update(Nodes& nodes, const Hash32& root, const std::vector<trie::KeyChange>& changes) {
    const auto updated = trie::update_root(nodes, root, changes, nodes);
    if (!updated) throw std::runtime_error(trie::to_string(updated.error()));
    return *updated;
}

Hash32 apply_one_by_one(const Steps& steps) {
    Nodes nodes;
    Hash32 root = crypto::EMPTY_TRIE_ROOT;
    for (const auto& [key, value] : steps) root = update(nodes, root, {{key, value}});
    return root;
}

Hash32 apply_at_once(const Steps& steps) {
    Nodes nodes;
    std::map<Bytes, Bytes> last;
    for (const auto& [key, value] : steps) last[key] = value;
    std::vector<trie::KeyChange> changes;
    for (const auto& [key, value] : last) changes.push_back({key, value});
    return update(nodes, crypto::EMPTY_TRIE_ROOT, changes);
}

std::string run_case(const json::object& test, bool is_secure) {
    const auto steps = read_steps(member(test, "in"), is_secure);
    const auto expected = to_fixed<Hash32>(text(test, "root"));
    const auto differs = [&](const char* way, const Hash32& root) {
        return std::string("the root ") + way + " is " + to_hex(root) + ", expected " + to_hex(expected);
    };
    if (const auto root = apply_one_by_one(steps); root != expected) return differs("step by step", root);
    if (const auto root = apply_at_once(steps); root != expected) return differs("in one batch", root);
    return {};
}

}  // namespace

std::vector<CaseResult> run_trie_tests(const std::filesystem::path& file, const Selection&) {
    const std::string name = file.filename().string();
    const bool is_secure = name.find("secure") != std::string::npos;  // that is how the suite tells
    std::vector<CaseResult> results;
    const json::value content = load_json(file);
    for (const auto& [test_name, value] : as_object(content, "the file")) {
        const auto& test = as_object(value, test_name);
        if (test.contains("tests") && !test.contains("root"))
            results.push_back(
                make_skipped(test_name, "asks for neighbouring keys, which the trie here does not offer"));
        else
            results.push_back(make_result(test_name, {}, {}, run_case(test, is_secure)));
    }
    return results;
}

}  // namespace entresol::conformance
