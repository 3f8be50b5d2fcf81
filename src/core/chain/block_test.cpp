#include "core/chain/block.hpp"

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/chain/random_testing.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::chain {
namespace {

constexpr int LAST_SHAPE = 4;

/// Headers as London, Shanghai, Cancun and Prague lengthened them; shape 0 is Frontier's.
Header random_header(RandomData& random, int shape) {
    Header header;
    header.parent_hash = random.fixed<Hash32>();
    header.coinbase = random.fixed<Address>();
    header.state_root = random.fixed<Hash32>();
    header.logs_bloom = random.fixed<Bloom>();
    header.difficulty = random.u256();
    header.number = random.u64();
    header.gas_limit = random.u64();
    header.timestamp = random.u64();
    header.extra_data = random.bytes(random.below(33));
    header.nonce = random.fixed<FixedBytes<8>>();
    if (shape >= 1) header.base_fee_per_gas = random.u256();
    if (shape >= 2) header.withdrawals_root = random.fixed<Hash32>();
    if (shape >= 3) {
        header.blob_gas_used = random.u64();
        header.excess_blob_gas = random.u64();
        header.parent_beacon_block_root = random.fixed<Hash32>();
    }
    if (shape >= LAST_SHAPE) header.requests_hash = random.fixed<Hash32>();
    return header;
}

Block random_block(RandomData& random) {
    const int shape = static_cast<int>(random.below(LAST_SHAPE + 1));
    Block block;
    block.header = random_header(random, shape);
    for (std::uint64_t n = random.below(6); n > 0; --n)
        block.transactions.push_back(random.transaction(ALL_TYPES[random.below(6)]));
    for (std::uint64_t n = random.below(3); n > 0; --n) block.ommers.push_back(random_header(random, 0));
    if (shape >= 2) {
        auto& withdrawals = block.withdrawals.emplace();
        for (std::uint64_t n = random.below(4); n > 0; --n)
            withdrawals.push_back({random.u64(), random.u64(), random.fixed<Address>(), random.u64()});
    }
    return block;
}

TEST(Header, EveryForksShapeSurvivesARoundTrip) {
    RandomData random(61);
    for (int i = 0; i < 200; ++i) {
        for (int shape = 0; shape <= LAST_SHAPE; ++shape) {
            const Header header = random_header(random, shape);
            const Bytes encoded = encode(header);
            const auto decoded = decode_header(encoded);
            ASSERT_TRUE(decoded) << to_string(decoded.error());
            EXPECT_EQ(*decoded, header);
            EXPECT_EQ(header_hash(header), crypto::keccak256(encoded));
        }
    }
}

TEST(Header, ShapesBetweenForksAreRefused) {
    RandomData random(62);
    Header header = random_header(random, 3);
    header.parent_beacon_block_root.reset();
    EXPECT_FALSE(decode_header(encode(header)));
    header.excess_blob_gas.reset();
    EXPECT_FALSE(decode_header(encode(header)));
    Bytes payload = encode(random_header(random, LAST_SHAPE));
    codec::RlpReader outer(payload);
    Bytes longer = to_bytes(outer.read_list()->rest());
    longer.push_back(0x80);
    codec::close_list(longer, 0);
    EXPECT_EQ(decode_header(longer).error(), codec::RlpError::TrailingBytes);
}

TEST(Block, SurvivesARoundTrip) {
    RandomData random(63);
    for (int i = 0; i < 300; ++i) {
        const Block block = random_block(random);
        const Bytes encoded = encode(block);
        const auto decoded = decode_block(encoded);
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, block);
    }
}

TEST(Block, WhatDecodesHasOneEncoding) {
    RandomData random(64);
    int decoded_count = 0;
    for (int i = 0; i < 3000; ++i) {
        Bytes bytes = encode(random_block(random));
        for (std::uint64_t edits = 1 + random.below(2); edits > 0; --edits)
            bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.below(256));
        const auto decoded = decode_block(bytes);
        if (!decoded) continue;
        ++decoded_count;
        ASSERT_EQ(encode(*decoded), bytes);
    }
    EXPECT_GT(decoded_count, 300);
}

TEST(Block, LegacyTransactionInAStringIsRefused) {
    const Bytes legacy = encode(RandomData(65).transaction(TxType::Legacy));
    const auto encode_with = [](const Bytes& item) {
        Bytes out = encode(Header{});
        Bytes transactions;
        codec::append_list(out, item);
        codec::append_list(out, {});
        codec::close_list(out, 0);
        return out;
    };
    Bytes as_string;
    codec::append_string(as_string, legacy);
    EXPECT_TRUE(decode_block(encode_with(legacy)));
    EXPECT_FALSE(decode_block(encode_with(as_string)));
}

TEST(Block, EmptyRootsAreTheConstants) {
    EXPECT_EQ(compute_transactions_root({}), crypto::EMPTY_TRIE_ROOT);
    EXPECT_EQ(compute_withdrawals_root({}), crypto::EMPTY_TRIE_ROOT);
    EXPECT_EQ(crypto::keccak256(Bytes{0xc0}), EMPTY_OMMERS_HASH);
}

}  // namespace
}  // namespace entresol::chain
