// Stage 2: the batcher's data in the current L1 block, from calldata and blobs, in the order of its transactions.
#pragma once

#include <deque>

#include "core/derive/l1_traversal.hpp"

namespace entresol::derive {

class L1Retrieval {
public:
    L1Retrieval(const RollupConfig& config, L1Traversal& traversal, L1Provider& l1, BlobProvider& blobs)
        : config_(config), traversal_(traversal), l1_(l1), blobs_(blobs) {}

    void reset();
    /// The next batcher transaction's calldata, or the content of its next blob.
    [[nodiscard]] Result<Bytes, Stall> next_data();

private:
    [[nodiscard]] Result<void, Stall> load();

    const RollupConfig& config_;
    L1Traversal& traversal_;
    L1Provider& l1_;
    BlobProvider& blobs_;
    std::optional<L1BlockRef> block_;  // to be loaded
    std::deque<Bytes> data_;
};

}  // namespace entresol::derive
