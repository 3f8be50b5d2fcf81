#include "core/derive/frame.hpp"

#include "core/base/endian.hpp"
#include "core/derive/byte_cursor.hpp"

namespace entresol::derive {
namespace {

Result<Frame, FrameError> take_frame(ByteCursor& in) {
    const auto head = in.take(16 + 2 + 4);
    if (!head) return fail(FrameError::Truncated);
    Frame frame;
    frame.channel_id = from_bytes<ChannelId>(head->first(16));
    frame.number = load_be16(head->data() + 16);
    const std::uint32_t length = load_be32(head->data() + 18);
    if (length > MAX_FRAME_DATA_BYTES) return fail(FrameError::TooLong);
    const auto data = in.take(length);
    const auto is_last = in.take(1);
    if (!data || !is_last) return fail(FrameError::Truncated);
    // The ABI's bool: any other value makes the frame invalid. One client once read 2 as true and the others did not.
    if ((*is_last)[0] > 1) return fail(FrameError::BadIsLast);
    frame.data = to_bytes(*data);
    frame.is_last = (*is_last)[0] == 1;
    return frame;
}

}  // namespace

const char* to_string(FrameError error) {
    switch (error) {
        case FrameError::Empty: return "no frame";
        case FrameError::UnknownVersion: return "unknown batcher transaction version";
        case FrameError::Truncated: return "frame is cut short";
        case FrameError::TooLong: return "frame data above 1,000,000 bytes";
        case FrameError::BadIsLast: return "is_last is neither 0 nor 1";
    }
    return "?";
}

Result<std::vector<Frame>, FrameError> decode_frames(ByteView payload) {
    ByteCursor in(payload);
    const auto version = in.take(1);
    if (!version || in.empty()) return fail(FrameError::Empty);
    if ((*version)[0] != DERIVATION_VERSION_0) return fail(FrameError::UnknownVersion);
    std::vector<Frame> frames;
    while (!in.empty()) {
        TRY(Frame frame, take_frame(in));
        frames.push_back(std::move(frame));
    }
    return frames;
}

void append_frame(Bytes& out, const Frame& frame) {
    CHECK(frame.data.size() <= MAX_FRAME_DATA_BYTES);
    append(out, frame.channel_id.view());
    std::uint8_t numbers[6];
    store_be16(numbers, frame.number);
    store_be32(numbers + 2, static_cast<std::uint32_t>(frame.data.size()));
    append(out, numbers);
    append(out, frame.data);
    out.push_back(frame.is_last ? 1 : 0);
}

Bytes encode_frames(std::span<const Frame> frames) {
    std::size_t size = 1;
    for (const Frame& frame : frames) size += FRAME_OVERHEAD_BYTES + frame.data.size();
    Bytes out;
    out.reserve(size);
    out.push_back(DERIVATION_VERSION_0);
    for (const Frame& frame : frames) append_frame(out, frame);
    return out;
}

}  // namespace entresol::derive
