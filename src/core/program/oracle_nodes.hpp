// Trie nodes as preimages, and the values of an ordered list under its root.
#pragma once

#include "core/program/oracle.hpp"
#include "core/trie/trie.hpp"

namespace entresol::program {

class OracleNodes final : public trie::NodeSource {
public:
    explicit OracleNodes(Oracle& oracle) : oracle_(oracle) {}
    std::optional<Bytes> find_node(const Hash32& hash) override { return oracle_.find(hash); }

private:
    Oracle& oracle_;
};

/// The list whose root trie::compute_ordered_root gives. Nothing: a node is not known, or it is no list's root. Every value must be 32 bytes or more, as
/// transactions and receipts are.
[[nodiscard]] std::optional<std::vector<Bytes>> read_ordered_list(Oracle& oracle, const Hash32& root);
/// The first of them alone. Nothing also when the list is empty.
[[nodiscard]] std::optional<Bytes> read_first(Oracle& oracle, const Hash32& root);

}  // namespace entresol::program
