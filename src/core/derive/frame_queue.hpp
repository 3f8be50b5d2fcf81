// Stage 3: the frames of one batcher transaction at a time, in the strict order that Holocene demands.
#pragma once

#include <deque>

#include "core/derive/frame.hpp"
#include "core/derive/l1_retrieval.hpp"

namespace entresol::derive {

/// Drops frames out of order, and channels that a new one cuts off (Holocene derivation specification, "Frame Queue").
[[nodiscard]] std::deque<Frame> prune_frames(std::vector<Frame> frames);

class FrameQueue {
public:
    explicit FrameQueue(L1Retrieval& retrieval) : retrieval_(retrieval) {}

    void reset() { frames_.clear(); }
    [[nodiscard]] Result<Frame, Stall> next_frame();

private:
    L1Retrieval& retrieval_;
    std::deque<Frame> frames_;
};

}  // namespace entresol::derive
