#include "core/derive/attributes_queue.hpp"

namespace entresol::derive {

Result<PayloadAttributes, Stall> AttributesQueue::next_attributes(const L2BlockRef& parent) {
    if (!batch_) {
        TRY(CheckedBatch next, batches_.next_batch(parent));
        batch_ = std::move(next);
    }
    const SingularBatch& batch = batch_->batch;
    if (batch.parent_hash != parent.hash) return fail(Stall::Reset);  // the caller went on from another block
    const auto parent_block = l2_.block_by_number(parent.number);
    if (!parent_block) return fail(to_stall(parent_block.error()));
    const auto system = read_system_config(config_, *parent_block);
    if (!system) return fail(Stall::Broken);
    TRY(PayloadAttributes attributes,
        prepare_attributes(config_, l1_, parent, *system, {batch.epoch_hash, batch.epoch_number}, batch.timestamp));
    attributes.transactions.insert(attributes.transactions.end(), batch.transactions.begin(), batch.transactions.end());
    attributes.derived_from = traversal_.origin();
    attributes.is_last_in_span = batch_->is_last_in_span;
    batch_.reset();
    return attributes;
}

}  // namespace entresol::derive
