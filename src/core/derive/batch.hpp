// Batches: what the sequencer says about L2 blocks beyond what L1 already says. Version 0 is one block (derivation specification, "Batch
// Format"), version 1 a span of consecutive blocks (Delta specification).
#pragma once

#include <variant>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::derive {

/// Version 0. Transactions are EIP-2718 bytes as they came: nothing here says that they are valid.
struct SingularBatch {
    Hash32 parent_hash;
    std::uint64_t epoch_number = 0;
    Hash32 epoch_hash;
    std::uint64_t timestamp = 0;  // seconds
    std::vector<Bytes> transactions;
    bool operator==(const SingularBatch&) const = default;
};

/// The first 20 bytes of a hash, as span batches commit to blocks.
struct HashPrefix : FixedBytes<20> {
    constexpr auto operator<=>(const HashPrefix&) const = default;
};
[[nodiscard]] inline HashPrefix prefix_of(const Hash32& hash) { return from_bytes<HashPrefix>(hash.view()); }

struct SpanBlock {
    std::uint64_t epoch_number = 0;
    std::uint32_t first_transaction = 0;  // index into SpanBatch::transactions
    std::uint32_t transaction_count = 0;
    bool operator==(const SpanBlock&) const = default;
};

/// Version 1. Block i has the time first_timestamp + i * block_time. Never empty.
struct SpanBatch {
    HashPrefix parent_check;     // of the first block's parent
    HashPrefix l1_origin_check;  // of the last block's L1 origin
    std::uint64_t first_timestamp = 0;
    bool first_block_changes_origin = false;
    std::vector<SpanBlock> blocks;
    std::vector<Bytes> transactions;  // of all blocks in order
    bool operator==(const SpanBatch&) const = default;
};

using Batch = std::variant<SingularBatch, SpanBatch>;

/// What a span batch leaves out because every reader of the chain knows it.
struct BatchContext {
    std::uint64_t genesis_timestamp = 0;  // of the L2, seconds
    std::uint64_t block_time = 1;         // seconds
    std::uint64_t chain_id = 0;
};

/// Protocol parameter since Fjord: bounds a span's blocks and its transactions.
inline constexpr std::size_t MAX_SPAN_BATCH_ELEMENT_COUNT = 10'000'000;

enum class BatchError : std::uint8_t {
    UnknownVersion,
    MalformedRlp,     // version 0 is not [hash, number, hash, number, [string…]]
    Truncated,        // a column promises more than there is
    EmptySpan,        // block_count is 0
    TooManyElements,  // above MAX_SPAN_BATCH_ELEMENT_COUNT
    NonCanonicalBits,
    Overflow,         // a timestamp or an epoch leaves 64 bits
    TransactionType,  // not 0, 1, 2 or 4
    TransactionData,  // not the type's fields, or a type 4 that creates a contract
    WrongChainId,     // encoding only: a protected transaction of another chain
};
[[nodiscard]] const char* to_string(BatchError error);

/// Version byte and content. As in op-node, bytes after a span batch's last column are ignored; after a singular batch they are an error.
[[nodiscard]] Result<Batch, BatchError> decode_batch(ByteView encoded, const BatchContext& context);
[[nodiscard]] Bytes encode(const SingularBatch& batch);
/// Precondition: not empty, epochs rise by at most one a block, first_timestamp is not before genesis.
[[nodiscard]] Result<Bytes, BatchError> encode(const SpanBatch& batch, const BatchContext& context);

}  // namespace entresol::derive
