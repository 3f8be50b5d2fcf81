#include "node/settlement/posting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/check.hpp"
#include "core/derive/blob_codec.hpp"
#include "core/derive/frame.hpp"

namespace entresol::settlement {
namespace {

constexpr double TRANSACTION_GAS = 21'000;
constexpr double FLOOR_GAS_PER_BYTE = 40;            // EIP-7623, a byte that is not zero
constexpr double GAS_PER_BLOB = 131'072;             // EIP-4844
constexpr std::size_t MAX_BLOBS_PER_TX = 6;          // EIP-7594
constexpr std::size_t MAX_CALLDATA_BYTES = 100'000;  // of one transaction: pools refuse 128 KiB

// What is usual is a mean over a few hours: fees swing within minutes and within a day.
constexpr double MEMORY_MS = 4.0 * 3'600'000;
// So many full transactions that wait are posted at any price: what L1 takes in a block is bounded.
constexpr std::size_t MOST_WAITING = 4;

double whole_parts(std::size_t bytes, std::size_t part) {
    return std::ceil(static_cast<double>(bytes) / static_cast<double>(part));
}

}  // namespace

std::size_t max_frame_bytes(DataKind kind) {
    return kind == DataKind::Blobs ? derive::MAX_BLOB_DATA_BYTES : MAX_CALLDATA_BYTES;
}

std::size_t transaction_capacity(DataKind kind) {
    const std::size_t frame = max_frame_bytes(kind) - 1 - derive::FRAME_OVERHEAD_BYTES;
    return kind == DataKind::Blobs ? MAX_BLOBS_PER_TX * frame : frame;
}

double posting_cost(DataKind kind, std::size_t compressed_bytes, const L1Prices& prices) {
    const double transactions = whole_parts(compressed_bytes, transaction_capacity(kind));
    const double gas = transactions * TRANSACTION_GAS * prices.gas;
    if (kind == DataKind::Calldata)
        return gas + static_cast<double>(compressed_bytes) * FLOOR_GAS_PER_BYTE * prices.gas;
    const double blobs = whole_parts(compressed_bytes, transaction_capacity(kind) / MAX_BLOBS_PER_TX);
    return gas + blobs * GAS_PER_BLOB * prices.blob_gas;
}

void PostingPolicy::observe(const L1Prices& prices, std::uint64_t now_ms) {
    if (!now_) {
        usual_ = prices;
    } else {
        // The price that was seen last held until now.
        const auto elapsed = static_cast<double>(now_ms - std::min(now_ms, observed_at_ms_));
        const double keep = std::exp(-elapsed / MEMORY_MS);
        usual_.gas = usual_.gas * keep + now_->gas * (1 - keep);
        usual_.blob_gas = usual_.blob_gas * keep + now_->blob_gas * (1 - keep);
        usual_.has_blobs = prices.has_blobs;
    }
    now_ = prices;
    observed_at_ms_ = now_ms;
}

double PostingPolicy::unit_price(const L1Prices& prices) const {
    double least = std::numeric_limits<double>::infinity();
    for (const DataKind kind : {DataKind::Calldata, DataKind::Blobs}) {
        const bool allowed =
            options_.data == DataChoice::Cheapest ? kind == DataKind::Calldata || prices.has_blobs : kind == widest();
        const std::size_t bytes = transaction_capacity(kind);
        if (allowed) least = std::min(least, posting_cost(kind, bytes, prices) / static_cast<double>(bytes));
    }
    return least;
}

// Data of less than a full transaction waits for more: that is cheaper at any price. A full one waits only while L1 asks more than it
// usually does, and the longer it has waited the more it may cost: up to twice, then the deadline decides.
bool PostingPolicy::is_due(const Backlog& backlog) const {
    if (options_.deadline_ms == 0 || backlog.waiting_ms >= options_.deadline_ms) return true;
    if (backlog.full_transactions >= MOST_WAITING) return true;
    if (backlog.full_transactions == 0 || !now_) return false;
    const double waited = static_cast<double>(backlog.waiting_ms) / static_cast<double>(options_.deadline_ms);
    return unit_price(*now_) <= unit_price(usual_) * (1 + waited);
}

DataKind PostingPolicy::widest() const {
    return options_.data == DataChoice::Calldata ? DataKind::Calldata : DataKind::Blobs;
}

DataKind PostingPolicy::choose(std::size_t compressed_bytes) const {
    if (options_.data != DataChoice::Cheapest) return widest();
    CHECK(now_.has_value());
    if (!now_->has_blobs) return DataKind::Calldata;
    return posting_cost(DataKind::Calldata, compressed_bytes, *now_) <
                   posting_cost(DataKind::Blobs, compressed_bytes, *now_)
               ? DataKind::Calldata
               : DataKind::Blobs;
}

// Pools want twice the fees for either replacement, and the place of a blob transaction is given to none without a blob.
bool PostingPolicy::is_better_as_calldata(std::size_t compressed_bytes) const {
    if (options_.data != DataChoice::Cheapest || !now_) return false;
    constexpr double BUMP = 2;
    L1Prices bumped = *now_;
    bumped.gas *= BUMP;
    bumped.blob_gas *= BUMP;
    return posting_cost(DataKind::Blobs, 1, bumped) + posting_cost(DataKind::Calldata, compressed_bytes, *now_) <
           posting_cost(DataKind::Blobs, compressed_bytes, bumped);
}

}  // namespace entresol::settlement
