#include "core/program/oracle_nodes.hpp"

#include <algorithm>

#include "core/trie/walk.hpp"

namespace entresol::program {
namespace {

class Values final : public trie::TrieVisitor {
public:
    bool enter(const Hash32&) override { return true; }
    void node(const Hash32&, ByteView) override {}
    bool value(ByteView bytes) override {
        values.push_back(to_bytes(bytes));
        return true;
    }
    std::vector<Bytes> values;
};

}  // namespace

std::optional<std::vector<Bytes>> read_ordered_list(Oracle& oracle, const Hash32& root) {
    OracleNodes nodes(oracle);
    Values visitor;
    if (!trie::walk(nodes, root, visitor)) return std::nullopt;
    // In the order of the keys rlp(i): index 0 (0x80) stands between 127 (0x7f) and 128 (0x8180). No leaf is short enough to be in its parent, so the walk
    // keeps that order.
    constexpr std::size_t BEFORE_ZERO = 127;
    auto& values = visitor.values;
    if (!values.empty()) {
        const auto zero =
            values.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(values.size() - 1, BEFORE_ZERO));
        std::rotate(values.begin(), zero, zero + 1);
    }
    return std::move(values);
}

std::optional<Bytes> read_first(Oracle& oracle, const Hash32& root) {
    OracleNodes nodes(oracle);
    constexpr std::uint8_t RLP_OF_ZERO[] = {0x80};
    auto value = trie::find_value(nodes, root, RLP_OF_ZERO);
    if (!value) return std::nullopt;
    return *std::move(value);
}

}  // namespace entresol::program
