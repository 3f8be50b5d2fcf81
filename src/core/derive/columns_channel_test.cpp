#include "core/derive/columns_channel.hpp"

#include <gtest/gtest.h>

#include "core/columns/columns.hpp"
#include "core/derive/chains_testing.hpp"
#include "core/derive/channel_builder.hpp"
#include "core/derive/decompress.hpp"
#include "core/derive/transactions_testing.hpp"

namespace entresol::derive {
namespace {

constexpr BatchContext CONTEXT{1'000'000, 2, 901};

SpanBatch make_span(std::size_t blocks) {
    testing::RandomTransactions random(3, CONTEXT.chain_id);
    SpanBatch span;
    span.parent_check = random.fixed<HashPrefix>();
    span.l1_origin_check = random.fixed<HashPrefix>();
    span.first_timestamp = 1'000'010;
    span.first_block_changes_origin = true;
    for (std::uint32_t i = 0; i < blocks; ++i) {
        span.blocks.push_back({50 + i / 3, static_cast<std::uint32_t>(span.transactions.size()), i % 4});
        for (std::uint32_t n = 0; n < i % 4; ++n) span.transactions.push_back(random.next());
    }
    return span;
}

columns::Batch read_columns(const Bytes& channel) { return columns::decode(channel, CONTEXT.chain_id).value(); }
bool derives(const columns::Batch& batch, columns::Form form = columns::Form::Signed) {
    return decode_columns_channel(columns::encode(batch, CONTEXT.chain_id, form).value(), CONTEXT).has_value();
}

TEST(ColumnsChannel, SaysWhatTheSpanSays) {
    const SpanBatch span = make_span(10);
    const Bytes channel = encode_columns_channel(span, CONTEXT).value();
    EXPECT_TRUE(is_columns_channel(channel));
    EXPECT_EQ(decode_columns_channel(channel, CONTEXT), span);
    EXPECT_TRUE(decompress_channel(channel).data.empty());  // nothing to readers of the OP Stack's codecs
}

TEST(ColumnsChannel, WhatNoSpanCanSayIsNotDerived) {
    const columns::Batch good = read_columns(encode_columns_channel(make_span(10), CONTEXT).value());
    ASSERT_TRUE(derives(good));
    columns::Batch bad = good;
    bad.blocks[4].timestamp += 1;
    EXPECT_FALSE(derives(bad)) << "a block off its time";
    bad = good;
    bad.blocks[9].epoch_number += 1;
    EXPECT_FALSE(derives(bad)) << "an epoch left out";
    bad = good;
    bad.blocks[9].epoch_number -= 2;
    EXPECT_FALSE(derives(bad)) << "an epoch that goes back";
    bad = good;
    for (auto& block : bad.blocks) block.timestamp -= 100;
    EXPECT_FALSE(derives(bad)) << "before genesis";
    for (const Bytes& transaction : {Bytes{}, Bytes{0x7e, 0xc0}, Bytes{0x03, 0xc0}, Bytes{0x02, 0xc0}}) {
        bad = good;
        bad.transactions[0] = transaction;
        EXPECT_FALSE(derives(bad)) << "no transaction of a batch";
    }
    EXPECT_FALSE(derives({})) << "no blocks";
}

TEST(ColumnsChannel, ContinuedAndUnsignedChannelsAreNotDerived) {
    columns::Batch batch = read_columns(encode_columns_channel(make_span(6), CONTEXT).value());
    columns::Encoder encoder(CONTEXT.chain_id);
    const Bytes fresh = encoder.encode(batch).value();
    const Bytes continued = encoder.encode(batch, columns::Form::Signed, columns::Start::Continued).value();
    EXPECT_TRUE(decode_columns_channel(fresh, CONTEXT).has_value());
    EXPECT_FALSE(decode_columns_channel(continued, CONTEXT).has_value());
    batch.transactions.clear();
    for (auto& block : batch.blocks) block.transaction_count = 0;
    EXPECT_TRUE(derives(batch));
    EXPECT_FALSE(derives(batch, columns::Form::Unsigned));
}

TEST(ColumnsChannel, AReplicaDerivesFromOursAndTheOpStacksMixed) {
    testing::MemoryL1 l1(1'700'000'000);
    const testing::Rollup rollup(l1);
    testing::Sequencer sequencer(rollup, l1);
    for (std::size_t i = 0; i < 48; ++i) {
        if (i % 6 == 0) l1.mine();
        sequencer.sequence(i % 3);
    }
    std::uint8_t id = 0;
    for (std::uint64_t first = 1; first <= 40; first += 10) {
        ChannelOptions options;
        options.format = id % 2 == 0 ? ChannelFormat::Columns : ChannelFormat::OpStack;
        const auto channel = testing::make_channel(rollup, sequencer.batches(first, first + 9), ++id, options);
        EXPECT_EQ(is_columns_channel(channel.frames[0].data), options.format == ChannelFormat::Columns);
        testing::post(rollup, l1, channel);
    }
    l1.mine();
    testing::Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 40U);
    EXPECT_EQ(replica.l2.head().hash, sequencer.l2.at(40).hash);
    EXPECT_TRUE(replica.invalid_batches.empty());
}

TEST(ColumnsChannel, BlocksThatNoSpanHoldsGoTheOpStacksWay) {
    std::vector<BatchBlock> blocks(3);
    for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].timestamp = 1'000'002 + 2 * i + (i == 2 ? 100 : 0);
    ChannelOptions options;
    options.format = ChannelFormat::Columns;
    const auto channel = encode_channel(blocks, CONTEXT, ChannelId{}, options).value();
    EXPECT_FALSE(is_columns_channel(channel.frames[0].data));
    EXPECT_FALSE(decompress_channel(channel.frames[0].data).data.empty());
}

}  // namespace
}  // namespace entresol::derive
