// Where derivation (re)starts: the last L2 block that the current L1 chain still stands behind, and the L1 block from which all data of the
// next one can be read (derivation specification, "Finding the sync starting point").
#pragma once

#include <memory>

#include "core/derive/providers.hpp"

namespace entresol::derive {

struct SyncStart {
    L2BlockRef safe_head;
    L1BlockRef l1_base;
    SystemConfig base_config;  // as of l1_base
    /// Every batch included up to this L1 block had been used or dropped when safe_head was the head: none of them counts again. Without this, a span
    /// that was dropped at an invalid block would be taken up again behind the block that replaced it.
    std::uint64_t consumed_l1 = 0;
};

/// The search, which a Temporary answer only interrupts: run() goes on at the block where it stood. Of use as long as the L2 chain below `safe_number`
/// is the same; what L1 said before counts, since a reorg in between is seen by the pipeline, and a block that was passed over is derived again.
class SyncStartSearch {
public:
    SyncStartSearch(const RollupConfig& config, L1Provider& l1, L2Reader& l2, std::uint64_t safe_number,
                    std::uint64_t finalized_number);
    ~SyncStartSearch();
    SyncStartSearch(SyncStartSearch&&) noexcept;
    SyncStartSearch& operator=(SyncStartSearch&&) noexcept;

    [[nodiscard]] Result<SyncStart, Stall> run();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// From the block `safe_number` backwards. A block stays when its L1 origin and the L1 block that it was derived from are canonical; the search ends at the last
/// block of such an L1 block, so that the next one begins with fresh data. (Blocks above it are not wrong: they are derived again, and `matches` knows
/// them.) Where sources are unknown it goes back by a sequencing window, but not below finalized_number. Broken when a finalized block does not stay.
[[nodiscard]] Result<SyncStart, Stall> find_sync_start(const RollupConfig& config, L1Provider& l1, L2Reader& l2,
                                                       std::uint64_t safe_number, std::uint64_t finalized_number);

}  // namespace entresol::derive
