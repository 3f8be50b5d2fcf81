// The batcher's side: L2 blocks → batches → a compressed channel → frames → calldata or blobs. Host only.
#pragma once

#include "core/derive/block_ref.hpp"
#include "core/derive/compress.hpp"
#include "core/derive/frame.hpp"

namespace entresol::derive {

/// What batches say about one L2 block.
struct BatchBlock {
    Hash32 parent_hash;
    std::uint64_t timestamp = 0;  // seconds
    BlockId epoch;
    std::uint64_t sequence_number = 0;
    std::vector<Bytes> transactions;  // EIP-2718, without deposits
};
/// Not for genesis, which needs no batch.
[[nodiscard]] Result<BatchBlock, L2BlockError> make_batch_block(const chain::Block& block);

enum class BatchMode : std::uint8_t { Singular, Span };
/// Columns: our own codec, one span a channel; where the blocks are none, the OP Stack's.
enum class ChannelFormat : std::uint8_t { OpStack, Columns };

struct ChannelOptions {
    ChannelFormat format = ChannelFormat::OpStack;
    BatchMode mode = BatchMode::Span;
    Compression compression;
    std::size_t max_frame_bytes = 120'000;       // with overhead and the version byte: one frame a transaction or blob
    std::size_t target_channel_bytes = 120'000;  // compressed; ChannelBuilder::is_full
    std::size_t max_blocks = 10'000;
    bool first_block_jumps =
        false;  // the first block is later than its parent by more than block_time: it cannot begin a span
};

enum class ChannelError : std::uint8_t {
    NotConsecutive,  // the block does not follow the last one: epoch or time goes back
    BadTransaction,  // one that batches cannot carry
    TooLarge,        // above MAX_RLP_BYTES_PER_CHANNEL, or more frames than a 16-bit number counts
    Empty,
};
[[nodiscard]] const char* to_string(ChannelError error);

struct EncodedChannel {
    ChannelId id;
    std::vector<Frame> frames;
    std::size_t raw_bytes = 0;         // batches before compression
    std::size_t compressed_bytes = 0;  // of all frames' data
    std::uint64_t first_timestamp = 0;
    std::uint64_t last_timestamp = 0;
    std::size_t block_count = 0;
};

/// Collects consecutive blocks of one channel. Not thread-safe.
class ChannelBuilder {
public:
    ChannelBuilder(const BatchContext& context, const ChannelId& id, const ChannelOptions& options);

    /// On error the builder is as before.
    [[nodiscard]] Result<void, ChannelError> add(BatchBlock block);
    /// Has the channel reached its target, in compressed size or blocks? Compresses only after the raw size has grown by an eighth.
    [[nodiscard]] bool is_full();
    /// What is there, by the ratio of the last compression; the raw size before the first.
    [[nodiscard]] std::size_t compressed_bytes_estimate() const;
    [[nodiscard]] std::size_t block_count() const { return blocks_.size(); }
    /// Compresses what is there.
    [[nodiscard]] Result<std::size_t, ChannelError> compressed_bytes() const;
    /// The raw size to expect, exact up to the columns' packing.
    [[nodiscard]] std::size_t raw_bytes_estimate() const { return raw_bytes_estimate_; }
    [[nodiscard]] Result<EncodedChannel, ChannelError> finish() const;
    /// As many of the blocks as fill at most so many frames, nearly: a few compressions find them. At least one block, whatever it takes.
    [[nodiscard]] Result<EncodedChannel, ChannelError> finish_within(std::size_t max_frame_bytes,
                                                                     std::size_t most_frames) const;

private:
    BatchContext context_;
    ChannelId id_;
    ChannelOptions options_;
    std::vector<BatchBlock> blocks_;
    std::size_t raw_bytes_estimate_ = 0;
    std::size_t measured_raw_bytes_ = 0;
    std::size_t measured_compressed_bytes_ = 0;
};

/// The batches' bytes before compression: a span for each run of blocks that are block_time apart; a block that follows a jump in time
/// (RollupConfig::allow_time_jumps) is a singular batch. Precondition: consecutive blocks.
[[nodiscard]] Result<Bytes, ChannelError> encode_batches(std::span<const BatchBlock> blocks,
                                                         const BatchContext& context, BatchMode mode,
                                                         bool first_block_jumps = false);

[[nodiscard]] Result<EncodedChannel, ChannelError> encode_channel(std::span<const BatchBlock> blocks,
                                                                  const BatchContext& context, const ChannelId& id,
                                                                  const ChannelOptions& options);

/// Batcher transactions' calldata: as many whole frames in each as fit into max_bytes, at least one.
[[nodiscard]] std::vector<Bytes> pack_calldata(std::span<const Frame> frames, std::size_t max_bytes);
/// Blobs of BYTES_PER_BLOB bytes, packed alike. Precondition: each frame fits a blob.
[[nodiscard]] std::vector<Bytes> pack_blobs(std::span<const Frame> frames);

}  // namespace entresol::derive
