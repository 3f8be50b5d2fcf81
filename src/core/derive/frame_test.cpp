#include "core/derive/frame.hpp"

#include <gtest/gtest.h>

namespace entresol::derive {
namespace {

Frame make_frame(std::uint8_t id, std::uint16_t number, std::size_t size, bool is_last) {
    Frame frame;
    frame.channel_id.bytes.fill(id);
    frame.number = number;
    frame.data.assign(size, 0xab);
    frame.is_last = is_last;
    return frame;
}

TEST(Frame, RoundTripOfSeveralChannels) {
    const std::vector<Frame> frames = {make_frame(1, 0, 10, false), make_frame(1, 1, 0, true),
                                       make_frame(2, 65535, 3000, false)};
    const Bytes payload = encode_frames(frames);
    EXPECT_EQ(payload.size(), 1 + 3 * FRAME_OVERHEAD_BYTES + 3010);
    EXPECT_EQ(decode_frames(payload).value(), frames);
}

TEST(Frame, LayoutIsTheSpecifications) {
    Frame frame = make_frame(0x11, 0x0203, 2, true);
    const Bytes payload = encode_frames(std::span(&frame, 1));
    const Bytes expected = {0,    0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
                            0x11, 0x11, 0x11, 0x11, 0x02, 0x03, 0,    0,    0,    2,    0xab, 0xab, 1};
    EXPECT_EQ(payload, expected);
}

TEST(Frame, IsLastOfTwoIsRefused) {
    Bytes payload = encode_frames(std::vector{make_frame(1, 0, 4, true)});
    payload.back() = 2;
    EXPECT_EQ(decode_frames(payload).error(), FrameError::BadIsLast);
}

TEST(Frame, OneBadFrameRejectsAll) {
    Bytes payload = encode_frames(std::vector{make_frame(1, 0, 4, false), make_frame(1, 1, 4, true)});
    payload.pop_back();
    EXPECT_EQ(decode_frames(payload).error(), FrameError::Truncated);
}

TEST(Frame, EveryPrefixIsRefused) {
    const Bytes payload = encode_frames(std::vector{make_frame(1, 0, 40, true)});
    for (std::size_t size = 0; size < payload.size(); ++size)
        EXPECT_FALSE(decode_frames(ByteView(payload).first(size)).has_value()) << size;
}

TEST(Frame, VersionAndLengthAreChecked) {
    Bytes payload = encode_frames(std::vector{make_frame(1, 0, 4, true)});
    EXPECT_EQ(decode_frames(ByteView(payload).first(1)).error(), FrameError::Empty);
    payload[19] = 0xff;  // the length's first byte
    EXPECT_EQ(decode_frames(payload).error(), FrameError::TooLong);
    payload[0] = 1;
    EXPECT_EQ(decode_frames(payload).error(), FrameError::UnknownVersion);
    EXPECT_TRUE(decode_frames(encode_frames(std::vector{make_frame(1, 0, MAX_FRAME_DATA_BYTES, true)})).has_value());
}

}  // namespace
}  // namespace entresol::derive
