// Is a batch the next one? Rules of the derivation specification, "Batch Queue", and of the Delta specification, as Holocene left them.
#pragma once

#include "core/derive/providers.hpp"

namespace entresol::derive {

enum class Validity : std::uint8_t {
    Accept,
    Drop,       // invalid: the rest of its span and channel goes with it
    Past,       // of blocks that are derived already: skipped silently
    Undecided,  // the next L1 block is needed to tell
};

/// The rule that decided; None with Accept.
enum class BatchRule : std::uint8_t {
    None,
    FutureTimestamp,
    PastTimestamp,
    MisalignedTimestamp,  // a span that starts between two blocks, or before genesis
    ParentHash,           // or a span's parent_check
    IncludedTooLate,      // after the sequencing window of its epoch
    EpochTooOld,
    EpochTooNew,  // more than one after its parent's
    EpochHash,    // or a span's l1_origin_check
    BeforeOrigin,
    DriftWithTransactions,
    DriftPastNextOrigin,  // an empty block that could have taken the next origin
    NextOriginUnknown,
    EmptyTransaction,
    DepositTransaction,
    SetCodeBeforeIsthmus,
};
[[nodiscard]] const char* to_string(BatchRule rule);

struct Verdict {
    Validity validity = Validity::Accept;
    BatchRule rule = BatchRule::None;
    bool operator==(const Verdict&) const = default;
};

/// l1_blocks: consecutive, from the epoch that a block after `parent` may still use, up to the inclusion block. Precondition: not empty.
[[nodiscard]] Verdict check_singular_batch(const RollupConfig& config, std::span<const L1BlockRef> l1_blocks,
                                           const L2BlockRef& parent, const SingularBatch& batch,
                                           const L1BlockRef& inclusion_block);

/// What Holocene checks of a span before its blocks are taken one by one. Its blocks up to `safe_head` are not compared again: parent_check
/// commits to the chain before the span, and past blocks are skipped.
[[nodiscard]] Fetched<Verdict> check_span_prefix(const RollupConfig& config, std::span<const L1BlockRef> l1_blocks,
                                                 const L2BlockRef& safe_head, const SpanBatch& span,
                                                 const L1BlockRef& inclusion_block, L2Reader& l2);

}  // namespace entresol::derive
