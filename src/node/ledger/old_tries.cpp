#include "node/ledger/old_tries.hpp"

#include <algorithm>
#include <stdexcept>

#include "node/store/block_store.hpp"

namespace entresol::ledger {
namespace {

/// Nothing: the trie is there.
std::optional<store::RebuildPath> path_to(const Ledger& ledger, const StoredBlock& block) {
    const auto range = ledger.store()->history().range();
    if (!range || block.number() >= range->newest) return std::nullopt;
    const auto up = store::CHECKPOINT_BLOCKS - 1;
    const auto base =
        std::min((block.number() + up) / store::CHECKPOINT_BLOCKS * store::CHECKPOINT_BLOCKS, range->newest);
    if (base == block.number()) return std::nullopt;
    const auto header = ledger.find_header(base);
    CHECK(header.has_value());  // bodies and headers are not pruned
    return store::RebuildPath{block.number(), base, block.block.header.state_root, header->state_root};
}

}  // namespace

Result<OldTries::Trie, std::string> OldTries::find(const Ledger& ledger, const StoredBlock& block) {
    const std::lock_guard lock(mutex_);
    const auto known =
        std::find_if(tries_.begin(), tries_.end(), [&block](const auto& entry) { return entry.first == block.hash; });
    if (known != tries_.end()) return known->second;
    const auto path = path_to(ledger, block);
    if (!path) return Trie{};
    auto& store = *ledger.store();
    if (!ledger.is_canonical(block)) return fail(std::string("missing trie node: the block is not of the chain"));
    auto rebuilt = store::rebuild_trie(store, store.history(), *path);
    if (!rebuilt) return fail(std::string(store::to_string(rebuilt.error())));
    tries_.emplace_front(block.hash, *rebuilt);
    if (tries_.size() > REMEMBERED) tries_.pop_back();
    return std::move(*rebuilt);
}

void OldTries::bring_back(const Ledger& ledger, const StoredBlock& block) {
    auto& store = *ledger.store();
    const auto range = store.history().range();
    if (!range || block.number() >= range->newest) return;
    const auto words = "the head cannot go back to block " + std::to_string(block.number()) + ": ";
    if (block.number() < range->oldest) throw std::runtime_error(words + "its state was pruned");
    if (const auto path = path_to(ledger, block)) {
        const auto rebuilt = store::rebuild_trie(store, store.history(), *path);
        if (!rebuilt) throw std::runtime_error(words + store::to_string(rebuilt.error()));
        const auto& nodes = (*rebuilt)->nodes();
        store.put_nodes({nodes.begin(), nodes.end()}, {});
    }
    store.history().unwind(block.number());
}

StateSnapshot Ledger::state_at(const BlockPtr& block) const {
    const auto& history = store_->history();
    const auto generation = history.generation();
    const auto range = history.range();
    const auto& header = block->block.header;
    if (!range || block->number() >= range->newest || !is_canonical(*block))
        return {store_, header, header.state_root, {}, false};
    const auto newest = find_header(range->newest);
    CHECK(newest.has_value());
    return {store_, header, StateSnapshot::Old{block->number(), generation, newest->state_root}};
}

std::uint64_t Ledger::oldest_state() const {
    const auto range = store_->history().range();
    return range ? range->oldest : 0;
}

Result<std::shared_ptr<trie::NodeSource>, std::string> Ledger::nodes_at(const StoredBlock& block) const {
    TRY(auto rebuilt, old_tries_->find(*this, block));
    if (rebuilt == nullptr) return std::shared_ptr<trie::NodeSource>(store_);
    return std::shared_ptr<trie::NodeSource>(std::move(rebuilt));
}

}  // namespace entresol::ledger
