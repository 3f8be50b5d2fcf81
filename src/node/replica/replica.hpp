// A node that trusts nobody: it knows an L1 endpoint and the chain's file, derives every block, and answers the same RPC. With a SequencerRole it also
// makes the blocks that it later derives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "node/genesis/chain_file.hpp"
#include "node/settlement/posting.hpp"
#include "node/store/durability.hpp"

namespace entresol::replica {

/// What makes the node the rollup's sequencer, with its batcher and proposer.
struct SequencerRole {
    Hash32 signing_key, batcher_key, proposer_key;
    settlement::PostingOptions posting;
    bool columns = false;                    // channels in our own codec, else the OP Stack's
    std::uint64_t batch_interval_ms = 2000;  // between two batches
    std::uint64_t proposal_interval_s = 6;
    std::uint64_t challenge_period_s = 302'400;  // as the deployment has it
    std::uint64_t confirmation_depth = 0;        // L1 blocks on top of an origin before it is taken
};

struct Options {
    std::string l1_url;
    std::optional<std::string> beacon_url;     // else blobs are asked of the L1 URL itself, as our devnet serves them
    std::optional<std::string> sequencer_url;  // where transactions sent here go
    std::uint64_t max_head_age_s = 900;        // of a healthy node
    std::string host = "127.0.0.1";
    std::uint16_t port = 9545;
    std::string allowed_origin;              // pages that may call: "*", one origin, or only those it serves itself
    std::vector<std::string> allowed_hosts;  // names it answers to beside loopback's
    std::optional<std::string> datadir;
    store::Durability durability = store::Durability::Async;
    std::uint64_t blob_retention_s = 0;  // of the blobs kept in the datadir; 0: for ever
    std::uint64_t poll_ms = 500;
    unsigned execution_threads = 0;          // for derived blocks; 0: as many as the machine has, 1: serial
    std::optional<SequencerRole> sequencer;  // nothing: a replica
};

class Replica {
public:
    Replica(Options options, genesis::ChainFile chain);
    ~Replica();
    Replica(const Replica&) = delete;
    Replica& operator=(const Replica&) = delete;

    /// Throws io::Failure in words for the user: another chain behind the URL, a taken port, another datadir.
    void start();
    void stop();
    [[nodiscard]] std::uint16_t port() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::replica
