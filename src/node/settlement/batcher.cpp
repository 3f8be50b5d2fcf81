#include "node/settlement/batcher.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/blob_codec.hpp"
#include "node/io/log.hpp"

namespace entresol::settlement {
namespace {

constexpr std::size_t MAX_BLOBS_PER_TX = 6;       // EIP-7594
constexpr std::uint64_t PRICES_EVERY_MS = 3'000;  // L1's fees change with its blocks
constexpr std::uint64_t LOST_SAFE_MS = 60'000;    // included, yet derivation did not take it: post again

constexpr std::size_t MOST_TRANSACTIONS = 8;  // of a channel, all under way at once: pools hold 16 of an account
constexpr std::size_t WORTH_A_FRAME = 5;      // a last blob is begun when all but a fifth of it is filled

double to_double(const U256& value) {
    double out = 0;
    for (int i = 3; i >= 0; --i) out = out * 0x1p64 + static_cast<double>(value.limb[i]);
    return out;
}

// Channel ids must differ, nothing more: the hash of what is in it and a counter.
derive::ChannelId make_channel_id(const Hash32& first_block, std::uint64_t counter) {
    Bytes seed = to_bytes(first_block.view());
    seed.resize(40);
    store_be64(seed.data() + 32, counter);
    const Hash32 hash = crypto::keccak256(seed);
    return from_bytes<derive::ChannelId>(hash.view().first(16));
}

void tell_posted(const BatchPosition& batch) {
    io::log_info("batcher", "batch posted",
                 {{"first_block", batch.first_l2_block},
                  {"last_block", batch.last_l2_block},
                  {"raw_bytes", batch.raw_bytes},
                  {"compressed_bytes", batch.compressed_bytes},
                  {"in", batch.in_blobs ? "blobs" : "calldata"},
                  {"l1_block", batch.l1_block_number},
                  {"l1_tx", to_hex(batch.l1_tx_hash)}});
}

// The position as far as it is known, and how many other transactions the channel has.
Bytes make_note(const BatchPosition& position, std::size_t transactions) {
    Bytes note(8);
    store_be64(note.data(), transactions - 1);
    append(note, encode(position));
    return note;
}

}  // namespace

Batcher::Batcher(const BatcherOptions& options, const derive::RollupConfig& config, TxManager transactions,
                 const ledger::Ledger& ledger, std::function<const crypto::Kzg&()> kzg, Clocks clocks)
    : options_(options),
      config_(config),
      transactions_(std::move(transactions)),
      ledger_(ledger),
      kzg_(std::move(kzg)),
      clocks_(std::move(clocks)),
      policy_(options.posting),
      log_(*ledger.store()) {
    for (auto& position : log_.load(MAX_POSITIONS)) positions_.emplace(position.last_l2_block, std::move(position));
    restart();
    take_up_unsettled();
}

void Batcher::give_up() {
    for (const auto& sent : in_flight_->under_way) {
        if (sent.included)
            transactions_.settle(sent.ticket);
        else
            abandoned_.push_back({sent.ticket, sent.at_ms});
    }
    in_flight_.reset();
}

void Batcher::restart() {
    // A channel that is under way as a whole may still be right; skip_what_is_posted() knows.
    if (in_flight_ && !in_flight_->is_sent()) give_up();
    if (in_flight_)
        for (auto& sent : in_flight_->under_way) sent.included.reset();  // L1 may have taken that back
    const auto safe = ledger_.safe();
    next_block_ = safe->number() + 1;
    waiting_.reset();
    last_posted_hash_ = safe->hash;
    safe_seen_ = safe->number();
    waiting_for_safe_since_ms_ = now_ms();
    looks_for_posted_ = true;
}

void Batcher::take_up_unsettled() {
    for (auto& [ticket, note] : transactions_.unsettled()) {
        const auto position = note.size() > 8 ? decode_batch_position(ByteView(note).subspan(8)) : std::nullopt;
        // Which branch it is of, and what stands before it, is found out in step(): here nothing is asked of L1.
        if (position && load_be64(note.data()) == 0 && !in_flight_ && is_of_this_chain(*position))
            in_flight_ = InFlight{.position = *position,
                                  .requests = {},
                                  .transactions = 1,
                                  .under_way = {{.ticket = ticket, .at_ms = now_ms(), .included = {}}}};
        else
            abandoned_.push_back({ticket, now_ms()});
    }
}

bool Batcher::is_of_this_chain(const BatchPosition& position) const {
    return ledger_.find_block_hash(position.last_l2_block) == position.last_l2_hash;
}

l1::L1Result<bool> Batcher::is_on_l1(BatchPosition& position) {
    if (!is_of_this_chain(position)) return false;
    for (const auto& hash : position.l1_tx_hashes) {
        TRY(const auto receipt, transactions_.find_receipt(hash));
        if (!receipt || !receipt->succeeded) return false;
        position.l1_block_number = receipt->block_number;
        position.l1_block_hash = receipt->block_hash;
    }
    return !position.l1_tx_hashes.empty();
}

l1::L1Result<void> Batcher::skip_what_is_posted() {
    std::vector<BatchPosition> kept;
    std::uint64_t next = ledger_.safe()->number() + 1;
    for (auto known = find_position(next); known; known = find_position(next)) {
        TRY(const bool stands, is_on_l1(*known));
        if (!stands) break;
        next = known->last_l2_block + 1;
        kept.push_back(std::move(*known));
    }
    {
        const std::lock_guard lock(mutex_);  // the others are on L1 no more
        positions_.erase(positions_.lower_bound(ledger_.safe()->number() + 1), positions_.end());
    }
    for (const auto& position : kept) remember(position);  // their L1 blocks may be others now
    if (!kept.empty()) {
        next_block_ = next;
        last_posted_hash_ = kept.back().last_l2_hash;
    }
    looks_for_posted_ = false;
    // What is under way goes on only where everything before it is on L1, and its own branch is still the chain.
    if (in_flight_ && (in_flight_->position.first_l2_block != next_block_ || !is_of_this_chain(in_flight_->position)))
        give_up();
    return {};
}

// The L2 may have been rewound or taken another branch since the last channel.
bool Batcher::stands_on_what_was_posted() const {
    return ledger_.find_block_hash(next_block_ - 1) == last_posted_hash_;
}

l1::L1Result<void> Batcher::look_after_abandoned() {
    for (std::size_t i = 0; i < abandoned_.size();) {
        auto& old = abandoned_[i];
        TRY(const auto progress, transactions_.check(old.ticket));
        if (progress.state != TxManager::State::Waiting) {
            transactions_.settle(old.ticket);
            abandoned_.erase(abandoned_.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        if (now_ms() - old.sent_at_ms > options_.resend_after_ms) {
            old.sent_at_ms = now_ms();
            TRY_VOID(transactions_.cancel(old.ticket));  // its data is of no use any more
        }
        ++i;
    }
    return {};
}

l1::L1Result<void> Batcher::step() {
    if (!abandoned_.empty()) TRY_VOID(look_after_abandoned());
    if (in_flight_ && !is_of_this_chain(in_flight_->position)) {  // sent again, it would bring the old branch back
        give_up();
        restart();
    }
    if (looks_for_posted_) TRY_VOID(skip_what_is_posted());
    if (in_flight_) return advance(*in_flight_);
    const auto safe = ledger_.safe()->number();
    if (safe + 1 >= next_block_ || safe > safe_seen_) waiting_for_safe_since_ms_ = now_ms();
    safe_seen_ = safe;
    const bool lost = now_ms() - waiting_for_safe_since_ms_ > LOST_SAFE_MS;
    if (safe >= next_block_ || lost || !stands_on_what_was_posted()) {
        restart();
        if (lost) looks_for_posted_ = false;  // it is on L1, and derivation would not have it
        if (looks_for_posted_) TRY_VOID(skip_what_is_posted());
    }
    if (now_ms() - last_posted_ms_ < options_.interval_ms || !collect()) return {};
    if (policy_.needs_prices()) TRY_VOID(observe_prices());
    if (!policy_.is_due(measure_backlog()) || !begin_channel()) return {};
    return advance(*in_flight_);
}

l1::L1Result<void> Batcher::observe_prices() {
    const auto now = now_ms();
    if (prices_at_ms_ != 0 && now - prices_at_ms_ < PRICES_EVERY_MS) return {};
    TRY(const auto fees, transactions_.suggest_fees());
    policy_.observe({.gas = to_double(fees.base_fee + fees.tip),
                     .blob_gas = to_double(fees.blob_base_fee),
                     .has_blobs = fees.has_blobs},
                    now);
    prices_at_ms_ = now;
    return {};
}

// A process that began anew counts on from when the block was made.
std::uint64_t Batcher::age_ms(std::uint64_t timestamp) const {
    const auto now = clocks_.world_ms();
    return now - std::min(now, timestamp * 1000);
}

bool Batcher::open_waiting() {
    const auto first = ledger_.find_block(next_block_);
    const auto before = ledger_.find_header(next_block_ - 1);
    if (first == nullptr || !before) return false;
    derive::ChannelOptions options = options_.channel;
    options.target_channel_bytes = MOST_TRANSACTIONS * transaction_capacity(policy_.widest());
    options.first_block_jumps = first->block.header.timestamp - before->timestamp != config_.block_time;
    waiting_.emplace(Waiting{
        .builder = {config_.batch_context(), make_channel_id(first->hash, channels_++), options},
        .first_block = next_block_,
        .next_block = next_block_,
        .last_hash = first->block.header.parent_hash,
        .since_ms = now_ms() - std::min(now_ms(), age_ms(first->block.header.timestamp)),
    });
    return true;
}

bool Batcher::collect() {
    const auto head = ledger_.head()->number();
    if (waiting_ && (waiting_->first_block != next_block_ ||
                     ledger_.find_block_hash(waiting_->next_block - 1) != waiting_->last_hash))
        waiting_.reset();  // the L2 took another branch
    if (!waiting_ && (next_block_ > head || !open_waiting())) return false;
    for (auto& number = waiting_->next_block; number <= head && !waiting_->builder.is_full(); ++number) {
        const auto block = ledger_.find_block(number);
        if (block == nullptr || block->block.header.parent_hash != waiting_->last_hash)
            break;  // a reorg under our hands: what is there so far is whole
        auto batch = derive::make_batch_block(block->block);
        if (!batch || !waiting_->builder.add(std::move(*batch))) break;
        waiting_->last_hash = block->hash;
    }
    return waiting_->builder.block_count() != 0;
}

Backlog Batcher::measure_backlog() {
    const auto now = now_ms();
    const std::size_t bytes = waiting_->builder.compressed_bytes_estimate();
    Backlog backlog{.waiting_ms = now - std::min(now, waiting_->since_ms),
                    .full_transactions = bytes / transaction_capacity(policy_.widest())};
    if (waiting_->builder.is_full()) {
        const auto behind = ledger_.head()->number() + 1 - waiting_->first_block;
        backlog.full_transactions *= std::max<std::size_t>(1, behind / waiting_->builder.block_count());
    }
    return backlog;
}

// Blobs are filled before another is begun: what would leave one nearly empty waits for more.
bool Batcher::begin_channel() {
    const auto bytes = waiting_->builder.compressed_bytes();
    CHECK(bytes.has_value());  // each block was encoded when it was added
    const DataKind kind = policy_.choose(*bytes);
    // Pools keep an account's blob transactions apart: none of the other kind is taken while one waits.
    if (!abandoned_.empty() && last_kind_ && kind != *last_kind_) return false;
    const std::size_t frame_bytes = max_frame_bytes(kind);
    const std::size_t a_frame = frame_bytes - 1 - derive::FRAME_OVERHEAD_BYTES;
    const std::size_t frames = std::clamp<std::size_t>((*bytes + a_frame / WORTH_A_FRAME) / a_frame, 1,
                                                       MOST_TRANSACTIONS * (transaction_capacity(kind) / a_frame));
    const auto channel = waiting_->builder.finish_within(frame_bytes, frames);
    CHECK(channel.has_value());
    InFlight work;
    const std::uint64_t last_block = waiting_->first_block + channel->block_count - 1;
    const auto last_hash = ledger_.find_block_hash(last_block);
    if (!last_hash) return false;  // another branch since: found in the next round
    work.position = {.channel_id = channel->id,
                     .first_l2_block = waiting_->first_block,
                     .last_l2_block = last_block,
                     .last_l2_hash = *last_hash,
                     .raw_bytes = channel->raw_bytes,
                     .compressed_bytes = channel->compressed_bytes,
                     .in_blobs = kind == DataKind::Blobs};
    work.requests = make_requests(*channel, kind);
    work.transactions = work.requests.size();
    in_flight_ = std::move(work);
    last_kind_ = kind;
    waiting_.reset();
    return true;
}

std::vector<TxRequest> Batcher::make_requests(const derive::EncodedChannel& channel, DataKind kind) {
    std::vector<TxRequest> requests;
    if (kind == DataKind::Blobs) {
        std::vector<Bytes> blobs = derive::pack_blobs(channel.frames);
        for (std::size_t i = 0; i < blobs.size(); i += MAX_BLOBS_PER_TX) {
            const auto end = std::min(blobs.size(), i + MAX_BLOBS_PER_TX);
            chain::BlobSidecar sidecar;
            sidecar.blobs.assign(std::make_move_iterator(blobs.begin() + static_cast<std::ptrdiff_t>(i)),
                                 std::make_move_iterator(blobs.begin() + static_cast<std::ptrdiff_t>(end)));
            requests.push_back(
                {.to = config_.batch_inbox, .data = {}, .gas_limit = 21'000, .sidecar = std::move(sidecar)});
        }
    } else {
        for (auto& calldata : derive::pack_calldata(channel.frames, max_frame_bytes(kind)))
            requests.push_back({.to = config_.batch_inbox,
                                .data = std::move(calldata),
                                .gas_limit = std::nullopt,
                                .sidecar = std::nullopt});
    }
    return requests;
}

void Batcher::complete(chain::BlobSidecar& sidecar) {
    const auto& kzg = kzg_();
    sidecar.version = options_.cell_proofs ? 1 : 0;
    for (const auto& blob : sidecar.blobs) {
        const auto commitment = kzg.commit(blob);
        CHECK(commitment.has_value());
        sidecar.commitments.push_back(*commitment);
        if (options_.cell_proofs) {
            const auto proofs = kzg.compute_cell_proofs(blob);
            CHECK(proofs.has_value());
            for (std::size_t i = 0; i < proofs->size(); i += 48)
                sidecar.proofs.push_back(from_bytes<crypto::KzgProof>(ByteView(*proofs).subspan(i, 48)));
        } else {
            const auto proof = kzg.prove_blob(blob, *commitment);
            CHECK(proof.has_value());
            sidecar.proofs.push_back(*proof);
        }
    }
}

// Calldata all at once; blobs, whose proofs take long, a transaction each round.
l1::L1Result<void> Batcher::send_rest(InFlight& work) {
    while (!work.is_sent()) {
        auto request = work.requests.front();
        if (request.sidecar) complete(*request.sidecar);
        request.note = make_note(work.position, work.transactions);
        TRY(const auto ticket, transactions_.send(std::move(request)));
        work.under_way.push_back({.ticket = ticket, .at_ms = now_ms(), .included = {}});
        work.requests.erase(work.requests.begin());
        if (work.position.in_blobs) break;
    }
    return {};
}

l1::L1Result<bool> Batcher::look_after(InFlight& work, std::size_t i) {
    auto& sent = work.under_way[i];
    if (sent.included) return true;
    TRY(const auto progress, transactions_.check(sent.ticket));
    if (progress.state == TxManager::State::Included) {
        sent.included = progress;
        return true;
    }
    if (progress.state != TxManager::State::Waiting) {  // lost or failed: what was in it is still to be posted
        io::log_warning("batcher", "a transaction was lost or failed, its blocks are posted again",
                        {{"first_block", work.position.first_l2_block}, {"l1_tx", to_hex(progress.hash)}});
        transactions_.settle(sent.ticket);
        work.under_way.erase(work.under_way.begin() + static_cast<std::ptrdiff_t>(i));
        return false;
    }
    if (now_ms() - sent.at_ms <= options_.resend_after_ms) return true;
    sent.at_ms = now_ms();
    if (policy_.needs_prices()) TRY_VOID(observe_prices());
    if (work.position.in_blobs && policy_.is_better_as_calldata(work.position.compressed_bytes)) {
        io::log_info("batcher", "blobs have become dear, what waits is cancelled",
                     {{"first_block", work.position.first_l2_block}, {"l1_tx", to_hex(progress.hash)}});
        for (auto& each : work.under_way) each.at_ms = 0;  // in the next round
        return false;
    }
    io::log_info("batcher", "a transaction waits long, its fee is raised",
                 {{"first_block", work.position.first_l2_block}, {"l1_tx", to_hex(progress.hash)}});
    TRY_VOID(transactions_.replace(sent.ticket));
    return true;
}

l1::L1Result<void> Batcher::advance(InFlight& work) {
    for (std::size_t i = 0; i < work.under_way.size(); ++i) {
        TRY(const bool goes_on, look_after(work, i));
        if (goes_on) continue;
        give_up();
        restart();
        return {};
    }
    TRY_VOID(send_rest(work));
    const bool all = std::all_of(work.under_way.begin(), work.under_way.end(),
                                 [](const auto& sent) { return sent.included.has_value(); });
    if (work.is_sent() && all) finish(work);
    return {};
}

// The position is in the store before its transaction is forgotten: a kill between the two finds it again.
void Batcher::finish(InFlight& work) {
    auto& position = work.position;
    for (const auto& sent : work.under_way) {
        position.l1_tx_hash = sent.included->hash;
        position.l1_tx_hashes.push_back(sent.included->hash);
        const auto& receipt = sent.included->receipt;
        if (receipt.block_number < position.l1_block_number) continue;
        position.l1_block_number = receipt.block_number;
        position.l1_block_hash = receipt.block_hash;
    }
    remember(position);
    {
        const std::lock_guard lock(mutex_);
        ++posted_.batches;
        posted_.raw_bytes += position.raw_bytes;
        posted_.compressed_bytes += position.compressed_bytes;
    }
    for (const auto& sent : work.under_way) transactions_.settle(sent.ticket);
    tell_posted(work.position);
    next_block_ = work.position.last_l2_block + 1;
    last_posted_hash_ = work.position.last_l2_hash;
    last_posted_ms_ = now_ms();
    in_flight_.reset();
}

void Batcher::remember(const BatchPosition& position) {
    log_.append(position);
    const std::lock_guard lock(mutex_);
    // What was posted for these blocks before was of another branch.
    positions_.erase(positions_.lower_bound(position.first_l2_block), positions_.end());
    positions_[position.last_l2_block] = position;
    while (positions_.size() > MAX_POSITIONS) positions_.erase(positions_.begin());
}

Batcher::Posted Batcher::posted() const {
    const std::lock_guard lock(mutex_);
    return posted_;
}

std::optional<BatchPosition> Batcher::find_position(std::uint64_t l2_block_number) const {
    const std::lock_guard lock(mutex_);
    const auto it = positions_.lower_bound(l2_block_number);
    if (it == positions_.end() || it->second.first_l2_block > l2_block_number) return std::nullopt;
    return it->second;
}

std::vector<BatchPosition> Batcher::recent_positions(std::size_t most) const {
    const std::lock_guard lock(mutex_);
    std::vector<BatchPosition> out;
    for (auto it = positions_.rbegin(); it != positions_.rend() && out.size() < most; ++it) out.push_back(it->second);
    return out;
}

}  // namespace entresol::settlement
