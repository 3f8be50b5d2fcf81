#include "core/derive/batch.hpp"

#include "core/codec/rlp.hpp"
#include "core/derive/bitlist.hpp"
#include "core/derive/span_transactions.hpp"

namespace entresol::derive {
namespace {

constexpr std::uint8_t SINGULAR_BATCH_VERSION = 0;
constexpr std::uint8_t SPAN_BATCH_VERSION = 1;

Result<SingularBatch, codec::RlpError> read_singular(ByteView content) {
    codec::RlpReader outer(content);
    TRY(codec::RlpReader in, outer.read_list());
    TRY_VOID(outer.expect_end());
    SingularBatch batch;
    TRY(batch.parent_hash, in.read_fixed<Hash32>());
    TRY(batch.epoch_number, in.read_u64());
    TRY(batch.epoch_hash, in.read_fixed<Hash32>());
    TRY(batch.timestamp, in.read_u64());
    TRY(codec::RlpReader transactions, in.read_list());
    TRY_VOID(in.expect_end());
    while (!transactions.empty()) {
        TRY(const ByteView tx, transactions.read_string());
        batch.transactions.push_back(to_bytes(tx));
    }
    return batch;
}

/// block_tx_counts into the blocks; the number of transactions.
Result<std::size_t, BatchError> take_counts(ByteCursor& in, std::vector<SpanBlock>& blocks) {
    std::size_t total = 0;
    for (SpanBlock& block : blocks) {
        const auto count = in.take_uvarint();
        if (!count) return fail(BatchError::Truncated);
        if (*count > MAX_SPAN_BATCH_ELEMENT_COUNT - total) return fail(BatchError::TooManyElements);
        block.first_transaction = static_cast<std::uint32_t>(total);
        block.transaction_count = static_cast<std::uint32_t>(*count);
        total += *count;
    }
    return total;
}

/// Epochs backwards from the last one: bit i says that block i has another origin than the block before it.
Result<void, BatchError> fill_epochs(std::vector<SpanBlock>& blocks, const Bitlist& origin_bits,
                                     std::uint64_t last_epoch) {
    std::uint64_t epoch = last_epoch;
    for (std::size_t i = blocks.size(); i-- > 0;) {
        blocks[i].epoch_number = epoch;
        if (i == 0 || !origin_bits.get(i)) continue;
        if (epoch == 0) return fail(BatchError::Overflow);
        --epoch;
    }
    return {};
}

Result<SpanBatch, BatchError> take_span(ByteCursor& in, const BatchContext& context) {
    SpanBatch batch;
    const auto rel_timestamp = in.take_uvarint();
    const auto l1_origin_num = in.take_uvarint();
    const auto parent_check = in.take(HashPrefix::SIZE);
    const auto l1_origin_check = in.take(HashPrefix::SIZE);
    const auto block_count = in.take_uvarint();
    if (!rel_timestamp || !l1_origin_num || !parent_check || !l1_origin_check || !block_count)
        return fail(BatchError::Truncated);
    if (*block_count == 0) return fail(BatchError::EmptySpan);
    if (*block_count > MAX_SPAN_BATCH_ELEMENT_COUNT) return fail(BatchError::TooManyElements);
    if (in.remaining() < *block_count)
        return fail(BatchError::Truncated);  // each block takes a byte or more of block_tx_counts
    batch.parent_check = from_bytes<HashPrefix>(*parent_check);
    batch.l1_origin_check = from_bytes<HashPrefix>(*l1_origin_check);
    // The last block's time must fit: below, times are computed without further checks.
    std::uint64_t span_seconds = 0, last = 0;
    if (__builtin_add_overflow(context.genesis_timestamp, *rel_timestamp, &batch.first_timestamp) ||
        __builtin_mul_overflow(*block_count, context.block_time, &span_seconds) ||
        __builtin_add_overflow(batch.first_timestamp, span_seconds, &last))
        return fail(BatchError::Overflow);
    const auto origin_bits = Bitlist::take(in, *block_count);
    if (!origin_bits) return fail(BatchError::NonCanonicalBits);
    batch.first_block_changes_origin = origin_bits->get(0);
    batch.blocks.resize(*block_count);
    TRY(const std::size_t total, take_counts(in, batch.blocks));
    TRY_VOID(fill_epochs(batch.blocks, *origin_bits, *l1_origin_num));
    TRY(batch.transactions, take_span_transactions(in, total, context.chain_id));
    return batch;
}

}  // namespace

const char* to_string(BatchError error) {
    switch (error) {
        case BatchError::UnknownVersion: return "unknown batch version";
        case BatchError::MalformedRlp: return "malformed singular batch";
        case BatchError::Truncated: return "batch is cut short";
        case BatchError::EmptySpan: return "span batch without blocks";
        case BatchError::TooManyElements: return "span batch above its element limit";
        case BatchError::NonCanonicalBits: return "bitlist with bits above its length";
        case BatchError::Overflow: return "timestamp or epoch outside 64 bits";
        case BatchError::TransactionType: return "transaction type that batches do not carry";
        case BatchError::TransactionData: return "malformed transaction data";
        case BatchError::WrongChainId: return "transaction of another chain";
    }
    return "?";
}

Result<Batch, BatchError> decode_batch(ByteView encoded, const BatchContext& context) {
    ByteCursor in(encoded);
    const auto version = in.take(1);
    if (!version) return fail(BatchError::Truncated);
    switch ((*version)[0]) {
        case SINGULAR_BATCH_VERSION: {
            auto batch = read_singular(in.rest());
            if (!batch) return fail(BatchError::MalformedRlp);
            return Batch(*std::move(batch));
        }
        case SPAN_BATCH_VERSION: {
            TRY(SpanBatch batch, take_span(in, context));
            return Batch(std::move(batch));
        }
        default: return fail(BatchError::UnknownVersion);
    }
}

Bytes encode(const SingularBatch& batch) {
    Bytes transactions;
    for (const Bytes& tx : batch.transactions) codec::append_string(transactions, tx);
    Bytes payload;
    codec::append_fixed(payload, batch.parent_hash);
    codec::append_uint(payload, batch.epoch_number);
    codec::append_fixed(payload, batch.epoch_hash);
    codec::append_uint(payload, batch.timestamp);
    codec::append_list(payload, transactions);
    Bytes out{SINGULAR_BATCH_VERSION};
    codec::append_list(out, payload);
    return out;
}

Result<Bytes, BatchError> encode(const SpanBatch& batch, const BatchContext& context) {
    CHECK(!batch.blocks.empty() && batch.first_timestamp >= context.genesis_timestamp);
    Bytes out{SPAN_BATCH_VERSION};
    append_uvarint(out, batch.first_timestamp - context.genesis_timestamp);
    append_uvarint(out, batch.blocks.back().epoch_number);
    append(out, batch.parent_check.view());
    append(out, batch.l1_origin_check.view());
    append_uvarint(out, batch.blocks.size());
    Bitlist origin_bits(batch.blocks.size());
    if (batch.first_block_changes_origin) origin_bits.set(0);
    for (std::size_t i = 1; i < batch.blocks.size(); ++i) {
        const std::uint64_t step = batch.blocks[i].epoch_number - batch.blocks[i - 1].epoch_number;
        CHECK(step <= 1);
        if (step == 1) origin_bits.set(i);
    }
    append(out, origin_bits.view());
    for (const SpanBlock& block : batch.blocks) append_uvarint(out, block.transaction_count);
    TRY_VOID(append_span_transactions(out, batch.transactions, context.chain_id));
    return out;
}

}  // namespace entresol::derive
