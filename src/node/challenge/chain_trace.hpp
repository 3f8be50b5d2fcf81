// The right history of a claim about one rollup: what the program reads is recorded from L1 and a replica, then the machine runs.
#pragma once

#include <optional>
#include <string>

#include "core/derive/rollup_config.hpp"
#include "node/challenge/challenger.hpp"
#include "node/challenge/machine_trace.hpp"
#include "node/program/recorder.hpp"

namespace entresol::challenge {

/// Where a recording comes from. `l1` needs a beacon endpoint where batches are in blobs.
struct ChainSources {
    derive::RollupConfig config;
    std::shared_ptr<l1::L1Client> l1;
    program::Replica l2;
    std::size_t memory_mib = 1024;  // that one run may use
};

/// Traces of that chain's games: what Challenger is given. Throws std::runtime_error where this binary has no program for the chain.
[[nodiscard]] Challenger::MakeTrace make_chain_traces(ChainSources sources);

}  // namespace entresol::challenge
