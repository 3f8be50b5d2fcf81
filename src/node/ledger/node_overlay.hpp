// New trie nodes of a block in progress, in front of the store: what was put can be found at once, and is handed over at the end.
#pragma once

#include <unordered_map>
#include <utility>
#include <vector>

#include "core/trie/trie.hpp"
#include "node/io/hash_seed.hpp"

namespace entresol::ledger {

class NodeOverlay final : public trie::NodeSource, public trie::NodeSink {
public:
    explicit NodeOverlay(trie::NodeSource& below) : below_(below) {}

    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto it = fresh_.find(hash);
        if (it != fresh_.end()) return it->second;
        return below_.find_node(hash);
    }
    void put_node(const Hash32& hash, Bytes rlp) override { fresh_.insert_or_assign(hash, std::move(rlp)); }

    [[nodiscard]] std::vector<std::pair<Hash32, Bytes>> take() {
        std::vector<std::pair<Hash32, Bytes>> nodes;
        nodes.reserve(fresh_.size());
        for (auto& [hash, rlp] : fresh_) nodes.emplace_back(hash, std::move(rlp));
        fresh_.clear();
        return nodes;
    }

private:
    trie::NodeSource& below_;
    std::unordered_map<Hash32, Bytes, io::TableHash> fresh_;
};

}  // namespace entresol::ledger
