// Stage 1: walks the L1 chain block by block and keeps the system configuration as of the block it is at.
#pragma once

#include "core/derive/providers.hpp"

namespace entresol::derive {

class L1Traversal {
public:
    L1Traversal(const RollupConfig& config, L1Provider& l1) : config_(config), l1_(l1) {}

    void reset(const L1BlockRef& base, const SystemConfig& system_config);
    /// The L1 block that the whole pipeline is at.
    [[nodiscard]] const L1BlockRef& origin() const { return origin_; }
    [[nodiscard]] const Address& batcher() const { return system_config_.batcher; }
    /// The current block, once.
    [[nodiscard]] std::optional<L1BlockRef> take_block();
    /// To the next block. NeedsL1 at the head, Reset when the next block does not build on this one or this one is gone.
    [[nodiscard]] Result<void, Stall> advance();

private:
    [[nodiscard]] Stall why_no_next_block();

    const RollupConfig& config_;
    L1Provider& l1_;
    L1BlockRef origin_;
    SystemConfig system_config_;
    bool taken_ = false;
};

}  // namespace entresol::derive
