// Batch positions in the L2's store, so that a node that was started again still knows where its blocks are on L1. Records are linked from the newest
// back; a process that is killed between two writes loses at most the newest.
#pragma once

#include <optional>
#include <vector>

#include "node/settlement/batch_position.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::settlement {

class PositionLog {
public:
    explicit PositionLog(store::BlockStore& store) : store_(store) {}
    /// Positions of later or the same blocks that were appended before are forgotten: they were of another branch.
    void append(const BatchPosition& position);
    /// Newest first.
    [[nodiscard]] std::vector<BatchPosition> load(std::size_t most) const;

private:
    struct Record {
        std::uint64_t before = 0;  // the last L2 block of the position before it; 0: the first
        BatchPosition position;
    };
    [[nodiscard]] std::uint64_t newest() const;
    [[nodiscard]] std::optional<Record> find(std::uint64_t last_l2_block) const;

    store::BlockStore& store_;
};

[[nodiscard]] Bytes encode(const BatchPosition& position);
[[nodiscard]] std::optional<BatchPosition> decode_batch_position(ByteView record);

}  // namespace entresol::settlement
