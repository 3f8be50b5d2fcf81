// Channel frames and the batcher transaction that carries them (OP Stack derivation specification, "Batch Submission Wire Format").
#pragma once

#include <span>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::derive {

/// Opaque name of a channel.
struct ChannelId : FixedBytes<16> {
    constexpr auto operator<=>(const ChannelId&) const = default;
};

struct Frame {
    ChannelId channel_id;
    std::uint16_t number = 0;  // from 0 within its channel
    Bytes data;
    bool is_last = false;
    bool operator==(const Frame&) const = default;
};

inline constexpr std::uint8_t DERIVATION_VERSION_0 = 0;
inline constexpr std::size_t FRAME_OVERHEAD_BYTES = 16 + 2 + 4 + 1;
inline constexpr std::size_t MAX_FRAME_DATA_BYTES = 1'000'000;

enum class FrameError : std::uint8_t {
    Empty,           // no version byte, or no frame after it
    UnknownVersion,  // the first byte is not 0
    Truncated,
    TooLong,    // frame_data_length above 1,000,000
    BadIsLast,  // neither 0 nor 1
};
[[nodiscard]] const char* to_string(FrameError error);

/// Every frame of a batcher transaction's payload; one malformed frame rejects them all.
[[nodiscard]] Result<std::vector<Frame>, FrameError> decode_frames(ByteView payload);

void append_frame(Bytes& out, const Frame& frame);
/// Version byte and frames: the calldata of a batcher transaction, or the content of a blob.
[[nodiscard]] Bytes encode_frames(std::span<const Frame> frames);

}  // namespace entresol::derive
