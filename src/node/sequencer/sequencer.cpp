#include "node/sequencer/sequencer.hpp"

#include <algorithm>

#include "node/ledger/node_overlay.hpp"
#include "node/sequencer/layers.hpp"
#include "node/store/block_store.hpp"

namespace entresol::sequencer {
namespace {

// A mini-block takes this many transactions at most, so that readers see progress while a long queue is worked off.
constexpr std::size_t MAX_TXS_PER_MINI_BLOCK = 256;
constexpr std::uint64_t RETRY_TEMPLATE_MS = 50;
constexpr std::size_t MAX_UNANSWERED_TRIES = 40;

bool is_permanent(stf::TxError error) {
    switch (error) {
        case stf::TxError::BlockGasLimitExceeded:
        case stf::TxError::BlobGasLimitExceeded:
        case stf::TxError::FeeCapBelowBaseFee:
        case stf::TxError::BlobFeeCapTooLow:
        case stf::TxError::InsufficientFunds:
        case stf::TxError::NonceTooHigh: return false;
        default: return true;
    }
}

}  // namespace

// The block in progress. Member order matters: the builder reads through the view.
struct Sequencer::Open {
    ledger::BlockPtr parent;
    BlockTemplate block_template;
    Hash32 base_root;  // the parent's state root, after development writes
    std::unique_ptr<state::StateView> view;
    std::unique_ptr<stf::BlockBuilder> builder;
    Layers layers;
    PrefixList<std::shared_ptr<const PreviewTransaction>> transactions;
    PrefixList<MiniBlockPtr> mini_blocks;
    std::size_t log_count = 0;
    std::vector<Hash32> pool_hashes;  // those that came from the pool
    std::uint64_t seal_at_ms = 0;
};

Sequencer::Sequencer(Options options, ledger::Ledger& ledger, io::Loop& loop, std::function<std::uint64_t()> now_ms,
                     TemplateSource templates)
    : options_(options),
      ledger_(ledger),
      loop_(loop),
      warmer_(ledger.store()),
      now_ms_(std::move(now_ms)),
      templates_(std::move(templates)),
      pool_(
          options_.pool_limits, [this](const Address& address) { return sender_state(address); }, now_ms_),
      in_time_(options_.mode == SealMode::Interval) {
    if (options_.signing_key) signer_ = std::make_unique<crypto::Signer>(*options_.signing_key);
    const auto head = ledger_.head();
    newest_ = ledger_.state_at(head);
    auto empty = std::make_shared<Preview>();
    empty->header = head->block.header;
    empty->parent_hash = head->hash;
    preview_ = std::move(empty);
}

Sequencer::~Sequencer() = default;

void Sequencer::start() {
    loop_.run_and_wait([this] {
        if (options_.mode == SealMode::Interval) open_block();
    });
}

ledger::StateSnapshot Sequencer::newest_state() const {
    const std::shared_lock lock(published_mutex_);
    return newest_;
}

std::shared_ptr<const Preview> Sequencer::preview() const {
    const std::shared_lock lock(published_mutex_);
    return preview_;
}

std::shared_ptr<const PreviewTransaction> Sequencer::find_preview(const Hash32& tx_hash) const {
    const std::shared_lock lock(published_mutex_);
    const auto it = preview_by_hash_.find(tx_hash);
    return it == preview_by_hash_.end() ? nullptr : it->second;
}

// L2 blocks stand exactly block_time apart (OP Stack derivation), however late it is: after a pause they are made one after the other. A devnet's clock
// may have been moved past that by a development method.
std::uint64_t Sequencer::next_timestamp(const ledger::StoredBlock& parent) const {
    if (next_timestamp_) return std::max(*next_timestamp_, parent.block.header.timestamp + 1);
    const std::uint64_t step = std::max<std::uint64_t>(options_.block_time_ms / 1000, 1);
    const std::uint64_t regular = parent.block.header.timestamp + step;
    const std::uint64_t now = now_ms_() / 1000;
    if (!options_.exact_spacing)
        return std::max(parent.block.header.timestamp + 1,
                        options_.mode == SealMode::Interval ? std::max(regular, now) : now);
    constexpr std::uint64_t JUMP_SECONDS = 60;  // more than any pause of the process that is not a moved clock
    return options_.follows_clock && now > regular + JUMP_SECONDS ? now : regular;
}

// The newest state of an account. The block in progress is asked directly: what its view has loaded once stays at hand for execution.
pool::SenderState Sequencer::sender_state(const Address& address) const {
    const auto snapshot = open_ == nullptr ? newest_state().open() : nullptr;
    state::StateView& view = open_ == nullptr ? *snapshot : *open_->view;
    const auto* shown = open_ == nullptr ? nullptr : open_->layers.find_account(address);
    const auto account = (shown != nullptr ? shown->account : view.find_account(address)).value_or(state::Account{});
    pool::SenderState result{.nonce = account.nonce, .balance = account.balance, .is_eoa = true};
    if (account.code_hash == crypto::EMPTY_CODE_HASH) return result;
    auto code = open_ == nullptr ? nullptr : open_->layers.find_code(account.code_hash);
    if (code == nullptr) code = view.load_code(account.code_hash);
    result.is_eoa = evm::parse_delegation(code->view()).has_value();  // EIP-3607, EIP-7702
    return result;
}

bool Sequencer::open_block() {
    CHECK(open_ == nullptr);
    const auto parent = ledger_.head();
    auto block_template = templates_(*parent, next_timestamp(*parent));
    const std::uint64_t epoch = ++epoch_;
    if (!block_template) {
        loop_.post_at(now_ms_() + RETRY_TEMPLATE_MS, [this, epoch] {
            if (epoch == epoch_ && open_ == nullptr && options_.mode == SealMode::Interval) open_block();
        });
        return false;
    }
    auto open = std::make_unique<Open>();
    open->parent = parent;
    open->block_template = std::move(*block_template);
    open->base_root = base_root(*parent);
    open->view = ledger::StateSnapshot(ledger_.store(), parent->block.header, open->base_root, {}, false).open();
    stf::BlockAttributes attributes{.timestamp = open->block_template.timestamp,
                                    .coinbase = open->block_template.coinbase,
                                    .prev_randao = open->block_template.prev_randao,
                                    .gas_limit = open->block_template.gas_limit,
                                    .parent_beacon_block_root = open->block_template.parent_beacon_block_root,
                                    .extra_data = open->block_template.extra_data,
                                    .withdrawals = std::vector<chain::Withdrawal>{},
                                    .base_fee_override = next_base_fee_};
    open->builder =
        std::make_unique<stf::BlockBuilder>(*open->view, ledger_.config(), parent->block.header, attributes);
    open->seal_at_ms = open->block_template.timestamp * 1000;
    open_ = std::move(open);

    std::vector<std::shared_ptr<PreviewTransaction>> forced;
    for (const auto& tx : open_->block_template.forced) {
        const auto sender = chain::recover_sender(tx);
        CHECK(sender.has_value());
        const auto added = open_->builder->add(tx, *sender);
        CHECK(added.has_value());  // a deposit never fails to be included
        forced.push_back(std::make_shared<PreviewTransaction>(
            PreviewTransaction{tx, chain::transaction_hash(tx), *sender, **added, nullptr, 0, 0}));
    }
    const auto& header = open_->builder->header();
    const auto blob_base_fee = header.excess_blob_gas
                                   ? stf::compute_blob_base_fee(*header.excess_blob_gas, open_->builder->rules().blobs)
                                   : U256{};
    publish(forced);
    pool_.next_round(header.base_fee_per_gas.value_or(U256{}), blob_base_fee);
    waiting_.store(pool_.size(), std::memory_order_relaxed);
    if (options_.mini_blocks) fill();
    if (options_.mode == SealMode::Interval) schedule_seal();
    return true;
}

void Sequencer::schedule_seal() {
    const std::uint64_t epoch = epoch_;
    loop_.post_at(open_->seal_at_ms, [this, epoch] {
        if (epoch != epoch_ || open_ == nullptr || options_.mode != SealMode::Interval) return;
        seal_now();
    });
}

// Takes what is executable from the pool into the block in progress, a mini-block at a time.
void Sequencer::fill() {
    if (open_ == nullptr || open_->block_template.only_forced) return;
    while (true) {
        std::vector<std::shared_ptr<PreviewTransaction>> fresh;
        while (fresh.size() < MAX_TXS_PER_MINI_BLOCK) {
            const auto next = pool_.best();
            if (next == nullptr) break;
            if (next->tx.gas_limit > open_->builder->gas_left()) {
                pool_.set_aside(next->sender,
                                "the block in progress has no room for its gas limit; waits for the next block");
                continue;
            }
            const auto added = open_->builder->add(next->tx, next->sender);
            if (added.has_value()) {
                fresh.push_back(std::make_shared<PreviewTransaction>(
                    PreviewTransaction{next->tx, next->hash, next->sender, **added, nullptr, 0, 0}));
                open_->pool_hashes.push_back(next->hash);
                pool_.mark_included(next->hash, open_->builder->header().number);
            } else if (is_permanent(added.error())) {
                pool_.remove(next->hash,
                             {.state = pool::Whereabouts::State::Dropped, .reason = stf::geth_message(added.error())});
            } else {
                pool_.set_aside(next->sender, stf::geth_message(added.error()));
            }
        }
        if (fresh.empty()) return;
        publish(fresh);
    }
}

// Makes the fresh transactions (or, for an empty list, the bare block in progress) visible, and signs the mini-block.
void Sequencer::publish(const std::vector<std::shared_ptr<PreviewTransaction>>& fresh) {
    MiniBlockPtr mini_block;
    if (options_.mini_blocks && !fresh.empty()) {
        auto made = std::make_shared<MiniBlock>();
        made->parent = open_->mini_blocks.empty() ? open_->parent->hash : open_->mini_blocks.back()->hash;
        made->block_number = open_->builder->header().number;
        made->block_timestamp = open_->builder->header().timestamp;
        made->index = static_cast<std::uint32_t>(open_->mini_blocks.size());
        made->first_tx = static_cast<std::uint32_t>(open_->transactions.size());
        made->made_at_ms = now_ms_();
        std::vector<chain::Receipt> receipts;
        for (const auto& tx : fresh) {
            made->tx_hashes.push_back(tx->hash);
            receipts.push_back(tx->outcome.receipt);
        }
        made->receipts_root = chain::compute_receipts_root(receipts);
        made->hash = compute_hash(*made);
        if (signer_) made->signature = signer_->sign(made->hash).value_or(crypto::Signature{});
        mini_block = made;
        open_->mini_blocks.push_back(mini_block);
    }
    for (const auto& tx : fresh) {
        tx->mini_block = mini_block;
        tx->index = open_->transactions.size();
        tx->first_log = open_->log_count;
        open_->log_count += tx->outcome.receipt.logs.size();
        open_->transactions.push_back(tx);
    }
    auto changed = open_->builder->take_preview_diff();
    warmer_.warm(open_->base_root, changed);
    open_->layers.push(std::move(changed));

    auto preview = std::make_shared<Preview>();
    preview->header = open_->builder->header();
    preview->parent_hash = open_->parent->hash;
    preview->base_root = open_->base_root;
    preview->transactions = open_->transactions;
    preview->mini_blocks = open_->mini_blocks;
    {
        const std::unique_lock lock(published_mutex_);
        if (open_->transactions.size() == fresh.size()) preview_by_hash_.clear();
        for (const auto& tx : fresh) preview_by_hash_.emplace(tx->hash, tx);
        preview_ = std::move(preview);
        newest_ = ledger::StateSnapshot(ledger_.store(), open_->builder->header(), open_->base_root,
                                        open_->layers.newest_first(), true);
    }
    if (mini_block != nullptr) {
        for (const auto& listener : mini_block_listeners_) listener(mini_block);
        for (const auto& tx : fresh) release_waiters(tx->hash);
    }
}

void Sequencer::release_waiters(const Hash32& tx_hash) {
    const auto [first, last] = waiters_.equal_range(tx_hash);
    std::vector<std::shared_ptr<Waiter>> ready;
    for (auto it = first; it != last; ++it) ready.push_back(it->second);
    waiters_.erase(first, last);
    for (const auto& waiter : ready)
        if (auto done = std::exchange(waiter->done, nullptr)) done(true);
}

std::optional<ledger::BlockPtr> Sequencer::seal_now(std::optional<std::uint64_t> timestamp) {
    if (timestamp) {
        next_timestamp_ = timestamp;
        if (open_ != nullptr && open_->block_template.timestamp != *timestamp) restart_from_head();
    }
    if (open_ == nullptr && !open_block()) return std::nullopt;
    fill();
    CHECK(!open_->builder->has_failed());
    const auto shown = open_->transactions;
    auto open = std::move(open_);
    ++epoch_;
    ledger::NodeOverlay nodes(*ledger_.store());
    auto sealed = open->builder->seal(nodes, open->base_root, nodes);
    CHECK(sealed.has_value());
    // What was shown is an exact prefix of what is sealed; here even all of it.
    CHECK(sealed->block.transactions.size() == shown.size());
    std::vector<Hash32> hashes;
    hashes.reserve(shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i) {
        CHECK(sealed->block.transactions[i] == shown[i]->tx);
        hashes.push_back(shown[i]->hash);
    }

    next_timestamp_.reset();
    next_base_fee_.reset();
    auto block = ledger_.commit({.block = std::move(sealed->block),
                                 .outcome = std::move(sealed->outcome),
                                 .senders = std::move(sealed->senders),
                                 .state = nodes.take(),
                                 .base_root = open->base_root,
                                 .tx_hashes = std::move(hashes)});
    dev_root_.reset();
    show_head(block);
    for (const auto& tx : shown) release_waiters(tx->hash);
    if (options_.mode == SealMode::Interval) open_block();
    return block;
}

void Sequencer::show_head(const ledger::BlockPtr& head) {
    auto preview = std::make_shared<Preview>();
    preview->header = head->block.header;
    preview->parent_hash = head->hash;
    preview->base_root = base_root(*head);
    const std::unique_lock lock(published_mutex_);
    preview_ = std::move(preview);
    preview_by_hash_.clear();
    newest_ = ledger::StateSnapshot(ledger_.store(), head->block.header, base_root(*head), {}, false);
}

pool::TxPtr Sequencer::returned(const chain::Transaction& tx, const Hash32& hash, const Address& sender) const {
    auto back = std::make_shared<pool::CheckedTransaction>();
    back->tx = tx;
    back->hash = hash;
    back->sender = sender;
    back->size_bytes = chain::encode(tx).size();
    back->arrived_ms = now_ms_();
    return back;
}

void Sequencer::restart_from_head(const std::vector<ledger::BlockPtr>& abandoned) {
    std::vector<pool::TxPtr> again;
    for (auto it = abandoned.rbegin(); it != abandoned.rend(); ++it) {
        const auto& block = **it;
        for (std::size_t i = 0; i < block.tx_hashes.size(); ++i) {
            const auto& tx = block.block.transactions[i];
            if (tx.type == chain::TxType::Deposit || tx.type == chain::TxType::Blob)
                continue;  // derived anew; sidecars are gone
            again.push_back(returned(tx, block.tx_hashes[i], block.senders[i]));
        }
    }
    if (open_ != nullptr) {
        for (const auto& tx : open_->transactions) {
            if (tx->tx.type == chain::TxType::Deposit) continue;
            again.push_back(returned(tx->tx, tx->hash, tx->sender));
        }
    }
    open_.reset();
    ++epoch_;
    show_head(ledger_.head());
    pool_.refresh();
    for (const auto& tx : again) {
        const auto added = pool_.add(tx);
        if (added.has_value() || added.error() == pool::PoolError::AlreadyKnown || ledger_.find_transaction(tx->hash))
            continue;
        pool_.remember(tx->hash,
                       {.state = pool::Whereabouts::State::Dropped,
                        .reason = "its block was taken back, and then: " + pool::geth_message(added.error())});
    }
    answer(std::exchange(unmined_, {}));  // the clock may have gone back with the head, and their timer with it
    if (options_.mode == SealMode::Interval) open_block();
}

// Development writes count: they are lost with the head that they stand on.
bool Sequencer::has_shown_transactions() const {
    return dev_root_.has_value() || (open_ != nullptr && !open_->pool_hashes.empty());
}

void Sequencer::drop_and_restart() {
    open_.reset();
    dev_root_.reset();
    restart_from_head();
}

void Sequencer::set_mode(SealMode mode, std::optional<std::uint64_t> block_time_ms) {
    options_.mode = mode;
    in_time_ = mode == SealMode::Interval;
    if (block_time_ms) options_.block_time_ms = *block_time_ms;
    if (mode == SealMode::Automine && open_ != nullptr) {  // no timer seals it any more
        if (open_->pool_hashes.empty())
            restart_from_head();
        else
            (void)seal_now();
    }
    if (mode != SealMode::Interval) return;
    if (open_ == nullptr)
        open_block();
    else
        schedule_seal();
}

// Development writes change the state after all that was shown: transactions in the block in progress are sealed first, else they would run a second time
// on top of what was written. The block is then begun again on the new root.
void Sequencer::apply_dev_diff(const state::StateDiff& diff) {
    if (open_ != nullptr && !open_->pool_hashes.empty()) (void)seal_now();
    const Hash32 root = base_root(*ledger_.head());
    ledger::NodeOverlay nodes(*ledger_.store());
    const auto changed = state::compute_state_root(nodes, root, diff, nodes);
    CHECK(changed.has_value());
    std::vector<std::pair<Hash32, Bytes>> codes;
    for (const auto& [hash, code] : diff.codes) codes.emplace_back(hash, to_bytes(code->view()));
    ledger_.store()->put_state(nodes.take(), codes);
    dev_root_ = DevRoot{.head = ledger_.head()->hash, .root = *changed};
    restart_from_head();
}

// The state that the next block stands on: the head's, or what development methods made of it.
Hash32 Sequencer::base_root(const ledger::StoredBlock& head) const {
    return dev_root_ && dev_root_->head == head.hash ? dev_root_->root : head.block.header.state_root;
}

void Sequencer::submit(pool::TxPtr tx, Submitted done) {
    submit_many({std::move(tx)},
                [done = std::move(done)](std::size_t, Result<void, pool::PoolError> added) { done(added); });
}

void Sequencer::submit_many(std::vector<pool::TxPtr> transactions, SubmittedOne done) {
    loop_.post(
        [this, transactions = std::move(transactions), done = std::make_shared<const SubmittedOne>(std::move(done))] {
            const bool waits_for_block = options_.mode == SealMode::Automine;
            const bool waits_for_fill = !waits_for_block && options_.mini_blocks && open_ != nullptr;
            bool is_any_added = false;
            for (std::size_t i = 0; i < transactions.size(); ++i) {
                const auto added = pool_.add(transactions[i]);
                if (!added.has_value()) {
                    (*done)(i, added);
                    continue;
                }
                is_any_added = true;
                for (const auto& listener : pending_listeners_) listener(transactions[i]);
                if (waits_for_block)
                    unmined_.push_back({done, i});
                else if (waits_for_fill)
                    unanswered_.push_back({done, i});
                else
                    (*done)(i, added);
            }
            waiting_.store(pool_.size(), std::memory_order_relaxed);
            if (!is_any_added) return;
            if (waits_for_block) return automine(++automine_round_, 0);
            if (waits_for_fill) fill_soon();
        });
}

// Submissions that are queued behind this one go into the same mini-block: signing and publishing it cost more than a transfer does.
void Sequencer::fill_soon() {
    if (std::exchange(will_fill_, true)) return;
    loop_.post([this] {
        will_fill_ = false;
        fill();
        answer(std::exchange(unanswered_, {}));
    });
}

// Seals what can be executed. False: L1 must come first.
// A block takes deposits only while its L1 origin lags too far behind its time (sequencer drift), as after a jump of the clock or an idle hour: such
// blocks are sealed, one for each L1 block and, for L1's next block may be later than they are, one for each second passed, until the origin has caught up.
bool Sequencer::seal_waiting() {
    while (pool_.best() != nullptr) {  // null while a nonce has a gap
        if (open_ == nullptr && !open_block()) return false;
        const bool only_forced = open_->block_template.only_forced;
        const bool its_time_has_come = open_->block_template.timestamp * 1000 <= now_ms_();
        if (only_forced && !open_->block_template.origin_moves && !its_time_has_come) {
            open_.reset();
            show_head(ledger_.head());
            return false;
        }
        (void)seal_now();
        if (!only_forced) return true;
    }
    return true;
}

// An answer waits for its block, but not for ever: an L1 that stands still is not the sender's fault.
void Sequencer::automine(std::uint64_t round, std::size_t tries) {
    if (round != automine_round_) return;
    const bool waits = options_.mode == SealMode::Automine && !seal_waiting();
    if (!waits || tries >= MAX_UNANSWERED_TRIES) answer(std::exchange(unmined_, {}));
    if (waits) loop_.post_at(now_ms_() + RETRY_TEMPLATE_MS, [this, round, tries] { automine(round, tries + 1); });
}

void Sequencer::wait_for(const Hash32& tx_hash, std::uint64_t timeout_ms, Waited done) {
    loop_.post([this, tx_hash, timeout_ms, done = std::move(done)]() mutable {
        const bool shown = options_.mini_blocks && find_preview(tx_hash) != nullptr;
        if (shown || ledger_.find_transaction(tx_hash)) return done(true);
        auto waiter = std::make_shared<Waiter>(Waiter{std::move(done)});
        waiters_.emplace(tx_hash, waiter);
        loop_.post_at(now_ms_() + timeout_ms, [this, waiter, tx_hash] {
            if (auto late = std::exchange(waiter->done, nullptr)) late(false);
            const auto [first, last] = waiters_.equal_range(tx_hash);
            for (auto it = first; it != last; ++it) {
                if (it->second != waiter) continue;
                waiters_.erase(it);
                break;
            }
        });
    });
}

}  // namespace entresol::sequencer
