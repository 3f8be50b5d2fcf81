#include "node/ledger/history_keeper.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "node/io/log.hpp"
#include "node/io/loop.hpp"
#include "node/store/block_store.hpp"

namespace entresol::ledger {

HistoryKeeper::HistoryKeeper(Ledger& ledger, io::Loop& loop, HistoryOptions options)
    : ledger_(ledger), loop_(loop), options_(options) {
    subscription_ = ledger_.subscribe([this](const HeadChange&) { schedule(); });
    schedule();
}

HistoryKeeper::~HistoryKeeper() {
    *alive_ = false;
    ledger_.unsubscribe(subscription_);
}

void HistoryKeeper::schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    loop_.post([this, alive = alive_] {
        if (!*alive) return;
        scheduled_ = false;
        if (step()) schedule();
    });
}

bool HistoryKeeper::step() { return extend() || forget() || sweep(); }

void HistoryKeeper::begin_history(std::uint64_t number) {
    ledger_.store()->history().begin(number);
    io::log_info("store", "history begins", {{"block", number}});
}

// Only what is final: then no reorg takes it back.
bool HistoryKeeper::extend() {
    auto& store = *ledger_.store();
    const auto head = ledger_.head()->number();
    const auto end = std::min(ledger_.finalized()->number(), head - std::min(head, options_.whole_tries));
    auto range = store.history().range();
    if (!range) {
        if (end == 0) return false;
        const Hash32& first = ledger_.genesis()->block.header.state_root;
        const bool has_genesis = first == crypto::EMPTY_TRIE_ROOT || store.find_node(first).has_value();
        begin_history(has_genesis ? 0 : end);
        return true;
    }
    if (range->newest >= end) return false;
    const auto before = ledger_.find_header(range->newest), after = ledger_.find_header(range->newest + 1);
    CHECK(before.has_value() && after.has_value());
    if (!store.history().extend(store, before->state_root, after->state_root)) {
        // A revert that was cut short left states without tries here: what is older cannot be reached from what is newer any more.
        io::log_warning("store", "the history has a gap and starts anew", {{"block", range->newest}});
        begin_history(end);
    }
    return true;
}

bool HistoryKeeper::forget() {
    const auto range = ledger_.store()->history().range();
    const auto head = ledger_.head()->number();
    if (!range || head < options_.blocks || range->oldest >= std::min(range->newest, head - options_.blocks))
        return false;
    return ledger_.store()->history().forget_oldest();
}

// What may still be asked for or built on. Found by number, so a pass begins with a look-up for each checkpoint and each block above the history.
std::vector<Hash32> HistoryKeeper::kept_roots() const {
    const auto& store = *ledger_.store();
    const auto range = store.history().range().value();
    std::vector<Hash32> roots{store.flat().root()};
    const auto up = store::CHECKPOINT_BLOCKS - 1;
    for (auto n = (range.oldest + up) / store::CHECKPOINT_BLOCKS * store::CHECKPOINT_BLOCKS; n < range.newest;
         n += store::CHECKPOINT_BLOCKS)
        roots.push_back(ledger_.find_header(n).value().state_root);
    const auto head = ledger_.head()->number();
    for (auto n = range.newest; n <= head; ++n) {
        roots.push_back(ledger_.find_header(n).value().state_root);
        const auto written = store.find_meta(base_root_name(ledger_.find_block_hash(n).value()));
        if (n > range.newest && written) roots.push_back(from_bytes<Hash32>(*written));
    }
    for (const auto& hash : store.removed_blocks()) {
        const auto rlp = store.find_header(hash);
        if (!rlp) continue;
        const Hash32 root = chain::decode_header(*rlp).value().state_root;
        // Those that a development revert took off below the history's end had lost their tries before.
        if (store.tables()->find(store::Table::Nodes, root.view())) roots.push_back(root);
    }
    return roots;
}

bool HistoryKeeper::sweep() {
    auto& store = *ledger_.store();
    if (!pass_) {
        const auto range = store.history().range();
        if (!range || range->newest < std::max(next_pass_at_, swept_to_ + store::CHECKPOINT_BLOCKS)) return false;
        store.forget_removed_below(range->newest);
        swept_to_ = range->newest;
        pass_.emplace(store, kept_roots());
        return true;
    }
    using Progress = store::TrieSweep::Progress;
    const auto progress = pass_->step(options_.nodes_per_step);
    if (progress == Progress::Going) return true;
    if (progress != Progress::Done)
        io::log_warning("store", progress == Progress::TooLarge ? "the state is too large to prune its trie"
                                                                : "a kept state lacks nodes: its trie is not pruned");
    else
        io::log_info("store", "trie pruned", {{"kept", pass_->marked()}, {"removed", pass_->removed()}});
    // A pass looks at every node that is kept: the next one waits until there may be as many to remove.
    const auto blocks = std::max<std::uint64_t>(1, swept_to_ - std::min(swept_to_, last_swept_));
    const auto gain = std::max<std::uint64_t>(1, pass_->removed());
    next_pass_at_ = swept_to_ + std::min<std::uint64_t>(pass_->marked() / 2 * blocks / gain, MAX_BLOCKS_BETWEEN_PASSES);
    last_swept_ = swept_to_;
    pass_.reset();
    return false;
}

}  // namespace entresol::ledger
