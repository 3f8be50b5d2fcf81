// Both chains of a devnet as one file: what `--dump-state` and anvil_dumpState write, `--load-state` and anvil_loadState read.
#pragma once

#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "node/devnet/devnet.hpp"
#include "node/ledger/chain_archive.hpp"

namespace entresol::devnet {

struct StateArchive {
    using Records = std::vector<std::pair<Bytes, Bytes>>;
    struct Layer {
        ledger::ChainArchive chain;
        Records facts;   // small facts of services: batch positions, proposals
        Records outbox;  // L1 transactions of services that are not settled
    };
    /// The options that the genesis of both layers is made from; the others are the running devnet's own.
    Options options;
    std::uint64_t genesis_time = 0;  // seconds
    std::uint64_t now_ms = 0;        // the devnet's clock when it was made
    Layer l1, l2;
    std::vector<std::pair<Hash32, Bytes>> blobs;
};

/// Of one archive after decompression; a larger one is refused before it is unpacked further.
inline constexpr std::size_t MAX_ARCHIVE_BYTES = 1ULL << 30;

/// Compressed (brotli), with a digest at its end.
[[nodiscard]] Bytes encode(const StateArchive& archive);
/// The error is in words for the user. What the chains hold is checked by ledger::restore_archive.
[[nodiscard]] Result<StateArchive, std::string> decode_state_archive(ByteView file, const Options& running);

}  // namespace entresol::devnet
