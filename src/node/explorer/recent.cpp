#include "node/explorer/recent.hpp"

#include <algorithm>

namespace entresol::explorer {

BlockFigures figures_of(const ledger::StoredBlock& block) {
    const auto& header = block.block.header;
    return {.number = header.number,
            .hash = block.hash,
            .timestamp = header.timestamp,
            .transactions = block.block.transactions.size(),
            .gas_used = header.gas_used,
            .gas_limit = header.gas_limit,
            .base_fee = header.base_fee_per_gas.value_or(U256{}),
            .size_bytes = block.size_bytes};
}

Recent::Recent(const Sources& sources) : ledger_(sources.ledger()) {
    for (auto block = ledger_.head(); block != nullptr && blocks_.size() < BLOCKS;
         block = block->number() == 0 ? nullptr : ledger_.find_block(block->number() - 1))
        blocks_.push_front(figures_of(*block));
    subscription_ = ledger_.subscribe([this](const ledger::HeadChange& change) { follow(change); });
    if (auto* sequencer = sources.context().sequencer)
        sequencer->on_mini_block([this](const sequencer::MiniBlockPtr& mini_block) { remember(*mini_block); });
}

Recent::~Recent() { ledger_.unsubscribe(subscription_); }

void Recent::follow(const ledger::HeadChange& change) {
    const std::lock_guard lock(mutex_);
    for (const auto& block : change.removed)
        while (!blocks_.empty() && blocks_.back().number >= block->number()) blocks_.pop_back();
    for (const auto& block : change.added) {
        while (!blocks_.empty() && blocks_.back().number >= block->number()) blocks_.pop_back();
        blocks_.push_back(figures_of(*block));
        if (blocks_.size() > BLOCKS) blocks_.pop_front();
    }
}

// A block in progress that begins anew (a reorg, a revert) begins with index 0 again: what was shown before it is forgotten.
void Recent::remember(const sequencer::MiniBlock& mini_block) {
    const std::lock_guard lock(mutex_);
    if (mini_block.index == 0) marks_.erase(marks_.lower_bound(mini_block.block_number), marks_.end());
    marks_[mini_block.block_number].push_back({.number = mini_block.block_number,
                                               .index = mini_block.index,
                                               .first_tx = mini_block.first_tx,
                                               .transactions = mini_block.tx_hashes.size(),
                                               .made_at_ms = mini_block.made_at_ms});
    if (marks_.size() > MINI_BLOCK_BLOCKS) marks_.erase(marks_.begin());
}

std::vector<BlockFigures> Recent::blocks() const {
    const std::lock_guard lock(mutex_);
    return {blocks_.begin(), blocks_.end()};
}

std::optional<MiniBlockMark> Recent::find_mini_block(std::uint64_t number, std::size_t tx_index) const {
    const std::lock_guard lock(mutex_);
    const auto it = marks_.find(number);
    if (it == marks_.end()) return std::nullopt;
    for (const auto& mark : it->second)
        if (tx_index >= mark.first_tx && tx_index - mark.first_tx < mark.transactions) return mark;
    return std::nullopt;
}

std::vector<MiniBlockMark> Recent::mini_blocks(std::size_t most) const {
    const std::lock_guard lock(mutex_);
    std::vector<MiniBlockMark> out;
    for (auto it = marks_.rbegin(); it != marks_.rend(); ++it)
        for (auto mark = it->second.rbegin(); mark != it->second.rend(); ++mark) {
            if (out.size() == most) return out;
            out.push_back(*mark);
        }
    return out;
}

}  // namespace entresol::explorer
