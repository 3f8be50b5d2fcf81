// What an L2 node does against its L1, on one thread of its own: derivation, batches, proposals, finality.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "node/io/steady_clock.hpp"
#include "node/settlement/batcher.hpp"
#include "node/settlement/proposer.hpp"
#include "node/sync/deriver.hpp"
#include "node/sync/l1_follower.hpp"

namespace entresol::settlement {

struct SyncStatus {
    derive::L1BlockRef current_l1;  // being read by derivation
    std::uint64_t head_l1 = 0, safe_l1 = 0, finalized_l1 = 0;
    std::uint64_t unsafe_l2 = 0, safe_l2 = 0, finalized_l2 = 0;
    std::uint64_t resets = 0;
    std::string problem;  // in words; empty while all is well
};

class RollupNode {
public:
    struct Options {
        derive::RollupConfig config;
        std::optional<Hash32> batcher_key;   // none: posts nothing
        std::optional<Hash32> proposer_key;  // none: proposes nothing
        BatcherOptions batcher;
        ProposerOptions proposer;
        std::uint64_t poll_ms = 250;
        std::function<const crypto::Kzg&()> kzg;
        /// What the sequencer's templates read, where L1 is remote; kept up to date here. Null: they read something that never waits.
        sync::L1Follower* follower = nullptr;
        std::function<std::uint64_t()> now_ms;                     // the world's time
        std::function<std::uint64_t()> steady_ms = io::steady_ms;  // goes forward whatever happens to the world's
        /// Why L1 did not answer derivation the last time, in words; empty where it did. Null: nobody knows.
        std::function<std::string()> l1_problem = nullptr;
    };
    /// `sequencer` is null in a replica. All outlive it.
    RollupNode(Options options, std::shared_ptr<l1::L1Client> client, derive::L1Provider& l1,
               derive::BlobProvider& blobs, ledger::Ledger& ledger, io::Loop& loop, sequencer::Sequencer* sequencer);
    ~RollupNode();
    RollupNode(const RollupNode&) = delete;
    RollupNode& operator=(const RollupNode&) = delete;

    void start();
    void stop();
    /// One round on the caller's thread, instead of start(): for a simulation. Milliseconds until the next; 0: at once.
    std::uint64_t run_round();
    /// Something happened on L1: look now.
    void poke();
    /// While it is held nothing is derived, posted or proposed: for development methods that move both layers. Not on the L2's loop, which a round waits for.
    [[nodiscard]] std::unique_lock<std::mutex> hold();

    // --- thread-safe
    [[nodiscard]] SyncStatus status() const;
    [[nodiscard]] std::optional<derive::BlockId> derived_from(std::uint64_t l2_number) const;
    [[nodiscard]] std::optional<BatchPosition> batch_position(std::uint64_t l2_number) const;
    [[nodiscard]] std::vector<BatchPosition> recent_batches(std::size_t most) const;
    [[nodiscard]] Batcher::Posted posted() const;
    [[nodiscard]] std::vector<Proposal> proposals() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::settlement
