// Writes a snapshot of a stored block's state, with the blocks before it from which derivation goes on.
#pragma once

#include <functional>
#include <optional>

#include "node/snapshot/check.hpp"
#include "node/snapshot/folder.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::snapshot {

struct ExportRequest {
    std::optional<std::uint64_t> block;  // canonical; the finalized head where absent
    /// Blocks are added back to one whose L1 origin is so much older; at least the chain's channel timeout.
    std::uint64_t l1_blocks = 300;
    std::uint64_t l2_blocks = 256;  // and at least so many: BLOCKHASH
};
/// After each chunk.
using Progress = std::function<void(const Totals&)>;

/// Throws std::runtime_error in words for the user: no such block, its state is not there, the folder cannot be written.
struct Exported {
    Manifest manifest;
    Totals totals;
};
[[nodiscard]] Exported export_snapshot(store::BlockStore& store, const ExportRequest& request, const Folder& folder,
                                       const Progress& progress);

}  // namespace entresol::snapshot
