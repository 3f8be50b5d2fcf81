// Where derivation (re)starts: the last L2 block that the current L1 chain still stands behind, and the L1 block from which all data of the
// next one can be read (derivation specification, "Finding the sync starting point").
#pragma once

#include "core/derive/providers.hpp"

namespace entresol::derive {

struct SyncStart {
    L2BlockRef safe_head;
    L1BlockRef l1_base;
    SystemConfig base_config;  // as of l1_base
};

/// From the block `safe_number` backwards, not below `finalized_number`. A block stays when its L1 origin and the L1 block that it was derived from are canonical;
/// where the latter is unknown, the search goes back by a sequencing window. Broken when not even the finalized block stays.
[[nodiscard]] Result<SyncStart, Stall> find_sync_start(const RollupConfig& config, L1Provider& l1, L2Reader& l2,
                                                       std::uint64_t safe_number, std::uint64_t finalized_number);

}  // namespace entresol::derive
