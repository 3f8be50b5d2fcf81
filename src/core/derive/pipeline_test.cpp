// A sequencer's chain goes through L1 and comes out of a replica with the same hashes, whatever the batcher and L1 do.
#include "core/derive/pipeline.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/derive/chains_testing.hpp"
#include "core/derive/deposit.hpp"

namespace entresol::derive {
namespace {

using testing::Replica;
using testing::Sequencer;

class PipelineTest : public ::testing::Test {
protected:
    /// L1 and L2 side by side: six L2 blocks an L1 block, with some transfers each.
    void run_epochs(std::size_t l1_blocks, std::size_t transfers = 1) {
        for (std::size_t i = 0; i < l1_blocks; ++i) {
            l1.mine();
            for (std::size_t b = 0; b < 6; ++b) sequencer.sequence(transfers);
        }
    }
    void mine(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) l1.mine();
    }
    std::uint64_t head() const { return sequencer.l2.head().number; }
    void post_all(std::uint64_t first, std::uint64_t last, ChannelOptions options = {}) {
        testing::post(rollup, l1, testing::make_channel(rollup, sequencer.batches(first, last), ++next_id, options));
    }
    static ::testing::AssertionResult same_chain(const testing::MemoryL2& a, const testing::MemoryL2& b,
                                                 std::uint64_t number) {
        if (a.head().number < number || b.head().number < number)
            return ::testing::AssertionFailure()
                   << "heads " << a.head().number << " and " << b.head().number << ", wanted " << number;
        for (std::uint64_t n = 0; n <= number; ++n)
            if (a.at(n).hash != b.at(n).hash) return ::testing::AssertionFailure() << "block " << n << " differs";
        return ::testing::AssertionSuccess();
    }

    testing::MemoryL1 l1{1'700'000'000};
    testing::Rollup rollup{l1};
    Sequencer sequencer{rollup, l1};
    std::uint8_t next_id = 0;
};

TEST_F(PipelineTest, ReplicaArrivesAtTheSequencersHashes) {
    for (int i = 0; i < 4; ++i) {
        l1.pending_logs = {testing::make_deposit_log(rollup, 1000), testing::make_deposit_log(rollup, 2000)};
        const std::uint64_t first = head() + 1;
        run_epochs(2, 3);
        post_all(first, head());
    }
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, 48));
    EXPECT_TRUE(replica.invalid_batches.empty());
    // The first block of an epoch carries its L1 block's deposits, the others none.
    EXPECT_EQ(replica.l2.at(6).l1_origin.number, 1U);
    EXPECT_EQ(replica.l2.at(6).sequence_number, 0U);
    EXPECT_EQ(replica.l2.block(6).transactions.size(), 1 + 2 + 3U);
    EXPECT_EQ(replica.l2.block(7).transactions.size(), 1 + 3U);
}

TEST_F(PipelineTest, L1AttributesTellTheOrigin) {
    run_epochs(3, 0);
    for (std::uint64_t n = 1; n <= head(); ++n) {
        const chain::Block& block = sequencer.l2.block(n);
        const L1Info info = decode_l1_info(block.transactions[0].data).value();
        const std::uint64_t origin =
            n < 6 ? 0 : 1 + (n - 6) / 6;  // 12 s an L1 block, 2 s an L2 block, both from one time
        const auto& l1_block = l1.at(origin);
        EXPECT_EQ(info.number, origin) << n;
        EXPECT_EQ(info.block_hash, l1_block.hash);
        EXPECT_EQ(info.timestamp, l1_block.header.timestamp);
        EXPECT_EQ(info.base_fee, *l1_block.header.base_fee_per_gas);
        EXPECT_EQ(info.blob_base_fee, stf::compute_blob_base_fee(
                                          origin * 100'000, rollup.config.l1.rules_at(origin, info.timestamp).blobs));
        EXPECT_EQ(info.sequence_number, n < 6 ? n : (n - 6) % 6);
        EXPECT_EQ(info.batcher, rollup.config.genesis_system_config.batcher);
        EXPECT_EQ(fee_scalars(info.scalar).blob_base_fee_scalar, 810'949U);
        EXPECT_EQ(block.transactions[0].source_hash, l1_info_deposit_source(l1_block.hash, info.sequence_number));
        EXPECT_EQ(block.header.prev_randao, l1_block.header.prev_randao);
        EXPECT_EQ(block.header.parent_beacon_block_root, l1_block.header.parent_beacon_block_root);
        EXPECT_EQ(to_hex(block.header.extra_data), "0x01000000fa000000060000000000000000");
        EXPECT_EQ(block.header.timestamp, rollup.config.l2_genesis_timestamp + 2 * n);
    }
}

TEST_F(PipelineTest, SingularBatchesZlibAndBlobs) {
    run_epochs(3, 2);
    ChannelOptions options;
    options.mode = BatchMode::Singular;
    options.compression = {CompressionKind::Zlib, 9};
    post_all(1, 9, options);
    options.mode = BatchMode::Span;
    options.max_frame_bytes = 700;
    const auto channel = testing::make_channel(rollup, sequencer.batches(10, head()), 9, options);
    ASSERT_GT(channel.frames.size(), 2U);
    // A foreign blob first: the index counts all of a block's blobs.
    const Bytes foreign(131072, 0x11);
    chain::Transaction other = testing::make_blob_transaction(rollup, l1, std::span(&foreign, 1));
    other.to = Address{};
    l1.pending.push_back(other);
    std::vector<Bytes> blobs;
    for (const Frame& frame : channel.frames) blobs.push_back(pack_blobs(std::span(&frame, 1))[0]);
    l1.pending.push_back(testing::make_blob_transaction(rollup, l1, blobs));
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, ResultDoesNotDependOnWhenProvidersAnswer) {
    run_epochs(5, 1);
    post_all(1, 11);
    l1.mine();
    post_all(5, head());  // overlaps: L2 blocks are read too
    mine(2);
    for (const std::size_t every : {2UL, 3UL, 7UL}) {
        Replica replica(rollup, l1);
        l1.fail_one_in = every;
        replica.l2.fail_one_in = every;
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        l1.fail_one_in = 0;
        EXPECT_GT(replica.waits, 5U);
        EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head())) << "one in " << every;
    }
}

TEST_F(PipelineTest, SequencingWindowExpiryMakesEmptyBlocks) {
    run_epochs(3, 1);
    mine(rollup.config.seq_window_size + 5);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_GT(replica.l2.head().number, 20U);
    for (std::uint64_t n = 1; n <= replica.l2.head().number; ++n) {
        EXPECT_EQ(replica.l2.block(n).transactions.size(), 1U) << "L1 attributes alone";
        EXPECT_GE(replica.l2.at(n).timestamp, l1.at(replica.l2.at(n).l1_origin.number).header.timestamp);
        EXPECT_LE(replica.l2.at(n).l1_origin.number - replica.l2.at(n - 1).l1_origin.number, 1U);
    }
    // A batch that comes after its window is too late.
    const std::uint64_t before = replica.l2.head().number;
    post_all(1, head());
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_NE(replica.l2.at(1).hash, sequencer.l2.at(1).hash);
    EXPECT_LT(replica.l2.head().number - before, 10U);
}

TEST_F(PipelineTest, AnInvalidTransactionLeavesTheDeposits) {
    run_epochs(1, 1);
    sequencer.sequence_with({0x02, 0xc0});  // does not decode: the sequencer's own chain took the deposits alone
    const std::uint64_t bad = head();
    sequencer.sequence(1);
    ChannelOptions options;
    options.mode = BatchMode::Singular;  // a span cannot carry what does not decode
    post_all(1, head(), options);
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.invalid_batches, std::vector<std::uint64_t>{bad});
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, bad));
    EXPECT_EQ(replica.l2.head().number, bad) << "the rest of the channel is dropped";
    post_all(bad + 1, head());
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, AnInvalidBatchDropsTheRestOfItsChannel) {
    run_epochs(1, 1);
    auto batches = sequencer.batches(1, head());
    auto bad = batches[3];
    bad.transactions.push_back({0x7e, 0xc0});  // a deposit
    Bytes raw;
    for (std::size_t i = 0; i < 3; ++i)
        append(raw,
               encode_batches(std::span(&batches[i], 1), rollup.config.batch_context(), BatchMode::Singular).value());
    append(raw, encode_batches(std::span(&bad, 1), rollup.config.batch_context(), BatchMode::Singular).value());
    append(raw, encode_batches(std::span(&batches[3], 1), rollup.config.batch_context(), BatchMode::Singular).value());
    Frame frame{ChannelId{}, 0, compress_channel(raw, {}), true};
    testing::post_frames(rollup, l1, std::span(&frame, 1));
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head().number, 3U) << "the good batch behind the bad one is gone with it";
    EXPECT_TRUE(replica.invalid_batches.empty());
}

TEST_F(PipelineTest, AnInvalidNonceDropsTheRestOfItsSpan) {
    run_epochs(1, 1);
    chain::Transaction tx = sequencer.transfer();
    tx.nonce += 7;
    ASSERT_TRUE(chain::sign_transaction(tx, rollup.user_key));
    sequencer.sequence_with(chain::encode(tx));
    const std::uint64_t bad = head();
    for (int i = 0; i < 3; ++i) sequencer.sequence(0);
    post_all(1, head());
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.invalid_batches, std::vector<std::uint64_t>{bad});
    EXPECT_EQ(replica.l2.head().number, bad);
}

TEST_F(PipelineTest, FramesAcrossTransactionsAndBlocks) {
    run_epochs(2, 4);
    ChannelOptions options;
    options.max_frame_bytes = 600;
    const auto channel = testing::make_channel(rollup, sequencer.batches(1, head()), 1, options);
    ASSERT_GE(channel.frames.size(), 4U);
    for (std::size_t i = 0; i < channel.frames.size(); ++i) {
        testing::post_frames(rollup, l1, std::span(&channel.frames[i], 1));
        testing::post_frames(rollup, l1, std::span(&channel.frames[i], 1));  // a duplicate frame is dropped
        if (i % 2 == 1) l1.mine();
    }
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    // A duplicate of the first frame opens the channel anew; of a later one it is out of order.
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, ChannelTimeout) {
    run_epochs(1, 2);
    ChannelOptions options;
    options.max_frame_bytes = 300;
    const auto channel = testing::make_channel(rollup, sequencer.batches(1, head()), 1, options);
    ASSERT_GE(channel.frames.size(), 2U);
    const std::span<const Frame> frames(channel.frames);
    testing::post_frames(rollup, l1, frames.first(1));
    mine(rollup.config.channel_timeout + 1);
    testing::post_frames(rollup, l1, frames.subspan(1));
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head().number, 0U) << "one block too late";

    testing::post_frames(rollup, l1, frames.first(1));  // the same id again
    mine(rollup.config.channel_timeout);
    testing::post_frames(rollup, l1, frames.subspan(1));
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head())) << "in the last block";
}

TEST_F(PipelineTest, AChannelIdMayBeUsedAgainAndAnOpenChannelIsReplaced) {
    run_epochs(2, 2);
    ChannelOptions options;
    options.max_frame_bytes = 300;
    const auto first = testing::make_channel(rollup, sequencer.batches(1, 6), 1, options);
    const auto second = testing::make_channel(rollup, sequencer.batches(1, head()), 1, options);
    ASSERT_GE(first.frames.size(), 2U);
    testing::post_frames(rollup, l1, std::span(first.frames).first(1));
    l1.mine();
    testing::post(rollup, l1, second);
    l1.mine();
    testing::post_frames(rollup, l1, std::span(first.frames).subspan(1));  // belongs to nothing any more
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, OverlappingSpansAreDerivedOnce) {
    run_epochs(4, 1);
    post_all(1, 10);
    l1.mine();
    post_all(4, 18);
    post_all(2, 9);  // only past blocks
    post_all(15, head());
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
    EXPECT_EQ(replica.resets, 0U);
}

TEST_F(PipelineTest, AGapDropsTheChannelButNotTheNext) {
    run_epochs(2, 1);
    post_all(3, 8);  // the future, seen from genesis
    l1.mine();
    post_all(1, head());
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, GarbageInTheInboxIsIgnored) {
    run_epochs(2, 1);
    const auto garbage = [&](Bytes data) {
        l1.pending.push_back(testing::make_calldata_transaction(rollup, std::move(data), rollup.batcher_key));
    };
    const auto channel_of = [&](Bytes data) {
        Frame frame{ChannelId{}, 0, std::move(data), true};
        testing::post_frames(rollup, l1, std::span(&frame, 1));
    };
    garbage({});
    garbage({0});
    garbage({1, 2, 3});
    garbage(Bytes(100, 0));
    channel_of({});
    channel_of({0x78, 0x9c, 0xff});
    channel_of(Bytes(50, 0x01));
    channel_of(compress_channel(Bytes{0x80}, {}));                                      // an empty batch
    channel_of(compress_channel(Bytes{0x82, 0x02, 0x00}, {}));                          // a batch of an unknown version
    channel_of(compress_channel(Bytes{0xc1, 0x80}, {}));                                // a list
    channel_of(compress_channel(Bytes(20'000'000, 0x00), {CompressionKind::Zlib, 9}));  // a bomb of zeros
    const Bytes bad_blob(131072, 0xff);
    l1.pending.push_back(testing::make_blob_transaction(rollup, l1, std::span(&bad_blob, 1)));
    post_all(1, head());
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, OnlyTheBatcherCountsAndItMayChange) {
    run_epochs(1, 1);
    const Hash32 new_key = testing::key_of(0xb2);
    const auto channel = testing::make_channel(rollup, sequencer.batches(1, head()), 1);
    const auto post_as_new = [&] {
        l1.pending.push_back(testing::make_calldata_transaction(rollup, encode_frames(channel.frames), new_key));
    };
    post_as_new();
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head().number, 0U);
    l1.pending_logs = {testing::make_config_log(rollup, 0, to_u256(crypto::address_of_key(new_key).value()))};
    post_as_new();  // counts from the block of the change
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

TEST_F(PipelineTest, ConfigurationReachesL2WithItsEpoch) {
    l1.pending_logs = {
        testing::make_config_log(rollup, 2, 40'000'000), testing::make_config_log(rollup, 4, (100ULL << 32) | 3),
        testing::make_config_log(rollup, 6, 5'000'000), testing::make_config_log(rollup, 5, (U256(3) << 64) | U256(4)),
        testing::make_config_log(rollup, 7, 600)};
    run_epochs(2, 0);
    post_all(1, head());
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
    const SystemConfig before = read_system_config(rollup.config, replica.l2.block(5)).value();
    const SystemConfig after = read_system_config(rollup.config, replica.l2.block(6)).value();
    EXPECT_EQ(before.gas_limit, 30'000'000U);
    EXPECT_EQ(before.eip1559_denominator, 250U) << "the chain's constant stands in for zero";
    EXPECT_EQ(before.da_footprint_gas_scalar, 400U);
    EXPECT_EQ(after.gas_limit, 40'000'000U);
    EXPECT_EQ(after.eip1559_denominator, 100U);
    EXPECT_EQ(after.eip1559_elasticity, 3U);
    EXPECT_EQ(after.min_base_fee, 5'000'000U);
    EXPECT_EQ(after.operator_fee_scalar, 3U);
    EXPECT_EQ(after.operator_fee_constant, 4U);
    EXPECT_EQ(after.da_footprint_gas_scalar, 600U);
}

TEST_F(PipelineTest, AMalformedDepositEventStopsDerivation) {
    chain::Log log = testing::make_deposit_log(rollup, 1);
    log.topics.pop_back();
    l1.pending_logs = {log};
    l1.mine();
    mine(rollup.config.seq_window_size + 2);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::Broken);
    EXPECT_EQ(replica.l2.head().l1_origin.number, 0U);
}

TEST_F(PipelineTest, TimeJumpsAreRefusedUnlessAllowed) {
    run_epochs(1, 1);
    l1.mine(3'600);
    sequencer.sequence(1, 3'599);
    const std::uint64_t jumped = head();
    EXPECT_EQ(sequencer.l2.at(jumped).timestamp - sequencer.l2.at(jumped - 1).timestamp, 3'601U);
    for (int i = 0; i < 4; ++i) sequencer.sequence(1);
    post_all(1, head());
    l1.mine();
    {
        Replica strict(rollup, l1);
        EXPECT_EQ(strict.run(), Stall::NeedsL1);
        EXPECT_TRUE(same_chain(strict.l2, sequencer.l2, jumped - 1));
        EXPECT_EQ(strict.l2.head().number, jumped - 1);
    }
    rollup.config.allow_time_jumps = true;
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
    // A span over blocks on both sides of the jump's end is found by walking back.
    for (int i = 0; i < 3; ++i) sequencer.sequence(1);
    post_all(jumped + 1, head());
    l1.mine();
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_TRUE(same_chain(replica.l2, sequencer.l2, head()));
}

}  // namespace
}  // namespace entresol::derive
