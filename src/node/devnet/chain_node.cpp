#include "node/devnet/chain_node.hpp"

#include <algorithm>

#include "node/store/block_store.hpp"

namespace entresol::devnet {

ChainNode::ChainNode(const sequencer::Options& options, chain::ChainConfig config, const chain::Genesis& genesis,
                     std::shared_ptr<store::BlockStore> store, DevClock& clock, BothLayers& both,
                     sequencer::TemplateSource templates)
    : clock_(clock),
      both_(both),
      loop_([&clock] { return clock.now_ms(); }),
      ledger_(std::move(config), genesis, std::move(store)),
      sequencer_(
          options, ledger_, loop_, [&clock] { return clock.now_ms(); }, std::move(templates)),
      has_interval_(options.mode == sequencer::SealMode::Interval) {
    // A kept chain may be ahead of the machine's clock: development methods had moved time.
    clock_.reach_ms(ledger_.head()->block.header.timestamp * 1000);
    // A sealed block's time has been. Blocks made faster than their times allow (automine) take the clock with them, else whoever mines by the clock
    // would wait until it has caught up.
    ledger_.subscribe([this](const ledger::HeadChange& change) {
        if (change.added.empty()) return;
        const auto time_ms = change.added.back()->block.header.timestamp * 1000;
        if (time_ms <= clock_.now_ms()) return;
        clock_.reach_ms(time_ms);
        both_.clock_moved();
    });
}

ChainNode::~ChainNode() { stop(); }

void ChainNode::start() {
    sequencer_.start();
    loop_.start();
}

void ChainNode::stop() { loop_.stop(); }

std::optional<Address> ChainNode::coinbase() const {
    const std::lock_guard lock(mutex_);
    return coinbase_;
}

Bytes ChainNode::branch_mark() const {
    if (branch_ == 0) return {};
    const std::string mark = "branch " + std::to_string(branch_);
    return {mark.begin(), mark.end()};
}

void ChainNode::seal_one(std::optional<std::uint64_t> timestamp) { (void)sequencer_.seal_now(timestamp); }

void ChainNode::move_head(const Hash32& hash, bool keep_transactions) {
    loop_.run_and_wait([&] {
        std::vector<ledger::BlockPtr> abandoned;
        const auto target = ledger_.find_block(hash);
        for (auto block = ledger_.head(); keep_transactions && block->number() > target->number();
             block = ledger_.find_block(block->block.header.parent_hash))
            abandoned.push_back(block);
        if (!keep_transactions) sequencer_.pool().clear();
        ledger_.set_head(hash);
        if (keep_transactions)
            sequencer_.restart_from_head(abandoned);
        else
            sequencer_.drop_and_restart();
    });
    both_.head_moved();
}

bool ChainNode::automine() { return sequencer_.mode() == sequencer::SealMode::Automine; }

// Off: back to its interval, or, where none was asked for, nothing is mined until mine() says so (as Hardhat and anvil have it).
void ChainNode::set_automine(bool on) {
    using sequencer::SealMode;
    loop_.run_and_wait([&] {
        if (on)
            sequencer_.set_mode(SealMode::Automine);
        else if (sequencer_.mode() == SealMode::Automine)
            sequencer_.set_mode(has_interval_ ? SealMode::Interval : SealMode::Manual);
    });
}

void ChainNode::set_interval_ms(std::uint64_t interval_ms) {
    loop_.run_and_wait([&] {
        has_interval_ = interval_ms != 0;
        if (interval_ms == 0)
            sequencer_.set_mode(sequencer::SealMode::Manual);
        else
            sequencer_.set_mode(sequencer::SealMode::Interval, interval_ms);
    });
}

void ChainNode::mine(std::uint64_t count, std::optional<std::uint64_t> interval_s) {
    for (std::uint64_t i = 0; i < count; ++i) {
        loop_.run_and_wait([&] {
            std::optional<std::uint64_t> timestamp;
            if (interval_s && i > 0) timestamp = ledger_.head()->block.header.timestamp + *interval_s;
            seal_one(timestamp);
        });
    }
    both_.clock_moved();
}

// What users have sent keeps its time: the block in progress is sealed before the clock jumps.
std::int64_t ChainNode::increase_time(std::uint64_t seconds) {
    loop_.run_and_wait([&] {
        if (!sequencer_.preview()->mini_blocks.empty()) seal_one(std::nullopt);
        clock_.advance_ms(seconds * 1000);
        sequencer_.set_next_timestamp(clock_.now_ms() / 1000);
        sequencer_.restart_from_head();
    });
    both_.clock_moved();
    return clock_.offset_ms() / 1000;
}

void ChainNode::set_time(std::uint64_t unix_seconds) {
    clock_.reach_ms(unix_seconds * 1000);
    both_.clock_moved();
}

bool ChainNode::set_next_timestamp(std::uint64_t unix_seconds) {
    bool ok = false;
    loop_.run_and_wait([&] {
        ok = unix_seconds > ledger_.head()->block.header.timestamp;
        if (!ok) return;
        sequencer_.set_next_timestamp(unix_seconds);
        clock_.reach_ms(unix_seconds * 1000);
        sequencer_.restart_from_head();
    });
    both_.clock_moved();
    return ok;
}

void ChainNode::set_next_base_fee(const U256& base_fee) {
    loop_.run_and_wait([&] {
        sequencer_.set_next_base_fee(base_fee);
        sequencer_.restart_from_head();
    });
}

void ChainNode::set_coinbase(const Address& coinbase) {
    const std::lock_guard lock(mutex_);
    coinbase_ = coinbase;
}

bool ChainNode::reorg(std::uint64_t depth) {
    const auto head = ledger_.head();
    if (depth == 0 || depth > head->number() || head->number() - depth < ledger_.finalized()->number()) return false;
    const auto ancestor = ledger_.find_block(head->number() - depth);
    branch_ = std::max(branch_ + 1, clock_.now_ms());
    move_head(ancestor->hash, true);
    // The new branch must be longer than the old one for everyone to follow it.
    mine(depth + 1, std::nullopt);
    return true;
}

void ChainNode::set_account(const Address& address, const state::Account& account, std::optional<Bytes> code) {
    loop_.run_and_wait([&] {
        state::StateDiff diff;
        diff.accounts[address].account = account;
        if (code && !code->empty()) diff.codes[account.code_hash] = state::make_code(*code);
        sequencer_.apply_dev_diff(diff);
    });
}

void ChainNode::set_storage(const Address& address, const U256& slot, const U256& value) {
    loop_.run_and_wait([&] {
        state::StateDiff change;
        change.accounts[address].account =
            sequencer_.newest_state().open()->find_account(address).value_or(state::Account{.nonce = 1});
        change.accounts[address].storage[slot] = value;
        sequencer_.apply_dev_diff(change);
    });
}

void ChainNode::impersonate(const Address& address, bool on) {
    const std::lock_guard lock(mutex_);
    if (on)
        impersonated_.insert(address);
    else
        impersonated_.erase(address);
}
void ChainNode::impersonate_all(bool on) { impersonates_all_ = on; }

bool ChainNode::is_impersonated(const Address& address) {
    const std::lock_guard lock(mutex_);
    return impersonates_all_ || impersonated_.contains(address);
}

std::vector<Address> ChainNode::accounts() {
    std::vector<Address> out;
    for (const auto& account : dev_accounts()) out.push_back(account.address);
    return out;
}

std::optional<Hash32> ChainNode::find_key(const Address& address) {
    for (const auto& account : dev_accounts())
        if (account.address == address) return account.key;
    return std::nullopt;
}

bool ChainNode::drop_transaction(const Hash32& hash) {
    bool dropped = false;
    loop_.run_and_wait([&] {
        dropped = sequencer_.pool().remove(
            hash, {.state = pool::Whereabouts::State::Dropped, .reason = "dropped by a development method"});
    });
    return dropped;
}
void ChainNode::drop_all_transactions() {
    loop_.run_and_wait([&] { sequencer_.pool().clear(); });
}

}  // namespace entresol::devnet
