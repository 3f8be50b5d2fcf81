// A snapshot into an empty data directory. It grows beside the place of the chain, under another name, and takes that place by one rename when all of it
// was found right: a process killed at any moment leaves either no chain or the whole one, and the next call goes on at the first chunk that is missing.
#pragma once

#include "node/genesis/chain_file.hpp"
#include "node/snapshot/export_snapshot.hpp"

namespace entresol::snapshot {

struct Imported {
    Totals totals;
    std::uint64_t taken_before = 0;  // chunks that an interrupted call had written
};
/// The caller has checked the manifest's output root against L1. Throws std::runtime_error in words that name the chunk; io::Failure (datadir)
/// where the directory holds a chain, or the beginning of another snapshot's.
[[nodiscard]] Imported import_snapshot(const Folder& folder, const Manifest& manifest, const genesis::ChainFile& chain,
                                       const std::string& datadir, const Progress& progress);

/// Is the manifest of this chain? Throws std::runtime_error in words.
void check_chain(const Manifest& manifest, const genesis::ChainFile& chain);

/// All chunks checked, nothing written.
[[nodiscard]] Totals verify_snapshot(const Folder& folder, const Manifest& manifest, const Progress& progress);

}  // namespace entresol::snapshot
