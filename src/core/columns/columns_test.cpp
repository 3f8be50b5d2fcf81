#include "core/columns/columns.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/columns/batches_testing.hpp"

namespace entresol::columns {
namespace {

constexpr std::uint64_t CHAIN_ID = RandomBatches::CHAIN_ID;

Batch one_transaction(Bytes transaction) {
    Batch batch;
    batch.blocks.push_back({1'700'000'000, 5, 1});
    batch.transactions.push_back(std::move(transaction));
    return batch;
}

/// Two transfers of a token, as docs/spec/batch-format.md shows them.
Batch make_example() {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = CHAIN_ID;
    tx.nonce = 7;
    tx.max_priority_fee_per_gas = U256(1'000'000);
    tx.max_fee_per_gas = U256(1'000'500);
    tx.gas_limit = 60'000;
    tx.to = from_bytes<Address>(Bytes(20, 0x11));
    tx.data = parse_hex("0xa9059cbb").value();
    Hash32 recipient;
    std::fill(recipient.bytes.begin() + 12, recipient.bytes.end(), std::uint8_t{0x22});
    append(tx.data, recipient.view());
    append(tx.data, to_hash32(U256(1'000'000'000'000)).view());
    tx.signature = {to_u256(from_bytes<Hash32>(Bytes(32, 0x33))), to_u256(from_bytes<Hash32>(Bytes(32, 0x44))), 1};
    Batch batch = one_transaction(chain::encode(tx));
    tx.nonce = 8;
    tx.data.back() = 1;
    batch.transactions.push_back(chain::encode(tx));
    batch.blocks[0].transaction_count = 2;
    batch.first_block_changes_origin = true;
    return batch;
}

TEST(Columns, TheExampleOfTheSpecification) {
    const std::string expected =
        "0xe504000000000000000000000000000000000000000000000000000000000000000000000000000000000129ee8f1377c1"
        "ae282f2c419563b2fa844c2942740b04ef7c5237422e6744517f61842679718473ba95fb3333333333333333333333333333"
        "333333333333333333333333333333333333c444444444444444444444444444444444444444444444444444444444444444"
        "1111111111111111111111111111111111111111222222222222222222222222222222222222222233333333333333333333"
        "33333333333333333333333333333333333333333333c4444444444444444444444444444444444444444444444444444444"
        "44444444";
    const Batch batch = make_example();
    EXPECT_EQ(to_hex(encode(batch, CHAIN_ID).value()), expected);
    EXPECT_EQ(decode(parse_hex(expected).value(), CHAIN_ID).value(), batch);
}

TEST(Columns, RandomBatchesComeBackExactly) {
    for (const Form form : {Form::Signed, Form::Unsigned}) {
        RandomBatches batches(form == Form::Signed ? 1 : 2);
        for (int i = 0; i < 40; ++i) {
            const Batch batch = batches.make(batches.random().below(12), form);
            const Bytes channel = encode(batch, CHAIN_ID, form).value();
            const auto back = decode(channel, CHAIN_ID);
            ASSERT_TRUE(back.has_value()) << to_string(back.error());
            ASSERT_EQ(*back, batch);
        }
    }
}

TEST(Columns, OpReadersCannotTakeTheVersionForTheirs) {
    EXPECT_NE(CHANNEL_VERSION & 0xf, 8);
    EXPECT_NE(CHANNEL_VERSION & 0xf, 15);
    EXPECT_NE(CHANNEL_VERSION, 1);
}

TEST(Columns, TransactionsOfEachTypeBecomeRowsAndTheSameBytes) {
    chain::RandomData random(3);
    for (const chain::TxType type :
         {chain::TxType::Legacy, chain::TxType::AccessList, chain::TxType::DynamicFee, chain::TxType::SetCode})
        for (int i = 0; i < 200; ++i) {
            chain::Transaction tx = random.transaction(type);
            if (tx.chain_id) tx.chain_id = CHAIN_ID;
            const Bytes encoded = chain::encode(tx);
            const Row row = split(encoded, CHAIN_ID, Form::Signed);
            EXPECT_NE(row.kind, Kind::Raw);
            Bytes again;
            append_transaction(again, row, CHAIN_ID, Form::Signed);
            ASSERT_EQ(again, encoded);
        }
}

TEST(Columns, WhatARowCannotHoldTravelsAsItIs) {
    chain::RandomData random(4);
    chain::Transaction high_s = random.transaction(chain::TxType::DynamicFee);
    high_s.chain_id = CHAIN_ID;
    high_s.signature.s = U256(1) << 255;
    chain::Transaction foreign = random.transaction(chain::TxType::DynamicFee);
    foreign.chain_id = CHAIN_ID + 1;
    for (const Bytes& bytes :
         {chain::encode(high_s), chain::encode(foreign), Bytes{}, Bytes{0x02}, Bytes{0xc1, 0x80}, Bytes(5000, 0xff)}) {
        EXPECT_EQ(split(bytes, CHAIN_ID, Form::Signed).kind, Kind::Raw);
        const Batch batch = one_transaction(bytes);
        EXPECT_EQ(decode(encode(batch, CHAIN_ID).value(), CHAIN_ID).value(), batch);
    }
}

TEST(Columns, AWindowSpansChannelsAndPaysOff) {
    RandomBatches batches(5);
    const Batch batch = batches.make(20, Form::Signed);
    Encoder encoder(CHAIN_ID);
    const Bytes first = encoder.encode(batch).value();
    const Bytes second = encoder.encode(batch, Form::Signed, Start::Continued).value();
    EXPECT_LT(second.size() * 10, first.size() * 9);
    Decoder decoder(CHAIN_ID);
    EXPECT_EQ(decoder.decode(first).value(), batch);
    EXPECT_EQ(decoder.decode(second).value(), batch);
}

TEST(Columns, AReaderStartsAtAnyFreshChannelAndNowhereElse) {
    RandomBatches batches(6);
    Encoder encoder(CHAIN_ID);
    std::vector<Batch> sent;
    std::vector<Bytes> channels;
    for (int i = 0; i < 6; ++i) {
        sent.push_back(batches.make(5, Form::Signed));
        channels.push_back(
            encoder.encode(sent.back(), Form::Signed, i % 3 == 0 ? Start::Fresh : Start::Continued).value());
    }
    for (std::size_t start = 0; start < 6; ++start) {
        Decoder decoder(CHAIN_ID);
        for (std::size_t i = start; i < 6; ++i) {
            const auto back = decoder.decode(channels[i]);
            const bool readable = i - i % 3 >= start;
            ASSERT_EQ(back.has_value(), readable);
            if (readable) {
                EXPECT_EQ(*back, sent[i]);
            } else {
                EXPECT_EQ(back.error(), Error::NotContinuous);
            }
        }
    }
}

TEST(Columns, AMissingOrRepeatedChannelIsNoticed) {
    RandomBatches batches(7);
    Encoder encoder(CHAIN_ID);
    std::vector<Bytes> channels;
    for (int i = 0; i < 3; ++i)
        channels.push_back(
            encoder.encode(batches.make(5, Form::Signed), Form::Signed, i == 0 ? Start::Fresh : Start::Continued)
                .value());
    Decoder decoder(CHAIN_ID);
    ASSERT_TRUE(decoder.decode(channels[0]).has_value());
    EXPECT_EQ(decoder.decode(channels[2]).error(), Error::NotContinuous);
    EXPECT_EQ(decoder.decode(channels[1]).error(), Error::NotContinuous);  // the error has closed the window
    ASSERT_TRUE(decoder.decode(channels[0]).has_value());
    ASSERT_TRUE(decoder.decode(channels[1]).has_value());
    EXPECT_EQ(decoder.decode(channels[1]).error(), Error::NotContinuous);
}

TEST(Columns, EveryPrefixIsRefused) {
    RandomBatches batches(8);
    const Bytes channel = encode(batches.make(6, Form::Signed), CHAIN_ID).value();
    for (std::size_t size = 0; size < channel.size(); size += 1 + size / 16)
        EXPECT_FALSE(decode(ByteView(channel).first(size), CHAIN_ID).has_value()) << size;
}

TEST(Columns, DamageNeverCrashesAndBytesTooManyAreRefused) {
    RandomBatches batches(9);
    Bytes channel = encode(batches.make(6, Form::Signed), CHAIN_ID).value();
    channel.push_back(0);
    EXPECT_EQ(decode(channel, CHAIN_ID).error(), Error::TrailingBytes);
    channel.pop_back();
    for (int i = 0; i < 60; ++i) {
        Bytes damaged = channel;
        damaged[2 + batches.random().below(damaged.size() - 2)] ^=
            static_cast<std::uint8_t>(1 + batches.random().below(255));
        const auto back = decode(damaged, CHAIN_ID);
        if (back) {
            EXPECT_LE(back->transactions.size(), damaged.size() * EXPANSION);
        }
    }
}

TEST(Columns, UnknownVersionsAndFlagsAreRefused) {
    const Bytes channel = encode(one_transaction(Bytes{1, 2, 3}), CHAIN_ID).value();
    for (const std::size_t at : {0U, 1U}) {
        Bytes other = channel;
        other[at] ^= 0x80;
        EXPECT_EQ(decode(other, CHAIN_ID).error(), Error::UnknownVersion);
    }
    EXPECT_EQ(decode({}, CHAIN_ID).error(), Error::UnknownVersion);
}

TEST(Columns, LimitsHold) {
    const Batch batch = one_transaction(Bytes(3000, 0));
    const Bytes channel = encode(batch, CHAIN_ID).value();
    EXPECT_LT(channel.size(), 120U);
    EXPECT_TRUE(decode(channel, CHAIN_ID, {3000 + 96, 1}).has_value());
    EXPECT_EQ(decode(channel, CHAIN_ID, {3000 + 95, 1}).error(), Error::TooLarge);
    EXPECT_EQ(decode(channel, CHAIN_ID, {3000 + 96, 0}).error(), Error::TooLarge);
}

TEST(Columns, ABombIsRefusedOnBothSides) {
    const Batch batch = one_transaction(Bytes(EXPANSION_BASE + 200 * EXPANSION, 0));
    Encoder encoder(CHAIN_ID);
    EXPECT_EQ(encoder.encode(batch).error(), Error::TooLarge);
    // A channel of a few bytes that promises blocks without end: zeros say "as before" at almost no cost.
    Bytes bomb{CHANNEL_VERSION, 0};
    bomb.resize(2 + 40);
    append(bomb, Bytes{0xff, 0xff, 0xff, 0x0f, 0});
    Limits limits;
    limits.max_blocks = ~std::size_t{0};
    EXPECT_FALSE(decode(bomb, CHAIN_ID, limits).has_value());
}

TEST(Columns, EmptyBatchesAndBlocks) {
    Batch batch;
    EXPECT_EQ(decode(encode(batch, CHAIN_ID).value(), CHAIN_ID).value(), batch);
    for (std::uint64_t i = 0; i < 3000; ++i) batch.blocks.push_back({1'000 + 2 * i, i / 6, 0});
    const Bytes channel = encode(batch, CHAIN_ID).value();
    EXPECT_LT(channel.size(), 1'000U);
    EXPECT_EQ(decode(channel, CHAIN_ID).value(), batch);
}

}  // namespace
}  // namespace entresol::columns
