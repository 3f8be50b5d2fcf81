// For the tests of this folder: nodes in memory, and the root computed the slow way from all keys and values.
#pragma once

#include <map>
#include <random>
#include <set>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace entresol::trie {

using Entries = std::map<Bytes, Bytes>;

class MemoryNodes final : public NodeSource, public NodeSink {
public:
    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto found = nodes.find(hash);
        if (found == nodes.end()) return std::nullopt;
        read.insert(hash);
        return found->second;
    }
    void put_node(const Hash32& hash, Bytes rlp) override { nodes[hash] = std::move(rlp); }

    std::map<Hash32, Bytes> nodes;
    std::set<Hash32> read;
};

/// The yellow paper's definition (appendix D) word for word, over all entries. Shares no code with the trie.
[[nodiscard]] Hash32 compute_root_by_definition(const Entries& entries);

/// Applies changes in one batch; the root, which must exist.
[[nodiscard]] Hash32 update_or_die(MemoryNodes& nodes, const Hash32& root, const Entries& changes);

}  // namespace entresol::trie
