// Stage 7: a valid batch to payload attributes.
#pragma once

#include "core/derive/attributes.hpp"
#include "core/derive/batch_stage.hpp"

namespace entresol::derive {

class AttributesQueue {
public:
    AttributesQueue(const RollupConfig& config, const L1Traversal& traversal, BatchStage& batches, L1Provider& l1,
                    L2Reader& l2)
        : config_(config), traversal_(traversal), batches_(batches), l1_(l1), l2_(l2) {}

    void reset() { batch_.reset(); }
    [[nodiscard]] Result<PayloadAttributes, Stall> next_attributes(const L2BlockRef& parent);

private:
    const RollupConfig& config_;
    const L1Traversal& traversal_;
    BatchStage& batches_;
    L1Provider& l1_;
    L2Reader& l2_;
    std::optional<CheckedBatch> batch_;  // kept while a provider cannot answer
};

}  // namespace entresol::derive
