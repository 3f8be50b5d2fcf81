// Entresol's channel codec: a batch of L2 blocks in few bytes and back, exactly. Start here; docs/spec/batch-format.md has the format.
#pragma once

#include <memory>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace entresol::columns {

/// The first byte of a channel. Its low nibble is neither 8 nor 15 (zlib) and the byte is not 1 (brotli): a reader of the OP Stack drops the channel.
inline constexpr std::uint8_t CHANNEL_VERSION = 0xe5;

struct Block {
    std::uint64_t timestamp = 0;  // seconds
    std::uint64_t epoch_number = 0;
    std::uint32_t transaction_count = 0;
    bool operator==(const Block&) const = default;
};

/// What a span batch says. Transactions may be any bytes; those of types 0, 1, 2 and 4 become small.
struct Batch {
    FixedBytes<20> parent_check;     // of the first block's parent, as in a span batch
    FixedBytes<20> l1_origin_check;  // of the last block's L1 origin
    bool first_block_changes_origin = false;
    std::vector<Block> blocks;
    std::vector<Bytes> transactions;  // of all blocks in order, EIP-2718
    std::vector<Address> senders;     // Form::Unsigned: of each transaction
    bool operator==(const Batch&) const = default;
};

/// Signed: transactions as users sent them. Unsigned, for batches that a validity proof covers: the same fields without the last three, and a sender.
enum class Form : std::uint8_t { Signed, Unsigned };
/// Fresh: readable on its own, and a place to start reading. Continued: needs the channel before it.
enum class Start : std::uint8_t { Fresh, Continued };

/// Bounds of what a channel decodes to. Blocks and transactions count as a few bytes each.
struct Limits {
    std::size_t max_bytes = 100'000'000;
    std::size_t max_blocks = 1'000'000;
};
/// A channel of n bytes decodes to at most EXPANSION_BASE + n * EXPANSION bytes.
inline constexpr std::size_t EXPANSION_BASE = std::size_t{1} << 20;
inline constexpr std::size_t EXPANSION = 256;

enum class Error : std::uint8_t {
    UnknownVersion,  // not CHANNEL_VERSION, or flags that have no meaning
    Truncated,       // the channel ends too early
    Malformed,       // what no encoder writes
    TooLarge,        // above the limits; from the encoder: above EXPANSION
    TrailingBytes,   // raw bytes that nothing asked for
    NotContinuous,   // the channel before it is another, or was not read
};
[[nodiscard]] const char* to_string(Error error);

struct Memory;

/// Holds the window; not thread-safe. One for each chain, fed with its channels in order.
class Encoder {
public:
    explicit Encoder(std::uint64_t chain_id);
    ~Encoder();
    Encoder(Encoder&&) noexcept;
    Encoder& operator=(Encoder&&) noexcept;

    /// Precondition: transaction counts add up to the transactions, and there are as many senders in an unsigned batch, none in a signed one.
    /// After an error the next channel must be Fresh.
    [[nodiscard]] Result<Bytes, Error> encode(const Batch& batch, Form form = Form::Signed, Start start = Start::Fresh);

private:
    std::uint64_t chain_id_;
    std::unique_ptr<Memory> memory_;
    Hash32 last_channel_;
};

/// Reads what one Encoder wrote, from any Fresh channel on.
class Decoder {
public:
    explicit Decoder(std::uint64_t chain_id);
    ~Decoder();
    Decoder(Decoder&&) noexcept;
    Decoder& operator=(Decoder&&) noexcept;

    /// After an error the window is gone: the next channel that can be read is a Fresh one.
    [[nodiscard]] Result<Batch, Error> decode(ByteView channel, const Limits& limits = {});

private:
    std::uint64_t chain_id_;
    std::unique_ptr<Memory> memory_;  // none: no channel was read since the last error
    Hash32 last_channel_;
};

/// The form that an Unsigned batch takes; what is no transaction of a batch's types stays as it is.
[[nodiscard]] Bytes remove_signature(ByteView transaction, std::uint64_t chain_id);

/// What a channel's flags say; false for what is no channel.
[[nodiscard]] bool is_unsigned(ByteView channel);

/// One channel alone.
[[nodiscard]] Result<Bytes, Error> encode(const Batch& batch, std::uint64_t chain_id, Form form = Form::Signed);
[[nodiscard]] Result<Batch, Error> decode(ByteView channel, std::uint64_t chain_id, const Limits& limits = {});

}  // namespace entresol::columns
