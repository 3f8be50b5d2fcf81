#include "core/derive/columns_channel.hpp"

#include "core/columns/columns.hpp"
#include "core/derive/span_transactions.hpp"

namespace entresol::derive {
namespace {

/// Each block a block_time after the one before, each epoch the same or the next: what a span batch can say.
bool is_consecutive(const columns::Batch& batch, const BatchContext& context) {
    if (batch.blocks.empty() || batch.blocks[0].timestamp < context.genesis_timestamp) return false;
    for (std::size_t i = 1; i < batch.blocks.size(); ++i) {
        const columns::Block &last = batch.blocks[i - 1], &block = batch.blocks[i];
        if (block.timestamp < last.timestamp || block.timestamp - last.timestamp != context.block_time) return false;
        if (block.epoch_number < last.epoch_number || block.epoch_number - last.epoch_number > 1) return false;
    }
    // As for a span: the time after the last block must fit, too.
    return batch.blocks.back().timestamp <= ~std::uint64_t{0} - context.block_time;
}

bool can_be_spanned(std::span<const Bytes> transactions, std::uint64_t chain_id) {
    Bytes columns;
    return append_span_transactions(columns, transactions, chain_id).has_value();
}

}  // namespace

bool is_columns_channel(ByteView channel) { return !channel.empty() && channel[0] == columns::CHANNEL_VERSION; }

std::optional<SpanBatch> decode_columns_channel(ByteView channel, const BatchContext& context) {
    auto batch = columns::decode(channel, context.chain_id);
    if (!batch || !batch->senders.empty() || columns::is_unsigned(channel) || !is_consecutive(*batch, context) ||
        !can_be_spanned(batch->transactions, context.chain_id))
        return std::nullopt;
    SpanBatch span;
    span.parent_check = from_bytes<HashPrefix>(batch->parent_check.view());
    span.l1_origin_check = from_bytes<HashPrefix>(batch->l1_origin_check.view());
    span.first_timestamp = batch->blocks[0].timestamp;
    span.first_block_changes_origin = batch->first_block_changes_origin;
    std::uint32_t next = 0;
    for (const columns::Block& block : batch->blocks) {
        span.blocks.push_back({block.epoch_number, next, block.transaction_count});
        next += block.transaction_count;
    }
    span.transactions = std::move(batch->transactions);
    return span;
}

std::optional<Bytes> encode_columns_channel(const SpanBatch& span, const BatchContext& context) {
    if (!can_be_spanned(span.transactions, context.chain_id)) return std::nullopt;
    columns::Batch batch;
    batch.parent_check = from_bytes<FixedBytes<20>>(span.parent_check.view());
    batch.l1_origin_check = from_bytes<FixedBytes<20>>(span.l1_origin_check.view());
    batch.first_block_changes_origin = span.first_block_changes_origin;
    for (std::size_t i = 0; i < span.blocks.size(); ++i)
        batch.blocks.push_back({span.first_timestamp + i * context.block_time, span.blocks[i].epoch_number,
                                span.blocks[i].transaction_count});
    batch.transactions = span.transactions;
    auto channel = columns::encode(batch, context.chain_id);
    if (!channel) return std::nullopt;
    return *std::move(channel);
}

}  // namespace entresol::derive
