#include "node/program/list_nodes.hpp"

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace entresol::program {
namespace {

class Collector final : public trie::NodeSource, public trie::NodeSink {
public:
    std::optional<Bytes> find_node(const Hash32&) override { return std::nullopt; }
    void put_node(const Hash32&, Bytes rlp) override { nodes.push_back(std::move(rlp)); }
    std::vector<Bytes> nodes;
};

}  // namespace

std::vector<Bytes> make_list_nodes(std::span<const Bytes> values) {
    std::vector<Bytes> keys(values.size());
    for (std::size_t i = 0; i < keys.size(); ++i) codec::append_uint(keys[i], std::uint64_t{i});
    std::vector<trie::KeyChange> changes;
    const auto add = [&](std::size_t i) { changes.push_back({keys[i], values[i]}); };
    // In the order of the keys: index 0 (0x80) stands between 127 and 128.
    for (std::size_t i = 1; i < values.size() && i < 128; ++i) add(i);
    if (!values.empty()) add(0);
    for (std::size_t i = 128; i < values.size(); ++i) add(i);
    Collector collector;
    const auto root = trie::update_root(collector, crypto::EMPTY_TRIE_ROOT, changes, collector);
    CHECK(root.has_value());
    return std::move(collector.nodes);
}

}  // namespace entresol::program
