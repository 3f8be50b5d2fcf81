// Proposes output roots as dispute games, and resolves games whose time has come. Lives on one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "node/ledger/ledger.hpp"
#include "node/settlement/tx_manager.hpp"

namespace entresol::settlement {

/// Output root v0 (OP Stack withdrawals specification): keccak256(version ‖ state root ‖ message passer's storage root ‖ block hash).
/// Since Isthmus the header's withdrawalsRoot is that storage root.
[[nodiscard]] Hash32 compute_output_root(const ledger::StoredBlock& block);

/// A game of the factory, as L1 tells of it.
struct Proposal {
    std::uint64_t index = 0;  // in the factory
    std::uint64_t l2_block_number = 0;
    Hash32 output_root;
    Address game;
    std::uint64_t created_at = 0;  // seconds, L1 time
    bool resolved = false;
    // Known where this node made the game, else zero.
    Hash32 l1_tx_hash;
    std::uint64_t l1_block_number = 0;
};

struct ProposerOptions {
    Address factory;
    std::uint32_t game_type = 0xE001;  // ClaimGame
    std::uint64_t interval_ms = 6'000;
    std::uint64_t refresh_ms = 1'000;  // how often the factory is asked for its games
    std::uint64_t challenge_period_s = 302'400;
    bool finalized_only = false;  // else outputs of safe blocks are proposed
    U256 bond_wei;
};

/// What it knows of games it reads from L1, so that a restart or a reorg leaves nothing to repair.
class Proposer {
public:
    Proposer(ProposerOptions options, std::shared_ptr<l1::L1Client> client, TxManager transactions,
             const ledger::Ledger& ledger, std::function<std::uint64_t()> now_ms);

    /// One round; never waits for inclusion. Proposes the newest safe block: its data is on L1.
    [[nodiscard]] l1::L1Result<void> step();
    [[nodiscard]] std::vector<Proposal> proposals() const;  // thread-safe, newest first

private:
    struct InFlight {
        TxManager::Ticket ticket;
        std::uint64_t sent_at_ms = 0;
        bool proposes = false;
    };
    struct Origin {
        Hash32 tx_hash;
        std::uint64_t block_number = 0;
    };
    void remember_own(const Address& game, const Origin& origin);
    [[nodiscard]] std::optional<Origin> find_own(const Address& game) const;
    [[nodiscard]] l1::L1Result<void> settle();
    [[nodiscard]] l1::L1Result<void> refresh();
    [[nodiscard]] l1::L1Result<bool> is_unchanged(std::uint64_t count);
    [[nodiscard]] l1::L1Result<std::optional<Proposal>> load_game(std::uint64_t index);
    [[nodiscard]] std::uint64_t last_proposed_block() const;
    [[nodiscard]] l1::L1Result<void> propose(const ledger::StoredBlock& block);
    [[nodiscard]] l1::L1Result<void> resolve_next();
    [[nodiscard]] l1::L1Result<void> advance_anchor();
    /// False when L1 would refuse it now.
    [[nodiscard]] l1::L1Result<bool> send(const Address& to, Bytes data, const ledger::StoredBlock* proposed);
    [[nodiscard]] l1::L1Result<void> take_up_unsettled();

    ProposerOptions options_;
    std::shared_ptr<l1::L1Client> client_;
    TxManager transactions_;
    const ledger::Ledger& ledger_;
    std::function<std::uint64_t()> now_ms_;
    std::optional<InFlight> in_flight_;
    std::uint64_t last_proposed_ms_ = 0;
    std::uint64_t last_refresh_ms_ = 0;
    std::uint64_t last_anchor_ms_ = 0;
    std::uint64_t games_read_ = 0;  // of the factory's, from its first

    static constexpr std::size_t MAX_PROPOSALS = 10'000;
    mutable std::mutex mutex_;
    std::vector<Proposal> proposals_;  // oldest first
};

}  // namespace entresol::settlement
