#include "core/derive/frame_queue.hpp"

namespace entresol::derive {
namespace {

/// May `next` stand behind `last` in the queue?
bool continues(const Frame& last, const Frame& next) {
    if (last.channel_id == next.channel_id) return !last.is_last && next.number == last.number + 1;
    return next.number == 0;
}

}  // namespace

std::deque<Frame> prune_frames(std::vector<Frame> frames) {
    std::deque<Frame> queue;
    for (Frame& frame : frames) {
        // A first frame of another channel: the unclosed channel before it goes, as far as this transaction holds it.
        while (frame.number == 0 && !queue.empty() && !queue.back().is_last &&
               queue.back().channel_id != frame.channel_id)
            queue.pop_back();
        // Compared with what is then before it, which may be of its own channel, closed or not.
        if (queue.empty() || continues(queue.back(), frame)) queue.push_back(std::move(frame));
    }
    return queue;
}

Result<Frame, Stall> FrameQueue::next_frame() {
    if (frames_.empty()) {
        TRY(const Bytes data, retrieval_.next_data());
        auto frames = decode_frames(data);
        if (!frames) return fail(Stall::Again);  // the whole batcher transaction is ignored
        frames_ = prune_frames(*std::move(frames));
    }
    Frame frame = std::move(frames_.front());
    frames_.pop_front();
    return frame;
}

}  // namespace entresol::derive
