#include "core/derive/check_batch.hpp"

namespace entresol::derive {
namespace {

constexpr Verdict ACCEPT{};
constexpr Verdict drop(BatchRule rule) { return {Validity::Drop, rule}; }

Verdict check_timestamp(const RollupConfig& config, const L2BlockRef& parent, std::uint64_t timestamp) {
    const std::uint64_t next_timestamp = parent.timestamp + config.block_time;
    if (timestamp < next_timestamp) return {Validity::Past, BatchRule::PastTimestamp};
    if (timestamp > next_timestamp && !config.allow_time_jumps) return drop(BatchRule::FutureTimestamp);
    return ACCEPT;
}

/// Fjord: transactions only within max_sequencer_drift of the origin; empty blocks beyond it only to keep L2 time ≥ L1 time.
Verdict check_drift(const RollupConfig& config, std::span<const L1BlockRef> l1_blocks, const SingularBatch& batch,
                    const L1BlockRef& origin) {
    if (batch.timestamp - origin.timestamp <= config.max_sequencer_drift) return ACCEPT;
    if (!batch.transactions.empty()) return drop(BatchRule::DriftWithTransactions);
    if (origin.number != l1_blocks[0].number) return ACCEPT;  // it advances the epoch
    if (l1_blocks.size() < 2) return {Validity::Undecided, BatchRule::NextOriginUnknown};
    return batch.timestamp >= l1_blocks[1].timestamp ? drop(BatchRule::DriftPastNextOrigin) : ACCEPT;
}

Verdict check_transactions(const RollupConfig& config, const L2BlockRef& parent, const SingularBatch& batch) {
    const bool isthmus = config.l2.rules_at(parent.number + 1, batch.timestamp).at_least(chain::OpFork::Isthmus);
    for (const Bytes& tx : batch.transactions) {
        if (tx.empty()) return drop(BatchRule::EmptyTransaction);
        if (tx[0] == static_cast<std::uint8_t>(chain::TxType::Deposit)) return drop(BatchRule::DepositTransaction);
        if (tx[0] == static_cast<std::uint8_t>(chain::TxType::SetCode) && !isthmus)
            return drop(BatchRule::SetCodeBeforeIsthmus);
    }
    return ACCEPT;
}

/// The block before a span that starts at or before the safe head; nothing where no block of the chain has the span's first time.
Fetched<std::optional<L2BlockRef>> find_span_parent(const RollupConfig& config, const L2BlockRef& safe_head,
                                                    std::uint64_t first_timestamp, L2Reader& l2) {
    if (first_timestamp > safe_head.timestamp) return std::optional<L2BlockRef>{};
    std::uint64_t timestamp = safe_head.timestamp;
    std::uint64_t number = safe_head.number;
    if (!config.allow_time_jumps) {  // every block is block_time after its parent
        const std::uint64_t distance = timestamp - first_timestamp;
        if (distance % config.block_time != 0 || distance / config.block_time > number - config.l2_genesis.number)
            return std::optional<L2BlockRef>{};
        number -= distance / config.block_time;
        timestamp = first_timestamp;
    }
    while (number > config.l2_genesis.number) {
        TRY(const chain::Block parent, l2.block_by_number(number - 1));
        if (timestamp == first_timestamp) {
            const auto ref = make_l2_block_ref(config, parent);
            if (!ref) return std::optional<L2BlockRef>{};
            return std::optional(*ref);
        }
        if (parent.header.timestamp < first_timestamp) break;
        timestamp = parent.header.timestamp;
        --number;
    }
    return std::optional<L2BlockRef>{};
}

}  // namespace

const char* to_string(BatchRule rule) {
    switch (rule) {
        case BatchRule::None: return "accepted";
        case BatchRule::FutureTimestamp: return "timestamp after the next block's";
        case BatchRule::PastTimestamp: return "block is derived already";
        case BatchRule::MisalignedTimestamp: return "span does not start at a block";
        case BatchRule::ParentHash: return "another parent";
        case BatchRule::IncludedTooLate: return "included after its sequencing window";
        case BatchRule::EpochTooOld: return "epoch before its parent's";
        case BatchRule::EpochTooNew: return "epoch more than one after its parent's";
        case BatchRule::EpochHash: return "epoch of another L1 chain";
        case BatchRule::BeforeOrigin: return "timestamp before its L1 origin's";
        case BatchRule::DriftWithTransactions: return "transactions beyond the sequencer drift";
        case BatchRule::DriftPastNextOrigin: return "beyond the sequencer drift without taking the next L1 origin";
        case BatchRule::NextOriginUnknown: return "next L1 origin is not known yet";
        case BatchRule::EmptyTransaction: return "empty transaction";
        case BatchRule::DepositTransaction: return "deposit inside a batch";
        case BatchRule::SetCodeBeforeIsthmus: return "type 4 transaction before Isthmus";
    }
    return "?";
}

Verdict check_singular_batch(const RollupConfig& config, std::span<const L1BlockRef> l1_blocks,
                             const L2BlockRef& parent, const SingularBatch& batch, const L1BlockRef& inclusion_block) {
    CHECK(!l1_blocks.empty());
    if (const Verdict verdict = check_timestamp(config, parent, batch.timestamp); verdict != ACCEPT) return verdict;
    if (batch.parent_hash != parent.hash) return drop(BatchRule::ParentHash);
    // Compared by difference: the sum of a hostile epoch and the window would overflow.
    if (inclusion_block.number > batch.epoch_number &&
        inclusion_block.number - batch.epoch_number > config.seq_window_size)
        return drop(BatchRule::IncludedTooLate);
    const std::uint64_t epoch = l1_blocks[0].number;
    if (batch.epoch_number < epoch) return drop(BatchRule::EpochTooOld);
    if (batch.epoch_number > epoch + 1) return drop(BatchRule::EpochTooNew);
    if (batch.epoch_number > epoch && l1_blocks.size() < 2) return {Validity::Undecided, BatchRule::NextOriginUnknown};
    const L1BlockRef& origin = l1_blocks[batch.epoch_number - epoch];
    if (batch.epoch_hash != origin.hash) return drop(BatchRule::EpochHash);
    if (batch.timestamp < origin.timestamp) return drop(BatchRule::BeforeOrigin);
    if (const Verdict verdict = check_drift(config, l1_blocks, batch, origin); verdict != ACCEPT) return verdict;
    return check_transactions(config, parent, batch);
}

Fetched<Verdict> check_span_prefix(const RollupConfig& config, std::span<const L1BlockRef> l1_blocks,
                                   const L2BlockRef& safe_head, const SpanBatch& span,
                                   const L1BlockRef& inclusion_block, L2Reader& l2) {
    CHECK(!l1_blocks.empty() && !span.blocks.empty());
    const std::uint64_t next_timestamp = safe_head.timestamp + config.block_time;
    if (span.first_timestamp > next_timestamp) return drop(BatchRule::FutureTimestamp);
    const std::uint64_t last_timestamp = span.first_timestamp + (span.blocks.size() - 1) * config.block_time;
    if (last_timestamp < next_timestamp) return Verdict{Validity::Past, BatchRule::PastTimestamp};

    L2BlockRef parent = safe_head;
    if (span.first_timestamp < next_timestamp) {
        TRY(const std::optional<L2BlockRef> found, find_span_parent(config, safe_head, span.first_timestamp, l2));
        if (!found) return drop(BatchRule::MisalignedTimestamp);
        parent = *found;
    }
    if (span.parent_check != prefix_of(parent.hash)) return drop(BatchRule::ParentHash);

    const std::uint64_t start_epoch = span.blocks.front().epoch_number, end_epoch = span.blocks.back().epoch_number;
    if (inclusion_block.number > start_epoch && inclusion_block.number - start_epoch > config.seq_window_size)
        return drop(BatchRule::IncludedTooLate);
    if (start_epoch > parent.l1_origin.number + 1) return drop(BatchRule::EpochTooNew);
    // The canonical L1 chain as of the inclusion block: a later origin cannot be part of it.
    const bool known = end_epoch >= l1_blocks.front().number && end_epoch <= l1_blocks.back().number;
    if (!known || span.l1_origin_check != prefix_of(l1_blocks[end_epoch - l1_blocks.front().number].hash))
        return drop(BatchRule::EpochHash);
    if (start_epoch < parent.l1_origin.number) return drop(BatchRule::EpochTooOld);
    return ACCEPT;
}

}  // namespace entresol::derive
