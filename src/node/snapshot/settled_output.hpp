// Is this output root settled on L1? The anchor state registry says so for its anchor, and for every game that it holds valid.
#pragma once

#include "node/genesis/chain_file.hpp"
#include "node/l1/client.hpp"

namespace entresol::snapshot {

enum class Settlement : std::uint8_t {
    Settled,
    NotYet,        // proposed; its game has not ended, or not long enough ago
    Contradicted,  // L1 has settled another root for this block
    Unknown,       // nobody proposed it, or too long ago
};

/// The endpoint is believed: an L1 that lies names any root.
[[nodiscard]] l1::L1Result<Settlement> find_settlement(l1::L1Client& client, const genesis::ChainFile& chain,
                                                       std::uint64_t block_number, const Hash32& output_root);

struct SettledOutput {
    std::uint64_t block_number = 0;
    Hash32 output_root;
};
/// The newest that the registry holds valid and `is_ours` accepts; the anchor at last. Nothing: none.
[[nodiscard]] l1::L1Result<std::optional<SettledOutput>> find_newest_settled(
    l1::L1Client& client, const genesis::ChainFile& chain, const std::function<bool(const SettledOutput&)>& is_ours);

}  // namespace entresol::snapshot
