// Holocene's strict order of frames within one batcher transaction; the cases are those of the specification's sentences.
#include "core/derive/frame_queue.hpp"

#include <gtest/gtest.h>

namespace entresol::derive {
namespace {

/// "A0 A1 A2." : channel A, numbers, a dot closes.
std::vector<Frame> parse(std::string_view text) {
    std::vector<Frame> frames;
    for (std::size_t i = 0; i + 1 < text.size(); i += 3) {
        Frame frame;
        frame.channel_id.bytes.fill(static_cast<std::uint8_t>(text[i]));
        frame.number = static_cast<std::uint16_t>(text[i + 1] - '0');
        frame.is_last = i + 2 < text.size() && text[i + 2] == '.';
        frames.push_back(frame);
        if (frame.is_last) ++i;
    }
    return frames;
}

std::string pruned(std::string_view text) {
    std::string out;
    for (const Frame& frame : prune_frames(parse(text))) {
        if (!out.empty()) out += ' ';
        out += static_cast<char>(frame.channel_id.bytes[0]);
        out += static_cast<char>('0' + frame.number);
        if (frame.is_last) out += '.';
    }
    return out;
}

TEST(FrameQueue, OrderedFramesStay) {
    EXPECT_EQ(pruned("A0 A1 A2. B0 B1."), "A0 A1 A2. B0 B1.");
    EXPECT_EQ(pruned("A3 A4. B0"), "A3 A4. B0") << "a channel goes on from an earlier transaction";
    EXPECT_EQ(pruned(""), "");
}

TEST(FrameQueue, NumbersMustFollow) {
    EXPECT_EQ(pruned("A0 A2 A1 A2."), "A0 A1 A2.");
    EXPECT_EQ(pruned("A0 A1 A3. A4"), "A0 A1");
    EXPECT_EQ(pruned("A0 A0 A1 A1."), "A0 A1") << "duplicates";
}

TEST(FrameQueue, NothingFollowsAClosingFrame) {
    EXPECT_EQ(pruned("A0 A1. A2 B0"), "A0 A1. B0");
    EXPECT_EQ(pruned("A0. A0 A1."), "A0.") << "the same id at once, as op-node has it";
}

TEST(FrameQueue, ANonFirstFrameOfAnotherChannelIsDropped) { EXPECT_EQ(pruned("A0. B1 B2. C0 C1."), "A0. C0 C1."); }

TEST(FrameQueue, AFirstFrameDropsAnUnclosedChannel) {
    EXPECT_EQ(pruned("A0 A1 A2 B0 B1."), "B0 B1.");
    EXPECT_EQ(pruned("Z0. A0 A1 B0 B1."), "Z0. B0 B1.");
    EXPECT_EQ(pruned("A0 B0 C0."), "C0.");
}

// Where the specification's sentences leave a first frame of the same channel open, this is op-node's and kona's order.
TEST(FrameQueue, AFirstFrameIsComparedWithWhatIsLeftBeforeIt) {
    EXPECT_EQ(pruned("A0 A1. B0 B1 A0 A1."), "A0 A1.") << "B goes, and A is closed";
    EXPECT_EQ(pruned("A0. B0 C0 D0."), "A0. D0.");
}

}  // namespace
}  // namespace entresol::derive
