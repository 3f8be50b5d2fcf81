#include "core/derive/pipeline.hpp"

namespace entresol::derive {

Pipeline::Pipeline(const RollupConfig& config, L1Provider& l1, BlobProvider& blobs, L2Reader& l2)
    : traversal_(config, l1),
      retrieval_(config, traversal_, l1, blobs),
      frames_(retrieval_),
      channels_(config, traversal_, frames_),
      reader_(config, channels_),
      batches_(config, traversal_, reader_, l2),
      attributes_(config, traversal_, batches_, l1, l2) {
    CHECK(validate(config).has_value());
}

void Pipeline::reset(const SyncStart& start) {
    traversal_.reset(start.l1_base, start.base_config);
    retrieval_.reset();
    frames_.reset();
    channels_.reset();
    reader_.reset();
    batches_.reset(start.l1_base, start.consumed_l1);
    attributes_.reset();
}

Result<PayloadAttributes, Stall> Pipeline::next(const L2BlockRef& safe_head, std::size_t max_steps) {
    for (std::size_t step = 0; step < max_steps; ++step) {
        auto attributes = attributes_.next_attributes(safe_head);
        if (attributes || (attributes.error() != Stall::Again && attributes.error() != Stall::Exhausted))
            return attributes;
        if (attributes.error() == Stall::Exhausted) TRY_VOID(traversal_.advance());
    }
    return fail(Stall::Again);
}

}  // namespace entresol::derive
