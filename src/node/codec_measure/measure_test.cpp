#include "node/codec_measure/measure.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/chain/random_testing.hpp"
#include "core/codec/rlp.hpp"
#include "core/derive/channel_builder.hpp"
#include "node/io/failure.hpp"
#include "testing/shared_data.hpp"

namespace entresol::codec_measure {
namespace {

constexpr Chain CHAIN{901, 1'600'000'000, 2};
constexpr std::uint64_t FIRST_TIMESTAMP = 1'700'000'000;

std::vector<Bytes> make_transactions(std::size_t count) {
    chain::RandomData random(11);
    std::vector<Bytes> out;
    while (out.size() < count) {
        chain::Transaction tx = random.transaction(chain::TxType::DynamicFee);
        tx.chain_id = CHAIN.chain_id;
        tx.data = {};
        out.push_back(chain::encode(tx));
    }
    return out;
}

std::vector<derive::BatchBlock> make_blocks(std::size_t blocks, std::size_t each) {
    const auto transactions = make_transactions(blocks * each);
    std::vector<derive::BatchBlock> out(blocks);
    for (std::size_t i = 0; i < blocks; ++i) {
        out[i].timestamp = FIRST_TIMESTAMP + 2 * i;
        out[i].epoch.number = 7 + i / 6;
        out[i].transactions.assign(transactions.begin() + static_cast<std::ptrdiff_t>(i * each),
                                   transactions.begin() + static_cast<std::ptrdiff_t>((i + 1) * each));
    }
    return out;
}

derive::EncodedChannel make_channel(std::span<const derive::BatchBlock> blocks) {
    const derive::BatchContext context{CHAIN.genesis_timestamp, CHAIN.block_time, CHAIN.chain_id};
    return derive::encode_channel(blocks, context, derive::ChannelId{{1}}, {}).value();
}

void expect_blocks(const Workload& workload, std::span<const derive::BatchBlock> blocks) {
    ASSERT_EQ(workload.batch.blocks.size(), blocks.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        EXPECT_EQ(workload.batch.blocks[i].timestamp, blocks[i].timestamp);
        EXPECT_EQ(workload.batch.blocks[i].epoch_number, blocks[i].epoch.number);
        for (const Bytes& tx : blocks[i].transactions) EXPECT_EQ(workload.batch.transactions[next++], tx);
    }
}

TEST(ReadWorkload, ChannelPayloadAndSignedBatcherTransactionHoldTheSame) {
    const auto blocks = make_blocks(9, 3);
    const auto channel = make_channel(blocks);
    Bytes data;
    for (const auto& frame : channel.frames) append(data, frame.data);
    const Bytes payload = derive::encode_frames(channel.frames);
    chain::Transaction batcher;
    batcher.type = chain::TxType::DynamicFee;
    batcher.chain_id = 1;
    batcher.to = Address{};
    batcher.data = payload;
    batcher.signature = {U256(1), U256(1), 0};
    const std::string hex = to_hex(data) + "\n";
    for (const Bytes& file :
         {data, payload, chain::encode(batcher), Bytes(hex.begin(), hex.end()), Bytes(hex.begin() + 2, hex.end())}) {
        const Workload workload = read_workload(file, CHAIN);
        expect_blocks(workload, blocks);
        EXPECT_EQ(workload.channel_bytes, data.size());
    }
}

TEST(ReadWorkload, OurOwnChannelToo) {
    const auto blocks = make_blocks(4, 2);
    const Workload first = read_workload(derive::encode_frames(make_channel(blocks).frames), CHAIN);
    const Workload again = read_workload(columns::encode(first.batch, CHAIN.chain_id).value(), CHAIN);
    EXPECT_EQ(again.batch, first.batch);
}

TEST(ReadWorkload, ABlobWithoutChainIdGetsOne) {
    // type 2: [nonce, tip, fee, gas, to, value, data, access list]
    const std::string fields = "01020382520894" + std::string(40, '1') + "0580c0";
    const Workload workload = read_workload(parse_hex("0x8047b46500000000"
                                                      "02de" +
                                                      fields)
                                                .value(),
                                            CHAIN);
    EXPECT_EQ(workload.form, columns::Form::Unsigned);
    ASSERT_EQ(workload.batch.transactions.size(), 1U);
    EXPECT_EQ(to_hex(workload.batch.transactions[0]), "0x02e1820385" + fields);
    EXPECT_EQ(workload.batch.blocks[0].timestamp, 0x65b44780U);
}

TEST(ReadWorkload, WhatIsNoneOfTheseIsRefused) {
    for (const char* hex : {"0x", "0x00", "0x05", "0xc0ff", "0x789c", "0x0100", "0xe50000"})
        EXPECT_THROW((void)read_workload(parse_hex(hex).value(), CHAIN), io::Failure) << hex;
    auto frames = make_channel(make_blocks(3, 1)).frames;
    frames.back().is_last = false;
    EXPECT_THROW((void)read_workload(derive::encode_frames(frames), CHAIN), io::Failure);
}

TEST(Measure, EachCodecIsExactAtEachCadence) {
    const Workload workload = read_workload(derive::encode_frames(make_channel(make_blocks(13, 3)).frames), CHAIN);
    for (const Workload& form : {workload, remove_signatures(workload, CHAIN)}) {
        const Report report = measure(form, CHAIN, 1);
        EXPECT_TRUE(report.all_exact());
        EXPECT_EQ(report.measurements.size(), 4U + 5U + 5U);
        EXPECT_EQ(report.transactions, 39U);
        for (const Measurement& m : report.measurements) EXPECT_GT(m.bytes_per_transaction, 20.0) << m.codec;
    }
}

TEST(Measure, OursIsTheSmallestOnLineasBlobs) {
    ENTRESOL_SHARED_OR_SKIP(path, "linea/1-1865800.bin");
    const std::string file = testing::read_file(path);
    const Workload workload = read_workload(Bytes(file.begin(), file.end()), CHAIN);
    EXPECT_EQ(workload.batch.transactions.size(), 998U);
    const Report report = measure(workload, CHAIN, 1);
    EXPECT_TRUE(report.all_exact());
    for (const Cadence cadence : CADENCES) {
        double ours = 0, best_other = 1e9;
        for (const Measurement& m : report.measurements) {
            if (m.cadence != cadence) continue;
            if (m.codec == "entresol") ours = m.bytes_per_transaction;
            if (!m.codec.starts_with("entresol")) best_other = std::min(best_other, m.bytes_per_transaction);
        }
        EXPECT_LT(ours, best_other) << to_string(cadence);
    }
}

}  // namespace
}  // namespace entresol::codec_measure
