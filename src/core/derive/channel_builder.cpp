#include "core/derive/channel_builder.hpp"

#include <algorithm>

#include "core/codec/rlp.hpp"
#include "core/derive/blob_codec.hpp"
#include "core/derive/columns_channel.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::derive {
namespace {

// finish_within() looks for more blocks so often at most, and is content with so much of the room.
constexpr int MOST_COMPRESSIONS = 6;
constexpr double FULL_ENOUGH = 0.985;

constexpr std::size_t BLOCK_OVERHEAD_BYTES = 4;  // origin bit, transaction count, its share of the prefix

SingularBatch make_singular(const BatchBlock& block) {
    return {block.parent_hash, block.epoch.number, block.epoch.hash, block.timestamp, block.transactions};
}

SpanBatch make_span(std::span<const BatchBlock> blocks) {
    SpanBatch span;
    span.parent_check = prefix_of(blocks.front().parent_hash);
    span.l1_origin_check = prefix_of(blocks.back().epoch.hash);
    span.first_timestamp = blocks.front().timestamp;
    span.first_block_changes_origin = blocks.front().sequence_number == 0;
    for (const BatchBlock& block : blocks) {
        span.blocks.push_back({block.epoch.number, static_cast<std::uint32_t>(span.transactions.size()),
                               static_cast<std::uint32_t>(block.transactions.size())});
        span.transactions.insert(span.transactions.end(), block.transactions.begin(), block.transactions.end());
    }
    return span;
}

/// Length of the first run of blocks that a span batch can hold: no jump in time.
std::size_t run_length(std::span<const BatchBlock> blocks, std::uint64_t block_time) {
    std::size_t n = 1;
    while (n < blocks.size() && blocks[n].timestamp - blocks[n - 1].timestamp == block_time) ++n;
    return n;
}

bool follows(const BatchBlock& block, const BatchBlock& last, std::uint64_t block_time) {
    if (block.timestamp < last.timestamp || block.timestamp - last.timestamp < block_time) return false;
    return block.epoch.number == last.epoch.number || block.epoch.number == last.epoch.number + 1;
}

/// Indices [first, last) of frames whose payload fits.
std::size_t take_frames(std::span<const Frame> frames, std::size_t first, std::size_t max_bytes) {
    std::size_t size = 1, last = first;
    while (last < frames.size()) {
        size += FRAME_OVERHEAD_BYTES + frames[last].data.size();
        if (size > max_bytes && last > first) break;
        ++last;
    }
    return last;
}

struct Packed {
    std::size_t raw_bytes = 0;
    Bytes compressed;
};
Result<Packed, ChannelError> pack(std::span<const BatchBlock> blocks, const BatchContext& context,
                                  const ChannelOptions& options) {
    TRY(const Bytes raw, encode_batches(blocks, context, options.mode, options.first_block_jumps));
    if (raw.size() > MAX_RLP_BYTES_PER_CHANNEL) return fail(ChannelError::TooLarge);
    const bool is_span = !options.first_block_jumps && run_length(blocks, context.block_time) == blocks.size();
    if (options.format == ChannelFormat::Columns && is_span)
        if (auto channel = encode_columns_channel(make_span(blocks), context))
            return Packed{raw.size(), *std::move(channel)};
    // Whoever chose our own format gets channels that the dispute game's program can read throughout: it has no brotli decoder.
    constexpr Compression WITHOUT_BROTLI{.kind = CompressionKind::Zlib, .quality = 9};
    const bool is_columns = options.format == ChannelFormat::Columns;
    return Packed{raw.size(), compress_channel(raw, is_columns ? WITHOUT_BROTLI : options.compression)};
}

}  // namespace

const char* to_string(ChannelError error) {
    switch (error) {
        case ChannelError::NotConsecutive: return "block does not follow the channel's last one";
        case ChannelError::BadTransaction: return "transaction that batches cannot carry";
        case ChannelError::TooLarge: return "channel above its limits";
        case ChannelError::Empty: return "channel without blocks";
    }
    return "?";
}

Result<BatchBlock, L2BlockError> make_batch_block(const chain::Block& block) {
    if (block.transactions.empty() || block.transactions[0].type != chain::TxType::Deposit)
        return fail(L2BlockError::NoL1Attributes);
    const auto info = decode_l1_info(block.transactions[0].data);
    if (!info) return fail(L2BlockError::MalformedL1Attributes);
    BatchBlock out{
        block.header.parent_hash, block.header.timestamp, {info->block_hash, info->number}, info->sequence_number, {}};
    for (const chain::Transaction& tx : block.transactions)
        if (tx.type != chain::TxType::Deposit) out.transactions.push_back(chain::encode(tx));
    return out;
}

Result<Bytes, ChannelError> encode_batches(std::span<const BatchBlock> blocks, const BatchContext& context,
                                           BatchMode mode, bool first_block_jumps) {
    Bytes raw;
    for (std::size_t i = 0; i < blocks.size();) {
        const auto rest = blocks.subspan(i);
        const bool jumped =
            i == 0 ? first_block_jumps : blocks[i].timestamp - blocks[i - 1].timestamp != context.block_time;
        if (mode == BatchMode::Singular || jumped) {
            codec::append_string(raw, encode(make_singular(rest[0])));
            ++i;
            continue;
        }
        const std::size_t count = run_length(rest, context.block_time);
        const auto span = encode(make_span(rest.first(count)), context);
        if (!span) return fail(ChannelError::BadTransaction);
        codec::append_string(raw, *span);
        i += count;
    }
    return raw;
}

Result<EncodedChannel, ChannelError> encode_channel(std::span<const BatchBlock> blocks, const BatchContext& context,
                                                    const ChannelId& id, const ChannelOptions& options) {
    if (blocks.empty()) return fail(ChannelError::Empty);
    TRY(const Packed packed, pack(blocks, context, options));
    const Bytes& compressed = packed.compressed;
    CHECK(options.max_frame_bytes > 1 + FRAME_OVERHEAD_BYTES);
    const std::size_t max_data = std::min(options.max_frame_bytes - 1 - FRAME_OVERHEAD_BYTES, MAX_FRAME_DATA_BYTES);
    const std::size_t frame_count = (compressed.size() + max_data - 1) / max_data;
    if (frame_count > 0xffff) return fail(ChannelError::TooLarge);
    EncodedChannel channel{
        id, {}, packed.raw_bytes, compressed.size(), blocks.front().timestamp, blocks.back().timestamp, blocks.size()};
    for (std::size_t i = 0; i < frame_count; ++i) {
        const ByteView rest = ByteView(compressed).subspan(i * max_data);
        channel.frames.push_back({id, static_cast<std::uint16_t>(i),
                                  to_bytes(rest.first(std::min(max_data, rest.size()))), i + 1 == frame_count});
    }
    return channel;
}

ChannelBuilder::ChannelBuilder(const BatchContext& context, const ChannelId& id, const ChannelOptions& options)
    : context_(context), id_(id), options_(options) {}

Result<void, ChannelError> ChannelBuilder::add(BatchBlock block) {
    if (!blocks_.empty() && !follows(block, blocks_.back(), context_.block_time))
        return fail(ChannelError::NotConsecutive);
    // Encoding the block alone finds what a batch cannot carry, before it is among others.
    if (!encode_batches(std::span(&block, 1), context_, BatchMode::Span)) return fail(ChannelError::BadTransaction);
    std::size_t bytes = BLOCK_OVERHEAD_BYTES;
    for (const Bytes& tx : block.transactions) bytes += tx.size();
    if (raw_bytes_estimate_ + bytes > MAX_RLP_BYTES_PER_CHANNEL - (1 << 20)) return fail(ChannelError::TooLarge);
    raw_bytes_estimate_ += bytes;
    blocks_.push_back(std::move(block));
    return {};
}

bool ChannelBuilder::is_full() {
    if (blocks_.size() >= options_.max_blocks) return true;
    if (raw_bytes_estimate_ < options_.target_channel_bytes)
        return false;  // compression gains, or loses only a few bytes
    if (raw_bytes_estimate_ - measured_raw_bytes_ > measured_raw_bytes_ / 8) {
        const auto packed = pack(blocks_, context_, options_);
        CHECK(packed.has_value());  // add() has encoded each block
        measured_raw_bytes_ = raw_bytes_estimate_;
        measured_compressed_bytes_ = packed->compressed.size();
    }
    return measured_compressed_bytes_ >= options_.target_channel_bytes;
}

std::size_t ChannelBuilder::compressed_bytes_estimate() const {
    if (measured_raw_bytes_ == 0) return raw_bytes_estimate_;
    const double ratio = static_cast<double>(measured_compressed_bytes_) / static_cast<double>(measured_raw_bytes_);
    return static_cast<std::size_t>(static_cast<double>(raw_bytes_estimate_) * ratio);
}

Result<std::size_t, ChannelError> ChannelBuilder::compressed_bytes() const {
    if (blocks_.empty()) return 0;
    TRY(const Packed packed, pack(blocks_, context_, options_));
    return packed.compressed.size();
}

Result<EncodedChannel, ChannelError> ChannelBuilder::finish() const {
    return encode_channel(blocks_, context_, id_, options_);
}

Result<EncodedChannel, ChannelError> ChannelBuilder::finish_within(std::size_t max_frame_bytes,
                                                                   std::size_t most_frames) const {
    ChannelOptions options = options_;
    options.max_frame_bytes = max_frame_bytes;
    const auto room = static_cast<double>(most_frames * (max_frame_bytes - 1 - FRAME_OVERHEAD_BYTES));
    std::optional<EncodedChannel> best;
    std::size_t count = blocks_.size(), too_many = blocks_.size() + 1;
    for (int tries = 1;; ++tries) {
        TRY(auto channel, encode_channel(std::span(blocks_).first(count), context_, id_, options));
        const double filled = static_cast<double>(channel.compressed_bytes) / room;
        if (channel.frames.size() <= most_frames || count == 1)
            best = std::move(channel);
        else
            too_many = count;
        const std::size_t fits = best ? best->block_count : 0;
        if (best && (fits + 1 >= too_many || filled >= FULL_ENOUGH || tries >= MOST_COMPRESSIONS))
            return *std::move(best);
        // Size grows about as the number of blocks does.
        const auto guess = static_cast<std::size_t>(static_cast<double>(count) / filled * (1 + FULL_ENOUGH) / 2);
        count = std::clamp(guess, fits + 1, too_many - 1);
    }
}

std::vector<Bytes> pack_calldata(std::span<const Frame> frames, std::size_t max_bytes) {
    std::vector<Bytes> payloads;
    for (std::size_t i = 0; i < frames.size();) {
        const std::size_t end = take_frames(frames, i, max_bytes);
        payloads.push_back(encode_frames(frames.subspan(i, end - i)));
        i = end;
    }
    return payloads;
}

std::vector<Bytes> pack_blobs(std::span<const Frame> frames) {
    std::vector<Bytes> blobs;
    for (const Bytes& payload : pack_calldata(frames, MAX_BLOB_DATA_BYTES)) blobs.push_back(encode_blob(payload));
    return blobs;
}

}  // namespace entresol::derive
