// Follows L1: derives L2 blocks from what was posted, marks as safe those that the ledger already has, builds the others, and rewinds both after an L1
// reorg. Lives on one thread; ledger changes are done on the L2's loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/derive/derive_block.hpp"
#include "node/ledger/ledger.hpp"
#include "node/sequencer/sequencer.hpp"

namespace entresol::sync {

class Deriver {
public:
    /// Everything outlives it. `sequencer` is null in a replica.
    Deriver(derive::RollupConfig config, derive::L1Provider& l1, derive::BlobProvider& blobs, ledger::Ledger& ledger,
            io::Loop& loop, sequencer::Sequencer* sequencer);
    ~Deriver();

    /// As far as L1 goes now, at most `max_blocks` L2 blocks. True when it should be called again at once.
    bool step(std::size_t max_blocks);
    /// The L2 blocks derived from L1 blocks up to this one can no longer change.
    void advance_finalized(std::uint64_t l1_finalized_number);

    /// The L1 block being read.
    [[nodiscard]] derive::L1BlockRef l1_origin() const;
    [[nodiscard]] std::optional<derive::BlockId> derived_from(std::uint64_t l2_number) const;
    /// What stops it, in words; empty while it works. A broken rollup stays broken.
    [[nodiscard]] std::string problem() const;
    [[nodiscard]] std::uint64_t resets() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::sync
