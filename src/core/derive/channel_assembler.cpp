#include "core/derive/channel_assembler.hpp"

#include "core/derive/decompress.hpp"

namespace entresol::derive {
namespace {

constexpr std::size_t COUNTED_FRAME_OVERHEAD = 200;  // derivation specification, "Pruning"

}  // namespace

bool ChannelAssembler::has_timed_out() const {
    return channel_ && traversal_.origin().number > channel_->open_block + config_.channel_timeout;
}

bool ChannelAssembler::ingest(const Frame& frame) {
    // A first frame always opens a channel and replaces one that is not closed, also one of the same id: ids may be used again.
    if (frame.number == 0) channel_ = Channel{frame.channel_id, traversal_.origin().number, 0, 0, {}};
    if (!channel_ || channel_->id != frame.channel_id || frame.number != channel_->next_number) return false;
    ++channel_->next_number;
    channel_->counted_bytes += frame.data.size() + COUNTED_FRAME_OVERHEAD;
    append(channel_->data, frame.data);
    if (channel_->counted_bytes > MAX_RLP_BYTES_PER_CHANNEL) {
        channel_.reset();
        return false;
    }
    return frame.is_last;
}

Result<Bytes, Stall> ChannelAssembler::next_channel() {
    if (has_timed_out()) channel_.reset();
    while (true) {
        TRY(const Frame frame, frames_.next_frame());
        if (!ingest(frame)) continue;
        Bytes data = std::move(channel_->data);
        channel_.reset();
        return data;
    }
}

}  // namespace entresol::derive
