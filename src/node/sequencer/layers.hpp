// The diffs of a block in progress as a short stack of immutable layers: two neighbours of the same rank become one, so n mini-blocks leave at most
// log2(n) layers and each change is copied at most log2(n) times (the scheme of a binary counter).
#pragma once

#include <memory>
#include <vector>

#include "core/state/diff.hpp"

namespace entresol::sequencer {

class Layers {
public:
    using Layer = std::shared_ptr<const state::StateDiff>;

    void push(state::StateDiff diff) {
        if (diff.is_empty()) return;
        layers_.push_back({std::make_shared<const state::StateDiff>(std::move(diff)), 0});
        while (layers_.size() >= 2 && layers_[layers_.size() - 2].rank == layers_.back().rank) {
            auto merged = *layers_[layers_.size() - 2].diff;
            merged.merge(*layers_.back().diff);
            const unsigned rank = layers_.back().rank + 1;
            layers_.pop_back();
            layers_.back() = {std::make_shared<const state::StateDiff>(std::move(merged)), rank};
        }
    }

    /// Newest first.
    [[nodiscard]] std::vector<Layer> newest_first() const {
        std::vector<Layer> result;
        for (auto it = layers_.rbegin(); it != layers_.rend(); ++it) result.push_back(it->diff);
        return result;
    }

    /// What the newest layer that knows the account says of it; null when none does.
    [[nodiscard]] const state::AccountDiff* find_account(const Address& address) const {
        for (auto it = layers_.rbegin(); it != layers_.rend(); ++it)
            if (const auto found = it->diff->accounts.find(address); found != it->diff->accounts.end())
                return &found->second;
        return nullptr;
    }
    [[nodiscard]] state::CodePtr find_code(const Hash32& code_hash) const {
        for (const auto& layer : layers_)
            if (const auto found = layer.diff->codes.find(code_hash); found != layer.diff->codes.end())
                return found->second;
        return nullptr;
    }

private:
    struct Ranked {
        Layer diff;
        unsigned rank;
    };
    std::vector<Ranked> layers_;
};

}  // namespace entresol::sequencer
