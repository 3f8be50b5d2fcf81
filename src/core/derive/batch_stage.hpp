// Stage 6: the next valid singular batch, from a singular batch, from a span block by block, or empty when a sequencing window has passed
// (Holocene derivation specification, "Span Batches" and "Batch Queue").
#pragma once

#include "core/derive/channel_reader.hpp"
#include "core/derive/check_batch.hpp"

namespace entresol::derive {

/// A batch that is the next block.
struct CheckedBatch {
    SingularBatch batch;
    bool is_last_in_span = true;
};

class BatchStage {
public:
    BatchStage(const RollupConfig& config, const L1Traversal& traversal, ChannelReader& reader, L2Reader& l2)
        : config_(config), traversal_(traversal), reader_(reader), l2_(l2) {}

    /// Batches included up to consumed_l1 do not count (SyncStart).
    void reset(const L1BlockRef& base, std::uint64_t consumed_l1);
    /// What is left of the current span and channel is discarded.
    void drop_channel();
    /// The batch of the block after `parent`, which must be the head of what is derived.
    [[nodiscard]] Result<CheckedBatch, Stall> next_batch(const L2BlockRef& parent);

private:
    void update_origins(const L2BlockRef& parent);
    [[nodiscard]] bool origin_behind(const L2BlockRef& parent) const;
    /// Fills candidate_.
    [[nodiscard]] Result<void, Stall> load_candidate(const L2BlockRef& parent);
    [[nodiscard]] Result<void, Stall> accept_span(const L2BlockRef& parent);
    /// The next block of span_ after `parent` into candidate_; nothing when there is none.
    void pull_from_span(const L2BlockRef& parent);
    [[nodiscard]] Result<CheckedBatch, Stall> derive_empty(const L2BlockRef& parent);

    const RollupConfig& config_;
    const L1Traversal& traversal_;
    ChannelReader& reader_;
    L2Reader& l2_;
    L1BlockRef origin_;
    std::uint64_t consumed_l1_ = 0;
    std::deque<L1BlockRef> l1_blocks_;         // consecutive, from the epoch that may still be used to origin_
    std::optional<SpanBatch> unchecked_span_;  // its prefix is still to be checked
    std::optional<SpanBatch> span_;
    std::size_t next_in_span_ = 0;
    std::optional<SingularBatch> candidate_;
};

}  // namespace entresol::derive
