#include "core/derive/sync_start.hpp"

#include <algorithm>

namespace entresol::derive {
namespace {

Result<bool, Stall> is_canonical(L1Provider& l1, const BlockId& id) {
    const auto header = l1.header_by_number(id.number);
    if (!header) {
        if (header.error() == FetchError::Temporary) return fail(Stall::Temporary);
        return false;  // L1 is shorter now
    }
    return chain::header_hash(*header) == id.hash;
}

Result<std::pair<chain::Block, L2BlockRef>, Stall> load_block(const RollupConfig& config, L2Reader& l2,
                                                              std::uint64_t number) {
    auto block = l2.block_by_number(number);
    if (!block) return fail(block.error() == FetchError::Temporary ? Stall::Temporary : Stall::Broken);
    const auto ref = make_l2_block_ref(config, *block);
    if (!ref) return fail(Stall::Broken);
    return std::pair(*std::move(block), *ref);
}

struct SafeHead {
    L2BlockRef ref;
    std::uint64_t consumed_l1 = 0;
};

/// Consecutive L2 blocks mostly share what they stand on: it is asked for once.
class CanonicalCheck {
public:
    explicit CanonicalCheck(L1Provider& l1) : l1_(l1) {}

    Result<bool, Stall> operator()(const BlockId& id) {
        if (last_ != id) {
            TRY(last_stands_, is_canonical(l1_, id));
            last_ = id;
        }
        return last_stands_;
    }

private:
    L1Provider& l1_;
    std::optional<BlockId> last_;
    bool last_stands_ = false;
};

/// Walks back from a block to one where derivation can go on as if it had never stopped.
class SafeHeadSearch {
public:
    SafeHeadSearch(const RollupConfig& config, L1Provider& l1, L2Reader& l2, std::uint64_t first,
                   std::uint64_t finalized)
        : config_(config), l2_(l2), number_(first), finalized_(finalized), origin_stands_(l1), source_stands_(l1) {}

    /// Goes on at the block whose L1 block could not be asked for.
    Result<SafeHead, Stall> run() {
        while (true) {
            TRY(const auto loaded, load_block(config_, l2_, number_));
            const L2BlockRef& ref = loaded.second;
            TRY(const bool stands, origin_stands_(ref.l1_origin));
            if (!stands && (number_ <= finalized_ || number_ == config_.l2_genesis.number)) return fail(Stall::Broken);
            if (number_ == config_.l2_genesis.number) return SafeHead{ref, ref.l1_origin.number};
            if (stands) {
                TRY(const auto found, examine(ref));
                if (found) return *found;
            }
            --number_;
        }
    }

private:
    Result<std::optional<SafeHead>, Stall> examine(const L2BlockRef& ref) {
        if (const auto source = l2_.derived_from(ref.number)) {
            TRY(const bool source_stands, source_stands_(*source));
            const bool is_last_of_source = source_above_ > source->number;
            source_above_ = source->number;
            if (source_stands && is_last_of_source) return std::optional(SafeHead{ref, source->number});
            if (!source_stands && ref.number <= finalized_) return fail(Stall::Broken);
            return std::optional<SafeHead>();
        }
        if (window_passed_ || ref.number <= finalized_) return std::optional(SafeHead{ref, 0});
        highest_origin_ = std::max(highest_origin_, ref.l1_origin.number);
        window_passed_ = ref.sequence_number == 0 && ref.l1_origin.number + config_.seq_window_size < highest_origin_;
        return std::optional<SafeHead>();
    }

    const RollupConfig& config_;
    L2Reader& l2_;
    std::uint64_t number_;  // of the block that is examined
    std::uint64_t finalized_;
    CanonicalCheck origin_stands_;
    CanonicalCheck source_stands_;
    std::uint64_t source_above_ = 0;    // of the block after the one that is examined; 0: not known
    std::uint64_t highest_origin_ = 0;  // of the newest block with a canonical origin
    bool window_passed_ = false;        // the block after begins an epoch a window older than that
};

}  // namespace

struct SyncStartSearch::Impl {
    const RollupConfig& config;
    L1Provider& l1;
    L2Reader& l2;
    SafeHeadSearch search;
    std::optional<SafeHead> found;
};

SyncStartSearch::SyncStartSearch(const RollupConfig& config, L1Provider& l1, L2Reader& l2, std::uint64_t safe_number,
                                 std::uint64_t finalized_number) {
    const std::uint64_t finalized = std::max(finalized_number, config.l2_genesis.number);
    impl_ = std::make_unique<Impl>(
        Impl{config, l1, l2, {config, l1, l2, std::max(safe_number, finalized), finalized}, std::nullopt});
}
SyncStartSearch::~SyncStartSearch() = default;
SyncStartSearch::SyncStartSearch(SyncStartSearch&&) noexcept = default;
SyncStartSearch& SyncStartSearch::operator=(SyncStartSearch&&) noexcept = default;

Result<SyncStart, Stall> find_sync_start(const RollupConfig& config, L1Provider& l1, L2Reader& l2,
                                         std::uint64_t safe_number, std::uint64_t finalized_number) {
    return SyncStartSearch(config, l1, l2, safe_number, finalized_number).run();
}

Result<SyncStart, Stall> SyncStartSearch::run() {
    const RollupConfig& config = impl_->config;
    L1Provider& l1 = impl_->l1;
    L2Reader& l2 = impl_->l2;
    if (!impl_->found) {
        TRY(impl_->found, impl_->search.run());
    }
    const SafeHead& found = *impl_->found;
    const L2BlockRef& safe_head = found.ref;
    // A channel that holds the next block's batch opened at most channel_timeout before it closed, and that is after the safe head's origin.
    TRY(auto base, load_block(config, l2, safe_head.number));
    while (base.second.number > config.l2_genesis.number && base.second.l1_origin.number > config.l1_genesis.number &&
           base.second.l1_origin.number + config.channel_timeout > safe_head.l1_origin.number) {
        TRY(auto parent, load_block(config, l2, base.second.number - 1));
        base = std::move(parent);
    }
    const auto header = l1.header_by_hash(base.second.l1_origin.hash);
    if (!header) return fail(to_stall(header.error()));
    const auto system = read_system_config(config, base.first);
    if (!system) return fail(Stall::Broken);
    return SyncStart{safe_head, make_l1_block_ref(*header), *system, found.consumed_l1};
}

}  // namespace entresol::derive
