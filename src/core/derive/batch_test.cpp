#include "core/derive/batch.hpp"

#include <gtest/gtest.h>

#include "core/codec/rlp.hpp"
#include "core/derive/bitlist.hpp"
#include "core/derive/transactions_testing.hpp"

namespace entresol::derive {
namespace {

constexpr BatchContext CONTEXT{1'700'000'000, 2, 901};

SpanBatch make_span(testing::RandomTransactions& random, std::size_t block_count) {
    SpanBatch span;
    span.parent_check = random.fixed<HashPrefix>();
    span.l1_origin_check = random.fixed<HashPrefix>();
    span.first_timestamp = CONTEXT.genesis_timestamp + 2 * random.below(1000);
    span.first_block_changes_origin = random.below(2) == 1;
    std::uint64_t epoch = 100;
    for (std::size_t i = 0; i < block_count; ++i) {
        SpanBlock block;
        if (i > 0) epoch += random.below(2);
        block.epoch_number = epoch;
        block.first_transaction = static_cast<std::uint32_t>(span.transactions.size());
        block.transaction_count = static_cast<std::uint32_t>(random.below(5));
        for (std::uint32_t t = 0; t < block.transaction_count; ++t) span.transactions.push_back(random.next());
        span.blocks.push_back(block);
    }
    return span;
}

BatchError decode_error(ByteView encoded) {
    const auto batch = decode_batch(encoded, CONTEXT);
    EXPECT_FALSE(batch.has_value());
    return batch ? BatchError{255} : batch.error();
}

TEST(Batch, SingularRoundTrip) {
    testing::RandomTransactions random(1, CONTEXT.chain_id);
    SingularBatch batch{
        random.fixed<Hash32>(), 17, random.fixed<Hash32>(), 1'700'000'123, {random.next(), random.next(), {}}};
    const Bytes encoded = encode(batch);
    EXPECT_EQ(encoded[0], 0);
    EXPECT_EQ(std::get<SingularBatch>(decode_batch(encoded, CONTEXT).value()), batch);
    Bytes longer = encoded;
    longer.push_back(0x80);
    EXPECT_EQ(decode_error(longer), BatchError::MalformedRlp);
    for (std::size_t size = 0; size < encoded.size(); ++size)
        EXPECT_FALSE(decode_batch(ByteView(encoded).first(size), CONTEXT).has_value());
}

TEST(Batch, SpanRoundTripOfRandomBlocks) {
    for (std::uint32_t seed = 0; seed < 150; ++seed) {
        testing::RandomTransactions random(seed, CONTEXT.chain_id);
        const SpanBatch span = make_span(random, 1 + random.below(20));
        const Bytes encoded = encode(span, CONTEXT).value();
        const auto decoded = decode_batch(encoded, CONTEXT);
        ASSERT_TRUE(decoded.has_value()) << to_string(decoded.error()) << " seed " << seed;
        ASSERT_EQ(std::get<SpanBatch>(*decoded), span) << seed;
    }
}

TEST(Batch, EveryPrefixOfASpanIsRefused) {
    testing::RandomTransactions random(5, CONTEXT.chain_id);
    const Bytes encoded = encode(make_span(random, 6), CONTEXT).value();
    for (std::size_t size = 0; size < encoded.size(); ++size)
        EXPECT_FALSE(decode_batch(ByteView(encoded).first(size), CONTEXT).has_value()) << size;
}

TEST(Batch, UnknownVersion) {
    EXPECT_EQ(decode_error(Bytes{2, 0, 0}), BatchError::UnknownVersion);
    EXPECT_EQ(decode_error({}), BatchError::Truncated);
}

/// Prefix of a span batch with the given block count, then the tail.
Bytes span_with(std::uint64_t rel_timestamp, std::uint64_t origin, std::uint64_t blocks, const Bytes& tail) {
    Bytes out{1};
    append_uvarint(out, rel_timestamp);
    append_uvarint(out, origin);
    out.insert(out.end(), 40, 0xee);
    append_uvarint(out, blocks);
    append(out, tail);
    return out;
}

TEST(Batch, SpanLimits) {
    EXPECT_EQ(decode_error(span_with(0, 5, 0, {})), BatchError::EmptySpan);
    EXPECT_EQ(decode_error(span_with(0, 5, MAX_SPAN_BATCH_ELEMENT_COUNT + 1, {})), BatchError::TooManyElements);
    EXPECT_EQ(decode_error(span_with(0, 5, MAX_SPAN_BATCH_ELEMENT_COUNT, Bytes(1000))), BatchError::Truncated)
        << "refused before ten million blocks are allocated";
    Bytes counts{0};  // origin bits of two blocks
    append_uvarint(counts, MAX_SPAN_BATCH_ELEMENT_COUNT);
    append_uvarint(counts, 1);
    EXPECT_EQ(decode_error(span_with(0, 5, 2, counts)), BatchError::TooManyElements)
        << "transactions of the whole span";
    Bytes one_block{0};
    append_uvarint(one_block, MAX_SPAN_BATCH_ELEMENT_COUNT);
    EXPECT_EQ(decode_error(span_with(0, 5, 1, one_block)), BatchError::Truncated);
    EXPECT_EQ(decode_error(span_with(~0ULL, 5, 1, Bytes{0, 0})), BatchError::Overflow);
    EXPECT_EQ(decode_error(span_with(0, 0, 2, Bytes{0b10, 0, 0})), BatchError::Overflow) << "an epoch before 0";
    EXPECT_TRUE(decode_batch(span_with(0, 1, 2, Bytes{0b10, 0, 0}), CONTEXT).has_value());
}

TEST(Batch, BitlistsHaveOneEncoding) {
    EXPECT_EQ(decode_error(span_with(0, 5, 2, Bytes{0b100, 0, 0})), BatchError::NonCanonicalBits);
    testing::RandomTransactions random(2, CONTEXT.chain_id);
    SpanBatch span = make_span(random, 1);
    span.transactions = {random.make(0)};
    span.blocks[0].transaction_count = 1;
    Bytes encoded = encode(span, CONTEXT).value();
    encoded.back() |= 0b10;  // protected_bits of one legacy transaction
    EXPECT_EQ(decode_error(encoded), BatchError::NonCanonicalBits);
}

TEST(Batch, BitlistOrder) {
    Bitlist bits(10);
    bits.set(0);
    bits.set(9);
    EXPECT_EQ(Bytes(bits.view().begin(), bits.view().end()), (Bytes{0b10, 0b1}));
    EXPECT_EQ(bits.count(), 2U);
}

TEST(Batch, VarintsOfAnyLengthUpTo64Bits) {
    for (const std::uint64_t value : {0ULL, 1ULL, 127ULL, 128ULL, 300ULL, ~0ULL, 1ULL << 63}) {
        Bytes encoded;
        append_uvarint(encoded, value);
        ByteCursor in(encoded);
        EXPECT_EQ(in.take_uvarint(), value);
        EXPECT_TRUE(in.empty());
    }
    EXPECT_EQ(ByteCursor(Bytes{0x80, 0x00}).take_uvarint(), 0U) << "protobuf's varints may be longer than needed";
    EXPECT_FALSE(ByteCursor(Bytes(10, 0xff)).take_uvarint());
    EXPECT_FALSE(ByteCursor(Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02}).take_uvarint());
    EXPECT_FALSE(ByteCursor(Bytes{0x80}).take_uvarint());
}

TEST(Batch, TransactionsThatSpansDoNotCarry) {
    testing::RandomTransactions random(3, CONTEXT.chain_id);
    const auto encode_error = [&](const Bytes& tx) {
        SpanBatch span = make_span(random, 1);
        span.transactions = {tx};
        span.blocks[0].transaction_count = 1;
        const auto encoded = encode(span, CONTEXT);
        return encoded ? BatchError{255} : encoded.error();
    };
    EXPECT_EQ(encode_error({}), BatchError::TransactionData);
    EXPECT_EQ(encode_error({0x7e, 0xc0}), BatchError::TransactionType);
    EXPECT_EQ(encode_error({0x03, 0xc0}), BatchError::TransactionType);
    EXPECT_EQ(encode_error({0x02, 0xc0}), BatchError::TransactionData);
    testing::RandomTransactions other(3, CONTEXT.chain_id + 1);
    EXPECT_EQ(encode_error(other.make(2)), BatchError::WrongChainId);
    Bytes longer = random.make(1);
    longer.push_back(0);
    EXPECT_EQ(encode_error(longer), BatchError::TransactionData);
}

TEST(Batch, TypesInTxDatasAreChecked) {
    testing::RandomTransactions random(4, CONTEXT.chain_id);
    SpanBatch span = make_span(random, 1);
    span.transactions = {random.make(2)};
    span.blocks[0].transaction_count = 1;
    const Bytes encoded = encode(span, CONTEXT).value();

    std::size_t type_at = 0;
    for (std::size_t i = 45; i + 1 < encoded.size() && type_at == 0; ++i) {
        Bytes changed = encoded;
        if (changed[i] != 2 || changed[i + 1] < 0xc0) continue;
        changed[i] = 3;
        if (decode_error(changed) == BatchError::TransactionType) type_at = i;
    }
    EXPECT_NE(type_at, 0U);
}

}  // namespace
}  // namespace entresol::derive
