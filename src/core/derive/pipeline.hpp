// The pull pipeline: seven stages, each asking the one before it. Drives no I/O of its own: it advances when it is called.
#pragma once

#include "core/derive/attributes_queue.hpp"
#include "core/derive/sync_start.hpp"

namespace entresol::derive {

/// Not thread-safe. Configuration and providers must outlive it. Deterministic: what it yields depends on the chains alone, not on when
/// providers answer.
class Pipeline {
public:
    Pipeline(const RollupConfig& config, L1Provider& l1, BlobProvider& blobs, L2Reader& l2);
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;

    /// Before the first call of next, and after it has stalled with Reset.
    void reset(const SyncStart& start);

    /// Attributes of the block after `safe_head`, which starts as SyncStart::safe_head and then is the block made of the last attributes. Stalls with NeedsL1,
    /// Temporary, Reset or Broken; with Again after max_steps small steps, so that an event loop gets its turn.
    [[nodiscard]] Result<PayloadAttributes, Stall> next(const L2BlockRef& safe_head, std::size_t max_steps = 1'000);

    /// After attributes whose block was invalid and replaced by without_batch: the rest of their span and channel goes (Holocene, "Engine Queue").
    void drop_channel() { batches_.drop_channel(); }

    /// The L1 block being read.
    [[nodiscard]] const L1BlockRef& origin() const { return traversal_.origin(); }

private:
    L1Traversal traversal_;
    L1Retrieval retrieval_;
    FrameQueue frames_;
    ChannelAssembler channels_;
    ChannelReader reader_;
    BatchStage batches_;
    AttributesQueue attributes_;
};

}  // namespace entresol::derive
