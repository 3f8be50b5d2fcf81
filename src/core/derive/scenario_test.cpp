// Each test is one way in which L1 data is bad, late, doubled or moved, through the whole pipeline: README.md has the table. Behind the bad data
// stands good data, which must be derived as if nothing had been.
#include <gtest/gtest.h>

#include "core/base/endian.hpp"
#include "core/derive/chains_testing.hpp"

namespace entresol::derive {
namespace {

using testing::Replica;

class Scenario : public ::testing::Test {
protected:
    void SetUp() override {  // L2 blocks 1 to 12 over L1 blocks 0 to 2
        for (int i = 0; i < 2; ++i) {
            l1.mine();
            for (int b = 0; b < 6; ++b) sequencer.sequence(1);
        }
    }
    std::uint64_t head() const { return sequencer.l2.head().number; }
    EncodedChannel channel(std::uint64_t first, std::uint64_t last, std::uint8_t id, ChannelOptions options = {}) {
        return testing::make_channel(rollup, sequencer.batches(first, last), id, options);
    }
    /// The same in several frames.
    EncodedChannel small_frames(std::uint64_t first, std::uint64_t last, std::uint8_t id) {
        ChannelOptions options;
        options.max_frame_bytes = 150;
        EncodedChannel out = channel(first, last, id, options);
        CHECK(out.frames.size() >= 4);
        return out;
    }
    Bytes singular(std::uint64_t number) {
        const auto blocks = sequencer.batches(number, number);
        return encode_batches(blocks, rollup.config.batch_context(), BatchMode::Singular).value();
    }
    void post_bytes(Bytes calldata, const Hash32& key) {
        l1.pending.push_back(testing::make_calldata_transaction(rollup, std::move(calldata), key));
    }
    void post_bytes(Bytes calldata) { post_bytes(std::move(calldata), rollup.batcher_key); }
    void post_frames(std::span<const Frame> frames) { testing::post_frames(rollup, l1, frames); }
    void post_channel(Bytes compressed) {
        const Frame frame{ChannelId{}, 0, std::move(compressed), true};
        post_frames(std::span(&frame, 1));
    }
    void mine_to(std::uint64_t number) {
        while (l1.head().header.number < number) l1.mine();
    }
    /// Mines what is pending; a replica then stands at the sequencer's block of this number.
    void expect_derived(std::uint64_t number) {
        l1.mine();
        Replica replica(rollup, l1);
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        ASSERT_EQ(replica.l2.head().number, number);
        for (std::uint64_t n = 0; n <= number; ++n) ASSERT_EQ(replica.l2.at(n), sequencer.l2.at(n)) << n;
    }
    void expect_derived_once_posted_well() {
        testing::post(rollup, l1, channel(1, head(), 0xee));
        expect_derived(head());
    }

    testing::MemoryL1 l1{1'700'000'000};
    testing::Rollup rollup{l1};
    testing::Sequencer sequencer{rollup, l1};
};

TEST_F(Scenario, GarbageFrame) {
    constexpr std::size_t LENGTH_AT = 1 + 16 + 2;
    const Bytes good = encode_frames(channel(1, head(), 1).frames);
    post_bytes(Bytes(good.begin(), good.end() - 1));  // without its last byte
    Bytes bad = good;
    bad.push_back(0);  // the beginning of another frame
    post_bytes(bad);
    bad = good;
    bad[0] = 1;  // another version
    post_bytes(bad);
    bad = good;
    store_be32(&bad[LENGTH_AT], load_be32(&bad[LENGTH_AT]) + 1);  // is_last becomes data
    post_bytes(bad);
    bad.resize(LENGTH_AT + 4 + 1'000'001 + 1);  // all there, but above the limit
    store_be32(&bad[LENGTH_AT], 1'000'001);
    bad.back() = 1;
    post_bytes(bad);
    expect_derived(0);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, GarbageChannel) {
    const Bytes compressed = channel(1, head(), 1).frames[0].data;
    post_channel({});
    post_channel({0x78, 0x9c, 0xff});  // a block of a type that does not exist
    post_channel(Bytes(50, 0x01));     // "brotli"
    Bytes bad = compressed;
    bad[0] = 0x02;  // a version that does not exist
    post_channel(bad);
    expect_derived(0);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, ADamagedChannelGivesTheBatchesBeforeTheDamage) {
    Bytes raw;
    for (std::uint64_t n = 1; n <= head(); ++n) append(raw, singular(n));
    Bytes compressed = compress_channel(raw, {CompressionKind::Zlib, 9});
    compressed.resize(compressed.size() / 2);
    post_channel(compressed);
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_GT(replica.l2.head().number, 0U);
    EXPECT_LT(replica.l2.head().number, head());
    expect_derived_once_posted_well();
}

TEST_F(Scenario, GarbageBatch) {
    const Bytes garbage[] = {{0x80}, {0x82, 0x02, 0x00}, {0xc1, 0x80}, {0x81, 0x00}, {0x85, 0x01, 1, 2, 3, 4}, {0xb8}};
    for (const Bytes& bad : garbage) {
        Bytes raw = singular(1);
        append(raw, bad);
        append(raw, singular(2));
        post_channel(compress_channel(raw, {}));
    }
    expect_derived(1);  // what stands behind a bad batch is dropped with it
    expect_derived_once_posted_well();
}

TEST_F(Scenario, IsLastOfTwo) {
    Bytes bad = encode_frames(channel(1, head(), 1).frames);
    bad.back() = 2;
    post_bytes(bad);
    expect_derived(0);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, OneBadFrameDropsTheWholeTransaction) {
    Bytes bad = encode_frames(channel(1, 6, 1).frames);
    append_frame(bad, channel(7, head(), 2).frames[0]);
    bad.back() = 2;
    post_bytes(bad);
    expect_derived(0);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, AChannelIdIsUsedAgain) {
    testing::post(rollup, l1, channel(1, 6, 7));
    testing::post(rollup, l1, channel(7, 9, 7));
    expect_derived(9);
    testing::post(rollup, l1, channel(10, head(), 7));
    expect_derived(head());
}

TEST_F(Scenario, AChannelClosedInATransactionIsNotOpenedAgainInIt) {
    std::vector<Frame> frames = channel(1, 6, 7).frames;
    frames.push_back(channel(7, 9, 7).frames[0]);
    frames.push_back(channel(7, head(), 8).frames[0]);
    post_frames(frames);
    expect_derived(head());
}

TEST_F(Scenario, AChannelTimesOutAfterItsLastBlock) {
    const auto channel = small_frames(1, head(), 1);
    const std::span<const Frame> frames(channel.frames);
    post_frames(frames.first(1));
    const std::uint64_t opened = l1.mine().header.number;
    mine_to(opened + rollup.config.channel_timeout);
    post_frames(frames.subspan(1));  // one block too late
    expect_derived(0);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, AChannelIsCompletedInItsLastBlock) {
    const auto channel = small_frames(1, head(), 1);
    const std::span<const Frame> frames(channel.frames);
    post_frames(frames.first(1));
    const std::uint64_t opened = l1.mine().header.number;
    mine_to(opened + rollup.config.channel_timeout - 1);
    post_frames(frames.subspan(1));
    expect_derived(head());
}

TEST_F(Scenario, OverlappingSpans) {
    testing::post(rollup, l1, channel(1, 6, 1));
    testing::post(rollup, l1, channel(4, 9, 2));
    testing::post(rollup, l1, channel(2, 5, 3));  // nothing new
    testing::post(rollup, l1, channel(9, head(), 4));
    expect_derived(head());
}

// Delta compared the overlapped blocks; Holocene's list of checks does not, and nothing depends on what is said of them.
TEST_F(Scenario, AnOverlapThatSaysSomethingElseOfSafeBlocks) {
    testing::post(rollup, l1, channel(1, 6, 1));
    auto blocks = sequencer.batches(4, head());
    for (std::size_t i = 0; i < 3; ++i) blocks[i].transactions.clear();
    testing::post(rollup, l1, testing::make_channel(rollup, blocks, 2));
    expect_derived(head());
}

TEST_F(Scenario, AnOverlapWithAnotherParentIsDropped) {
    testing::post(rollup, l1, channel(1, 6, 1));
    auto blocks = sequencer.batches(4, head());
    blocks[0].parent_hash = testing::key_of(9);
    testing::post(rollup, l1, testing::make_channel(rollup, blocks, 2));
    expect_derived(6);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, ABatchInTheLastBlockOfItsSequencingWindow) {
    mine_to(rollup.config.seq_window_size - 1);  // epoch 0 begins the span
    testing::post(rollup, l1, channel(1, head(), 1));
    expect_derived(head());
}

TEST_F(Scenario, ABatchPastItsSequencingWindow) {
    mine_to(rollup.config.seq_window_size);
    testing::post(rollup, l1, channel(1, head(), 1));
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_GT(replica.l2.head().number, 0U);
    EXPECT_NE(replica.l2.at(1).hash, sequencer.l2.at(1).hash);
    for (std::uint64_t n = 1; n <= replica.l2.head().number; ++n)
        EXPECT_EQ(replica.l2.block(n).transactions.size(), 1U) << "L1 attributes alone";
}

TEST_F(Scenario, WindowExpiryForcesBlocksWithTheirDeposits) {
    l1.pending_logs = {testing::make_deposit_log(rollup, 1'000)};
    const std::uint64_t epoch = l1.mine().header.number;
    mine_to(epoch + rollup.config.seq_window_size - 1);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_LT(replica.l2.head().l1_origin.number, epoch) << "the batcher may still speak";
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head().l1_origin.number, epoch);
    std::size_t with_deposit = 0;
    for (std::uint64_t n = 1; n <= replica.l2.head().number; ++n) {
        const auto& transactions = replica.l2.block(n).transactions;
        if (transactions.size() == 1) continue;
        ++with_deposit;
        EXPECT_EQ(replica.l2.at(n).l1_origin.number, epoch);
        EXPECT_EQ(replica.l2.at(n).sequence_number, 0U);
        EXPECT_EQ(transactions[1].value, U256(1'000));
    }
    EXPECT_EQ(with_deposit, 1U);
}

TEST_F(Scenario, AWindowOfOneBlock) {
    rollup.config.seq_window_size = 1;
    Replica replica(rollup, l1);
    for (int i = 0; i < 6; ++i) {
        l1.mine();
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        EXPECT_EQ(replica.resets, 0U);
    }
    EXPECT_EQ(replica.l2.head().l1_origin.number, l1.head().header.number - 1);
}

TEST_F(Scenario, TheBatchersKeyRotatesInsideAChannel) {
    const Hash32 new_key = testing::key_of(0xb2);
    const auto parts = small_frames(1, 6, 1);
    const std::span<const Frame> frames(parts.frames);
    post_bytes(encode_frames(frames.first(1)));
    expect_derived(0);
    l1.pending_logs = {testing::make_config_log(rollup, 0, to_u256(crypto::address_of_key(new_key).value()))};
    post_bytes(encode_frames(frames.subspan(1)));  // in the block of the change: no longer the batcher's
    expect_derived(0);
    post_bytes(encode_frames(frames.subspan(1)), new_key);
    expect_derived(6);
    post_bytes(encode_frames(channel(7, head(), 2).frames));
    expect_derived(6);
    post_bytes(encode_frames(channel(7, head(), 3).frames), new_key);
    expect_derived(head());
}

TEST_F(Scenario, AMalformedConfigurationEventIsSkipped) {
    l1.pending_logs = {testing::make_config_log(rollup, 2, U256(1) << 200), testing::make_config_log(rollup, 99, 1)};
    l1.mine();
    for (int b = 0; b < 6; ++b) sequencer.sequence(1);
    expect_derived_once_posted_well();
}

TEST_F(Scenario, BlobsAndCalldataInOneChannel) {
    const auto parts = small_frames(1, head(), 1);
    const std::span<const Frame> frames(parts.frames);
    const auto post_blobs = [&](std::span<const Frame> some) {
        std::vector<Bytes> blobs;
        for (const Frame& frame : some) blobs.push_back(pack_blobs(std::span(&frame, 1))[0]);
        l1.pending.push_back(testing::make_blob_transaction(rollup, l1, blobs));
    };
    post_frames(frames.first(1));
    post_blobs(frames.subspan(1, 1));
    l1.mine();
    post_frames(frames.subspan(2, 1));
    post_blobs(frames.subspan(3));  // a blob for each
    expect_derived(head());
}

}  // namespace
}  // namespace entresol::derive
