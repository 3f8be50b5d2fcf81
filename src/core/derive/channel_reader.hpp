// Stage 5: batches out of a channel, one after another.
#pragma once

#include "core/derive/channel_assembler.hpp"

namespace entresol::derive {

class ChannelReader {
public:
    ChannelReader(const RollupConfig& config, ChannelAssembler& channels)
        : context_(config.batch_context()), channels_(channels) {}

    void reset() { drop_channel(); }
    /// Whatever the current channel still holds is discarded (Holocene, "Fast Channel Invalidation").
    void drop_channel();
    [[nodiscard]] Result<Batch, Stall> next_batch();

private:
    BatchContext context_;
    ChannelAssembler& channels_;
    Bytes batches_;  // decompressed
    std::size_t offset_ = 0;
};

}  // namespace entresol::derive
