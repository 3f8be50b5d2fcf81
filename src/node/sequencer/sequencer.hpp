// Builds blocks: takes transactions from the pool into the block in progress at once (mini-blocks), and seals the block when its time comes.
// Used for the L2 (attributes first) and for the embedded L1 (no attributes). All changes happen on the chain's loop; reading is thread-safe.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/stf/build_block.hpp"
#include "node/io/hash_seed.hpp"
#include "node/io/loop.hpp"
#include "node/ledger/ledger.hpp"
#include "node/ledger/path_warmer.hpp"
#include "node/pool/pool.hpp"
#include "node/sequencer/mini_block.hpp"

namespace entresol::sequencer {

/// What is fixed before the first transaction of a block.
struct BlockTemplate {
    std::uint64_t timestamp = 0;  // seconds
    Address coinbase;
    Hash32 prev_randao;
    std::uint64_t gas_limit = 0;
    std::optional<Hash32> parent_beacon_block_root;
    Bytes extra_data;
    std::vector<chain::Transaction> forced;  // deposits, attributes first
    bool only_forced = false;                // no pool transactions (drift, recovery)
    bool origin_moves = false;               // L2: its L1 origin is not its parent's
};
/// Gives the template of the block after `parent` at `timestamp`; nothing when the chain must wait (no L1 origin yet).
using TemplateSource =
    std::function<std::optional<BlockTemplate>(const ledger::StoredBlock& parent, std::uint64_t timestamp)>;

enum class SealMode : std::uint8_t {
    Interval,  // a block each block_time
    Automine,  // a block for each transaction, before it is answered
    Manual,    // only when asked
};

struct Options {
    std::uint64_t block_time_ms = 1000;
    bool exact_spacing = false;  // L2: timestamps are parent + block_time
    bool follows_clock =
        false;  // but on a devnet, whose rollup allows it: where the clock was moved far ahead, the clock's
    SealMode mode = SealMode::Interval;
    bool mini_blocks = true;  // else transactions wait for the block
    std::optional<Hash32> signing_key;
    pool::Limits pool_limits;
};

class Sequencer {
public:
    Sequencer(Options options, ledger::Ledger& ledger, io::Loop& loop, std::function<std::uint64_t()> now_ms,
              TemplateSource templates);
    ~Sequencer();
    Sequencer(const Sequencer&) = delete;
    Sequencer& operator=(const Sequencer&) = delete;

    void start();

    // --- reading, from any thread
    /// Newest state: the block in progress with its mini-blocks, or the head when none is in progress.
    [[nodiscard]] ledger::StateSnapshot newest_state() const;
    /// Never null after start().
    [[nodiscard]] std::shared_ptr<const Preview> preview() const;
    [[nodiscard]] std::shared_ptr<const PreviewTransaction> find_preview(const Hash32& tx_hash) const;

    /// How many transactions wait in the pool, and what makes blocks; as of a moment ago.
    [[nodiscard]] std::size_t waiting() const { return waiting_.load(std::memory_order_relaxed); }
    [[nodiscard]] bool makes_blocks_in_time() const { return in_time_.load(std::memory_order_relaxed); }

    // --- submission, from any thread
    /// Decoded, checked without state, sender recovered: pool::check_stateless has passed. `done` is called on the loop once the pool has decided and, where
    /// the transaction could go into the block in progress at once, after its mini-block (in automine: its block) can be read.
    using Submitted = std::function<void(Result<void, pool::PoolError>)>;
    void submit(pool::TxPtr tx, Submitted done);
    /// The same for many, in this order; `done` is called once for each, with its place.
    using SubmittedOne = std::function<void(std::size_t i, Result<void, pool::PoolError>)>;
    void submit_many(std::vector<pool::TxPtr> transactions, SubmittedOne done);
    /// Calls back on the loop when the transaction is in a mini-block or block, at once if it already is. False from the callback's argument: timed out.
    using Waited = std::function<void(bool included)>;
    void wait_for(const Hash32& tx_hash, std::uint64_t timeout_ms, Waited done);

    // --- on the loop (use loop.run_and_wait from elsewhere)
    [[nodiscard]] pool::Pool& pool() { return pool_; }
    /// Seals now; `timestamp` overrides. Returns the block, or nothing when no template could be had.
    std::optional<ledger::BlockPtr> seal_now(std::optional<std::uint64_t> timestamp = std::nullopt);
    void set_mode(SealMode mode, std::optional<std::uint64_t> block_time_ms = std::nullopt);
    [[nodiscard]] SealMode mode() const { return options_.mode; }
    [[nodiscard]] std::uint64_t block_time_ms() const { return options_.block_time_ms; }
    /// The head was moved from outside (reorg, revert): the block in progress is dropped; its transactions and those of the abandoned blocks
    /// (newest first) go back to the pool.
    void restart_from_head(const std::vector<ledger::BlockPtr>& abandoned = {});
    /// Does the block in progress hold transactions of users, or stand on development writes?
    [[nodiscard]] bool has_shown_transactions() const;
    /// The same, forgetting the transactions of the block in progress.
    void drop_and_restart();
    void set_next_timestamp(std::uint64_t timestamp) { next_timestamp_ = timestamp; }
    void set_next_base_fee(const U256& base_fee) { next_base_fee_ = base_fee; }
    /// State written by development methods (a devnet only): the next block stands on the head's state with this diff. A replica that derives from L1
    /// cannot know of it; the devnet's documentation says so.
    void apply_dev_diff(const state::StateDiff& diff);

    /// Called on the loop for each new mini-block.
    void on_mini_block(std::function<void(const MiniBlockPtr&)> listener) {
        mini_block_listeners_.push_back(std::move(listener));
    }
    void on_pending_transaction(std::function<void(const pool::TxPtr&)> listener) {
        pending_listeners_.push_back(std::move(listener));
    }

private:
    struct Open;  // the block in progress
    bool open_block();
    void fill();
    void publish(const std::vector<std::shared_ptr<PreviewTransaction>>& fresh);
    void show_head(const ledger::BlockPtr& head);
    void release_waiters(const Hash32& tx_hash);
    void fill_soon();
    [[nodiscard]] pool::SenderState sender_state(const Address& address) const;
    void automine(std::uint64_t round, std::size_t tries);
    [[nodiscard]] bool seal_waiting();
    [[nodiscard]] pool::TxPtr returned(const chain::Transaction& tx, const Hash32& hash, const Address& sender) const;
    [[nodiscard]] Hash32 base_root(const ledger::StoredBlock& head) const;
    void schedule_seal();
    [[nodiscard]] std::uint64_t next_timestamp(const ledger::StoredBlock& parent) const;

    Options options_;
    ledger::Ledger& ledger_;
    io::Loop& loop_;
    ledger::PathWarmer warmer_;
    std::function<std::uint64_t()> now_ms_;
    TemplateSource templates_;
    pool::Pool pool_;
    std::unique_ptr<crypto::Signer> signer_;
    std::unique_ptr<Open> open_;
    std::optional<std::uint64_t> next_timestamp_;
    std::optional<U256> next_base_fee_;
    struct DevRoot {
        Hash32 head;
        Hash32 root;
    };
    std::optional<DevRoot> dev_root_;
    // Who is in the pool and waits for the answer.
    struct Unanswered {
        std::shared_ptr<const SubmittedOne> done;
        std::size_t place;
    };
    static void answer(const std::vector<Unanswered>& waiting) {
        for (const auto& [done, place] : waiting) (*done)(place, {});
    }
    std::vector<Unanswered> unanswered_;  // to be answered after the next fill
    std::vector<Unanswered> unmined_;     // automine: after the next block
    bool will_fill_ = false;
    std::uint64_t automine_round_ = 0;
    std::uint64_t epoch_ = 0;  // timers of an abandoned block are ignored
    struct Waiter {
        Waited done;
    };
    std::unordered_multimap<Hash32, std::shared_ptr<Waiter>, io::TableHash> waiters_;
    std::vector<std::function<void(const MiniBlockPtr&)>> mini_block_listeners_;
    std::vector<std::function<void(const pool::TxPtr&)>> pending_listeners_;

    std::atomic<std::size_t> waiting_{0};
    std::atomic<bool> in_time_{false};
    mutable std::shared_mutex published_mutex_;
    std::shared_ptr<const Preview> preview_;
    std::unordered_map<Hash32, std::shared_ptr<const PreviewTransaction>, io::TableHash> preview_by_hash_;
    ledger::StateSnapshot newest_;
};

}  // namespace entresol::sequencer
