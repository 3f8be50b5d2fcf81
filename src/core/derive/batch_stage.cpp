#include "core/derive/batch_stage.hpp"

#include <algorithm>

namespace entresol::derive {

void BatchStage::reset(const L1BlockRef& base, std::uint64_t consumed_l1) {
    drop_channel();
    consumed_l1_ = consumed_l1;
    origin_ = base;
    l1_blocks_.assign(1, base);
}

void BatchStage::drop_channel() {
    reader_.drop_channel();
    unchecked_span_.reset();
    span_.reset();
    candidate_.reset();
    next_in_span_ = 0;
}

bool BatchStage::origin_behind(const L2BlockRef& parent) const {
    return traversal_.origin().number < parent.l1_origin.number;
}

void BatchStage::update_origins(const L2BlockRef& parent) {
    if (origin_ != traversal_.origin()) {
        origin_ = traversal_.origin();
        if (origin_behind(parent))
            l1_blocks_.clear();  // after a reset: nothing before the parent's origin is an epoch any more
        else
            l1_blocks_.push_back(origin_);
    }
    while (l1_blocks_.size() > 1 && l1_blocks_.front().number < parent.l1_origin.number) l1_blocks_.pop_front();
}

Result<CheckedBatch, Stall> BatchStage::next_batch(const L2BlockRef& parent) {
    update_origins(parent);
    // Batches included up to the parent's origin can only be past ones: an epoch's batches come in later L1 blocks.
    if (origin_.number <= std::max(parent.l1_origin.number, consumed_l1_)) {
        const auto past = reader_.next_batch();
        return fail(past ? Stall::Again : past.error());
    }
    const L1BlockRef& epoch = l1_blocks_.front();
    // With a window of one block, empty blocks have filled the epoch before this L1 block: nothing that it holds can be an epoch's batch any more.
    if (l1_blocks_.size() < 2 && epoch.number == parent.l1_origin.number + 1) return fail(Stall::Exhausted);
    // Derivation started after the parent's origin, or the parent is of another L1 chain.
    if (l1_blocks_.size() < 2) return fail(Stall::Reset);
    // After empty blocks have filled an epoch, the next one stands first although no block has it yet.
    if (parent.l1_origin != epoch.id() && parent.l1_origin.number + 1 != epoch.number) return fail(Stall::Reset);

    if (const auto loaded = load_candidate(parent); !loaded) {
        if (loaded.error() == Stall::Exhausted) return derive_empty(parent);
        return fail(loaded.error());
    }
    const std::vector<L1BlockRef> l1_blocks(l1_blocks_.begin(), l1_blocks_.begin() + 2);
    const Verdict verdict = check_singular_batch(config_, l1_blocks, parent, *candidate_, origin_);
    CheckedBatch checked{*std::move(candidate_), !span_};
    candidate_.reset();
    if (verdict.validity == Validity::Accept) return checked;
    if (verdict.validity == Validity::Drop) drop_channel();
    return fail(Stall::Again);
}

Result<void, Stall> BatchStage::load_candidate(const L2BlockRef& parent) {
    pull_from_span(parent);
    if (candidate_) return {};
    if (!unchecked_span_) {
        TRY(Batch batch, reader_.next_batch());
        if (auto* singular = std::get_if<SingularBatch>(&batch)) {
            candidate_ = std::move(*singular);
            return {};
        }
        unchecked_span_ = std::get<SpanBatch>(std::move(batch));
    }
    TRY_VOID(accept_span(parent));
    pull_from_span(parent);
    if (!candidate_) return fail(Stall::Again);
    return {};
}

Result<void, Stall> BatchStage::accept_span(const L2BlockRef& parent) {
    const std::vector<L1BlockRef> l1_blocks(l1_blocks_.begin(), l1_blocks_.end());
    const auto verdict = check_span_prefix(config_, l1_blocks, parent, *unchecked_span_, origin_, l2_);
    if (!verdict)
        return fail(Stall::Temporary);  // the span stays: what is valid does not depend on when a provider answers
    if (verdict->validity == Validity::Accept) {
        span_ = std::move(unchecked_span_);
        next_in_span_ = 0;
    } else if (verdict->validity == Validity::Drop) {
        drop_channel();
    }
    unchecked_span_.reset();
    if (!span_) return fail(Stall::Again);
    return {};
}

void BatchStage::pull_from_span(const L2BlockRef& parent) {
    if (!span_) return;
    const auto timestamp_of = [&](std::size_t i) { return span_->first_timestamp + i * config_.block_time; };
    while (next_in_span_ < span_->blocks.size() && timestamp_of(next_in_span_) <= parent.timestamp) ++next_in_span_;
    if (next_in_span_ < span_->blocks.size()) {
        const SpanBlock& block = span_->blocks[next_in_span_];
        const auto first = span_->transactions.begin() + block.first_transaction;
        SingularBatch batch{
            parent.hash, block.epoch_number, {}, timestamp_of(next_in_span_), {first, first + block.transaction_count}};
        const std::uint64_t oldest = l1_blocks_.front().number;
        if (block.epoch_number >= oldest && block.epoch_number - oldest < l1_blocks_.size())
            batch.epoch_hash = l1_blocks_[block.epoch_number - oldest].hash;
        candidate_ = std::move(batch);
        ++next_in_span_;
    }
    if (next_in_span_ == span_->blocks.size()) span_.reset();
}

Result<CheckedBatch, Stall> BatchStage::derive_empty(const L2BlockRef& parent) {
    const L1BlockRef epoch = l1_blocks_[0], next_epoch = l1_blocks_[1];
    if (epoch.number + config_.seq_window_size > origin_.number)
        return fail(Stall::Exhausted);  // batches may still come
    const std::uint64_t next_timestamp = parent.timestamp + config_.block_time;
    const bool first_of_epoch = epoch.number == parent.l1_origin.number + 1;
    // Blocks of the epoch until L2 time reaches the next L1 block; at least one.
    if (next_timestamp < next_epoch.timestamp || first_of_epoch)
        return CheckedBatch{{parent.hash, epoch.number, epoch.hash, next_timestamp, {}}, true};
    l1_blocks_.pop_front();
    return fail(l1_blocks_.size() < 2 ? Stall::Exhausted : Stall::Again);
}

}  // namespace entresol::derive
