// New state of a block in progress, in front of the store: a node that was put can be found at once, and all is handed over at the end.
#pragma once

#include <unordered_map>
#include <utility>

#include "node/io/hash_seed.hpp"
#include "node/store/flat_state.hpp"

namespace entresol::ledger {

class NodeOverlay final : public trie::NodeSource, public state::StateSink {
public:
    explicit NodeOverlay(trie::NodeSource& below) : below_(below) {}

    std::optional<Bytes> find_node(const Hash32& hash) override {
        const auto it = fresh_.find(hash);
        if (it != fresh_.end()) return it->second;
        return below_.find_node(hash);
    }
    void put_node(const Hash32& hash, Bytes rlp) override { fresh_.insert_or_assign(hash, std::move(rlp)); }
    void put_step(state::StateStep&& step) override { step_ = std::move(step); }

    /// All nodes, and the leaves of the root that was computed last.
    [[nodiscard]] store::NewState take() {
        store::NewState state{.nodes = {}, .step = std::exchange(step_, std::nullopt)};
        state.nodes.reserve(fresh_.size());
        for (auto& [hash, rlp] : fresh_) state.nodes.emplace_back(hash, std::move(rlp));
        fresh_.clear();
        return state;
    }

private:
    trie::NodeSource& below_;
    std::unordered_map<Hash32, Bytes, io::TableHash> fresh_;
    std::optional<state::StateStep> step_;
};

}  // namespace entresol::ledger
