#include "node/settlement/batcher.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/blob_codec.hpp"
#include "node/io/log.hpp"

namespace entresol::settlement {
namespace {

constexpr std::size_t MAX_CALLDATA_BYTES = 100'000;  // of one transaction: pools refuse 128 KiB
constexpr std::size_t MAX_BLOBS_PER_TX = 6;
constexpr std::uint64_t LOST_SAFE_MS = 60'000;  // included, yet derivation did not take it: post again

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

}  // namespace

Batcher::Batcher(const BatcherOptions& options, const derive::RollupConfig& config, TxManager transactions,
                 const ledger::Ledger& ledger, std::function<const crypto::Kzg&()> kzg,
                 std::function<std::uint64_t()> now_ms)
    : options_(options),
      config_(config),
      transactions_(std::move(transactions)),
      ledger_(ledger),
      kzg_(std::move(kzg)),
      now_ms_(std::move(now_ms)),
      log_(*ledger.store()) {
    for (auto& position : log_.load(MAX_POSITIONS)) positions_.emplace(position.last_l2_block, std::move(position));
    restart();
    take_up_unsettled();
}

void Batcher::give_up() {
    if (in_flight_->ticket) abandoned_.push_back({*in_flight_->ticket, in_flight_->sent_at_ms});
    in_flight_.reset();
}

void Batcher::restart() {
    // A channel that is under way as a whole may still be right; skip_what_is_posted() knows.
    if (in_flight_ && !(in_flight_->ticket && in_flight_->sent >= in_flight_->requests.size())) give_up();
    const auto safe = ledger_.safe();
    next_block_ = safe->number() + 1;
    last_posted_hash_ = safe->hash;
    safe_seen_ = safe->number();
    waiting_for_safe_since_ms_ = now_ms_();
    looks_for_posted_ = true;
}

// The position as far as it is known, and how many of the channel's transactions come after this one.
Bytes Batcher::note_of(const InFlight& work) const {
    Bytes note(8);
    store_be64(note.data(), work.requests.size() - work.sent - 1);
    append(note, encode(work.position));
    return note;
}

void Batcher::take_up_unsettled() {
    for (auto& [ticket, note] : transactions_.unsettled()) {
        const auto position = note.size() > 8 ? decode_batch_position(ByteView(note).subspan(8)) : std::nullopt;
        // Which branch it is of, and what stands before it, is found out in step(): here nothing is asked of L1.
        if (position && load_be64(note.data()) == 0 && !in_flight_ && is_of_this_chain(*position))
            in_flight_ = InFlight{.position = *position, .ticket = ticket, .sent_at_ms = now_ms_()};
        else
            abandoned_.push_back({ticket, now_ms_()});
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
        if (now_ms_() - old.sent_at_ms > options_.resend_after_ms) {
            old.sent_at_ms = now_ms_();
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
    if (safe + 1 >= next_block_ || safe > safe_seen_) waiting_for_safe_since_ms_ = now_ms_();
    safe_seen_ = safe;
    const bool lost = now_ms_() - waiting_for_safe_since_ms_ > LOST_SAFE_MS;
    if (safe >= next_block_ || lost || !stands_on_what_was_posted()) {
        restart();
        if (lost) looks_for_posted_ = false;  // it is on L1, and derivation would not have it
        if (looks_for_posted_) TRY_VOID(skip_what_is_posted());
    }
    if (now_ms_() - last_posted_ms_ < options_.interval_ms) return {};
    if (!begin_channel()) return {};
    return advance(*in_flight_);
}

bool Batcher::begin_channel() {
    const auto head = ledger_.head()->number();
    if (next_block_ > head) return false;
    const auto first = ledger_.find_block(next_block_);
    const auto before = ledger_.find_header(next_block_ - 1);
    if (first == nullptr || !before) return false;
    derive::ChannelOptions options = options_.channel;
    options.max_frame_bytes = options_.use_blobs ? derive::MAX_BLOB_DATA_BYTES : MAX_CALLDATA_BYTES;
    options.target_channel_bytes = options.max_frame_bytes * (options_.use_blobs ? MAX_BLOBS_PER_TX : 1);
    options.first_block_jumps = first->block.header.timestamp - before->timestamp != config_.block_time;
    derive::ChannelBuilder builder(config_.batch_context(), make_channel_id(first->hash, channels_++), options);
    Hash32 parent = first->block.header.parent_hash, last_hash;
    std::uint64_t number = next_block_;
    for (; number <= head && !builder.is_full(); ++number) {
        const auto block = ledger_.find_block(number);
        if (block == nullptr || block->block.header.parent_hash != parent)
            break;  // a reorg under our hands: what is there so far is whole
        auto batch = derive::make_batch_block(block->block);
        if (!batch || !builder.add(std::move(*batch))) break;
        parent = last_hash = block->hash;
    }
    if (builder.block_count() == 0) return false;
    const auto channel = builder.finish();
    CHECK(channel.has_value());
    InFlight work;
    work.position = {.channel_id = channel->id,
                     .first_l2_block = next_block_,
                     .last_l2_block = number - 1,
                     .last_l2_hash = last_hash,
                     .raw_bytes = channel->raw_bytes,
                     .compressed_bytes = channel->compressed_bytes,
                     .in_blobs = options_.use_blobs};
    work.requests = make_requests(*channel);
    in_flight_ = std::move(work);
    return true;
}

std::vector<TxRequest> Batcher::make_requests(const derive::EncodedChannel& channel) {
    std::vector<TxRequest> requests;
    if (options_.use_blobs) {
        std::vector<Bytes> blobs = derive::pack_blobs(channel.frames);
        for (std::size_t i = 0; i < blobs.size(); i += MAX_BLOBS_PER_TX) {
            const auto end = std::min(blobs.size(), i + MAX_BLOBS_PER_TX);
            requests.push_back(make_blob_request(
                {blobs.begin() + static_cast<std::ptrdiff_t>(i), blobs.begin() + static_cast<std::ptrdiff_t>(end)}));
        }
    } else {
        for (auto& calldata : derive::pack_calldata(channel.frames, MAX_CALLDATA_BYTES))
            requests.push_back({.to = config_.batch_inbox,
                                .data = std::move(calldata),
                                .gas_limit = std::nullopt,
                                .sidecar = std::nullopt});
    }
    return requests;
}

TxRequest Batcher::make_blob_request(std::vector<Bytes> blobs) {
    const auto& kzg = kzg_();
    chain::BlobSidecar sidecar;
    sidecar.version = options_.cell_proofs ? 1 : 0;
    for (const auto& blob : blobs) {
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
    sidecar.blobs = std::move(blobs);
    return {.to = config_.batch_inbox, .data = {}, .gas_limit = 21'000, .sidecar = std::move(sidecar)};
}

l1::L1Result<void> Batcher::advance(InFlight& work) {
    if (work.ticket) {
        TRY(const auto progress, transactions_.check(*work.ticket));
        if (progress.state == TxManager::State::Waiting) {
            if (now_ms_() - work.sent_at_ms > options_.resend_after_ms) {
                work.sent_at_ms = now_ms_();
                io::log_info("batcher", "a transaction waits long, its fee is raised",
                             {{"first_block", work.position.first_l2_block}, {"l1_tx", to_hex(progress.hash)}});
                return transactions_.replace(*work.ticket);
            }
            return {};
        }
        if (progress.state != TxManager::State::Included) {  // lost or failed: what was in it is still to be posted
            io::log_warning("batcher", "a transaction was lost or failed, its blocks are posted again",
                            {{"first_block", work.position.first_l2_block}, {"l1_tx", to_hex(progress.hash)}});
            transactions_.settle(*work.ticket);
            work.ticket.reset();
            restart();
            return {};
        }
        work.position.l1_tx_hash = progress.hash;
        work.position.l1_tx_hashes.push_back(progress.hash);
        work.position.l1_block_number = progress.receipt.block_number;
        work.position.l1_block_hash = progress.receipt.block_hash;
        if (work.sent >= work.requests.size()) {
            finish(work);
            return {};
        }
        transactions_.settle(*work.ticket);
        work.ticket.reset();
    }
    auto& request = work.requests[work.sent];
    request.note = note_of(work);
    TRY(work.ticket, transactions_.send(request));
    ++work.sent;
    work.sent_at_ms = now_ms_();
    return {};
}

// The position is in the store before its transaction is forgotten: a kill between the two finds it again.
void Batcher::finish(InFlight& work) {
    remember(work.position);
    transactions_.settle(*work.ticket);
    tell_posted(work.position);
    next_block_ = work.position.last_l2_block + 1;
    last_posted_hash_ = work.position.last_l2_hash;
    last_posted_ms_ = now_ms_();
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
