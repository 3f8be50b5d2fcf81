// When the batcher posts what waits, and as what: by what L1 asks now, what it has asked lately, and how long the oldest block has waited.
// Pure: no clock, no L1. docs/adr/0017-posting.md has the reasons.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace entresol::settlement {

enum class DataKind : std::uint8_t { Calldata, Blobs };

enum class DataChoice : std::uint8_t {
    Calldata,
    Blobs,
    Cheapest  // of the two, for each channel
};

struct PostingOptions {
    DataChoice data = DataChoice::Calldata;
    /// The oldest block that waits is posted by then, whatever it costs. 0: everything is posted at once.
    std::uint64_t deadline_ms = 0;
};

/// What L1 asks, wei.
struct L1Prices {
    double gas = 0;  // base fee and tip
    double blob_gas = 0;
    bool has_blobs = true;  // an L1 before Cancun has none
};

/// Wei for posting so many compressed bytes, with what a transaction costs by itself. Errs upwards: as if no byte were zero.
[[nodiscard]] double posting_cost(DataKind kind, std::size_t compressed_bytes, const L1Prices& prices);

/// The most compressed bytes that go into one transaction of the kind.
[[nodiscard]] std::size_t transaction_capacity(DataKind kind);

/// Of one frame, with its overhead and the version byte: a blob's worth, or a transaction's.
[[nodiscard]] std::size_t max_frame_bytes(DataKind kind);

struct Backlog {
    std::uint64_t waiting_ms = 0;       // the oldest block
    std::size_t full_transactions = 0;  // that could be posted now
};

class PostingPolicy {
public:
    explicit PostingPolicy(const PostingOptions& options) : options_(options) {}

    /// What L1 asks now. Times ascend.
    void observe(const L1Prices& prices, std::uint64_t now_ms);
    /// Does the decision depend on what L1 asks?
    [[nodiscard]] bool needs_prices() const {
        return options_.deadline_ms != 0 || options_.data == DataChoice::Cheapest;
    }

    [[nodiscard]] bool is_due(const Backlog& backlog) const;
    /// Precondition where needs_prices(): observed.
    [[nodiscard]] DataKind choose(std::size_t compressed_bytes) const;
    /// What may still be chosen: how full a channel can become.
    [[nodiscard]] DataKind widest() const;
    /// A stuck blob transaction: is it cheaper to replace it by an empty one, and to post its data as calldata?
    [[nodiscard]] bool is_better_as_calldata(std::size_t compressed_bytes) const;

private:
    /// Wei a byte for a whole transaction, at the cheapest that is allowed.
    [[nodiscard]] double unit_price(const L1Prices& prices) const;

    PostingOptions options_;
    std::optional<L1Prices> now_;
    L1Prices usual_;  // a moving mean
    std::uint64_t observed_at_ms_ = 0;
};

}  // namespace entresol::settlement
