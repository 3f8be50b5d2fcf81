#include "core/derive/channel_builder.hpp"

#include <gtest/gtest.h>

#include "core/crypto/kzg.hpp"
#include "core/derive/blob_codec.hpp"
#include "core/derive/decompress.hpp"
#include "core/derive/transactions_testing.hpp"

namespace entresol::derive {
namespace {

constexpr BatchContext CONTEXT{1'000'000, 2, 901};

std::vector<BatchBlock> make_blocks(std::size_t count, std::uint32_t seed) {
    testing::RandomTransactions random(seed, CONTEXT.chain_id);
    std::vector<BatchBlock> blocks;
    BlockId epoch{random.fixed<Hash32>(), 50};
    std::uint64_t sequence_number = 3;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0 && random.below(4) == 0) {
            epoch = {random.fixed<Hash32>(), epoch.number + 1};
            sequence_number = 0;
        }
        BatchBlock block{random.fixed<Hash32>(), CONTEXT.genesis_timestamp + 2 * (i + 1), epoch, sequence_number++, {}};
        for (std::uint64_t t = random.below(4); t > 0; --t) block.transactions.push_back(random.next());
        blocks.push_back(std::move(block));
    }
    return blocks;
}

/// Batches as a reader finds them behind calldata or blobs.
std::vector<Batch> read_back(std::span<const Bytes> payloads) {
    Bytes channel;
    for (const Bytes& payload : payloads) {
        const std::vector<Frame> frames = decode_frames(payload).value();
        for (const Frame& frame : frames) append(channel, frame.data);
    }
    const Decompressed raw = decompress_channel(channel);
    EXPECT_EQ(raw.end, StreamEnd::Complete);
    std::vector<Batch> batches;
    for (codec::RlpReader in(raw.data); !in.empty();)
        batches.push_back(decode_batch(in.read_string().value(), CONTEXT).value());
    return batches;
}

void expect_same(const SpanBatch& span, std::span<const BatchBlock> blocks) {
    ASSERT_EQ(span.blocks.size(), blocks.size());
    EXPECT_EQ(span.first_timestamp, blocks[0].timestamp);
    EXPECT_EQ(span.parent_check, prefix_of(blocks[0].parent_hash));
    EXPECT_EQ(span.l1_origin_check, prefix_of(blocks.back().epoch.hash));
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        EXPECT_EQ(span.blocks[i].epoch_number, blocks[i].epoch.number);
        ASSERT_EQ(span.blocks[i].transaction_count, blocks[i].transactions.size());
        for (std::size_t t = 0; t < blocks[i].transactions.size(); ++t)
            EXPECT_EQ(span.transactions[span.blocks[i].first_transaction + t], blocks[i].transactions[t]);
    }
}

TEST(ChannelBuilder, FinishWithinFillsWhatThereIsRoomFor) {
    const auto blocks = make_blocks(300, 7);
    ChannelBuilder builder(CONTEXT, {}, {});
    for (const auto& block : blocks) ASSERT_TRUE(builder.add(block).has_value());
    const std::size_t all = builder.compressed_bytes().value();
    for (const std::size_t frame_bytes : {all / 7, all / 3, all + 100}) {
        for (const std::size_t frames : {1, 2, 5}) {
            const auto channel = builder.finish_within(frame_bytes, frames).value();
            EXPECT_LE(channel.frames.size(), frames);
            const std::size_t room = std::min(all, frames * (frame_bytes - 24));
            EXPECT_GE(channel.compressed_bytes, room * 95 / 100) << frame_bytes << " times " << frames;
            if (room == all) {
                EXPECT_EQ(channel.block_count, blocks.size());
            }
            // What is left goes into the next channel: these are the first blocks.
            const auto batches = read_back(pack_calldata(channel.frames, frame_bytes));
            ASSERT_EQ(batches.size(), 1U);
            expect_same(std::get<SpanBatch>(batches[0]), std::span(blocks).first(channel.block_count));
        }
    }
}

TEST(ChannelBuilder, FinishWithinTakesAtLeastOneBlock) {
    const auto blocks = make_blocks(5, 8);
    ChannelBuilder builder(CONTEXT, {}, {});
    for (const auto& block : blocks) ASSERT_TRUE(builder.add(block).has_value());
    const auto channel = builder.finish_within(40, 1).value();
    EXPECT_EQ(channel.block_count, 1U);
    EXPECT_GT(channel.frames.size(), 1U);
}

TEST(ChannelBuilder, SpanThroughCalldataAndBlobs) {
    const auto blocks = make_blocks(60, 1);
    for (const auto kind : {CompressionKind::Zlib, CompressionKind::Brotli}) {
        ChannelOptions options;
        options.compression = {kind, 9};
        options.max_frame_bytes = 3000;
        const EncodedChannel channel = encode_channel(blocks, CONTEXT, ChannelId{}, options).value();
        EXPECT_GT(channel.frames.size(), 2U);
        EXPECT_TRUE(channel.frames.back().is_last);
        const auto payloads = pack_calldata(channel.frames, 7000);
        EXPECT_EQ(payloads.size(), (channel.frames.size() + 1) / 2);
        for (const Bytes& payload : payloads) EXPECT_LE(payload.size(), 7000U);
        const auto batches = read_back(payloads);
        ASSERT_EQ(batches.size(), 1U);
        expect_same(std::get<SpanBatch>(batches[0]), blocks);

        std::vector<Bytes> from_blobs;
        for (const Bytes& blob : pack_blobs(channel.frames)) from_blobs.push_back(decode_blob(blob).value());
        EXPECT_EQ(read_back(from_blobs), batches);
    }
}

TEST(ChannelBuilder, SingularBatches) {
    const auto blocks = make_blocks(10, 2);
    ChannelOptions options;
    options.mode = BatchMode::Singular;
    const auto batches =
        read_back(pack_calldata(encode_channel(blocks, CONTEXT, ChannelId{}, options)->frames, 1'000'000));
    ASSERT_EQ(batches.size(), blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto& batch = std::get<SingularBatch>(batches[i]);
        EXPECT_EQ(batch.parent_hash, blocks[i].parent_hash);
        EXPECT_EQ(batch.epoch_hash, blocks[i].epoch.hash);
        EXPECT_EQ(batch.timestamp, blocks[i].timestamp);
        EXPECT_EQ(batch.transactions, blocks[i].transactions);
    }
}

TEST(ChannelBuilder, AJumpInTimeIsASingularBatchBetweenSpans) {
    auto blocks = make_blocks(9, 3);
    for (std::size_t i = 4; i < blocks.size(); ++i) blocks[i].timestamp += 86'400;
    const auto batches = read_back(pack_calldata(encode_channel(blocks, CONTEXT, ChannelId{}, {})->frames, 1'000'000));
    ASSERT_EQ(batches.size(), 3U);
    expect_same(std::get<SpanBatch>(batches[0]), std::span(blocks).first(4));
    EXPECT_EQ(std::get<SingularBatch>(batches[1]).timestamp, blocks[4].timestamp);
    expect_same(std::get<SpanBatch>(batches[2]), std::span(blocks).subspan(5));
}

TEST(ChannelBuilder, FullByCompressedSizeOrBlocks) {
    const auto blocks = make_blocks(400, 4);
    ChannelOptions options;
    options.compression = {CompressionKind::Zlib, 6};
    options.target_channel_bytes = 20'000;
    ChannelBuilder builder(CONTEXT, ChannelId{}, options);
    std::size_t i = 0;
    while (!builder.is_full()) ASSERT_TRUE(builder.add(blocks[i++]).has_value());
    const auto channel = builder.finish().value();
    EXPECT_GE(channel.compressed_bytes, 20'000U);
    EXPECT_LT(channel.compressed_bytes, 24'000U);
    EXPECT_EQ(channel.block_count, i);

    options.max_blocks = 3;
    ChannelBuilder small(CONTEXT, ChannelId{}, options);
    for (i = 0; i < 3; ++i) {
        EXPECT_FALSE(small.is_full());
        ASSERT_TRUE(small.add(blocks[i]).has_value());
    }
    EXPECT_TRUE(small.is_full());
}

TEST(ChannelBuilder, RefusesWhatIsNoSuccessor) {
    auto blocks = make_blocks(3, 5);
    ChannelBuilder builder(CONTEXT, ChannelId{}, {});
    EXPECT_EQ(builder.finish().error(), ChannelError::Empty);
    ASSERT_TRUE(builder.add(blocks[1]).has_value());
    EXPECT_EQ(builder.add(blocks[0]).error(), ChannelError::NotConsecutive);
    blocks[2].epoch.number = blocks[1].epoch.number + 2;
    EXPECT_EQ(builder.add(blocks[2]).error(), ChannelError::NotConsecutive);
    blocks[2].epoch.number = blocks[1].epoch.number;
    blocks[2].transactions = {Bytes{0x03, 0xc0}};
    EXPECT_EQ(builder.add(blocks[2]).error(), ChannelError::BadTransaction);
    EXPECT_EQ(builder.block_count(), 1U);
}

}  // namespace
}  // namespace entresol::derive
