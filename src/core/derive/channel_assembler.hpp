// Stage 4: one channel at a time from its frames (Holocene derivation specification, "Channel Bank").
#pragma once

#include "core/derive/frame_queue.hpp"

namespace entresol::derive {

class ChannelAssembler {
public:
    ChannelAssembler(const RollupConfig& config, const L1Traversal& traversal, FrameQueue& frames)
        : config_(config), traversal_(traversal), frames_(frames) {}

    void reset() { channel_.reset(); }
    /// The compressed bytes of the next complete channel.
    [[nodiscard]] Result<Bytes, Stall> next_channel();

private:
    struct Channel {
        ChannelId id;
        std::uint64_t open_block = 0;  // L1 block of its first frame
        std::uint32_t next_number = 0;
        std::size_t counted_bytes = 0;  // data and 200 bytes a frame
        Bytes data;
    };
    [[nodiscard]] bool has_timed_out() const;
    /// Is the channel complete now?
    bool ingest(const Frame& frame);

    const RollupConfig& config_;
    const L1Traversal& traversal_;
    FrameQueue& frames_;
    std::optional<Channel> channel_;
};

}  // namespace entresol::derive
