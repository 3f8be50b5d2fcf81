// Proposes output roots as dispute games, and resolves games whose time has come. Lives on one thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "node/ledger/ledger.hpp"
#include "node/settlement/claim_terms.hpp"
#include "node/settlement/clocks.hpp"
#include "node/settlement/tx_manager.hpp"

namespace entresol::settlement {

/// Output root v0 (OP Stack withdrawals specification): keccak256(version ‖ state root ‖ message passer's storage root ‖ block hash).
/// Since Isthmus the header's withdrawalsRoot is that storage root.
[[nodiscard]] Hash32 compute_output_root(const ledger::StoredBlock& block);

struct ProposerOptions {
    Address factory;
    Address portal;  // says which games count, and so which are made
    std::uint64_t interval_ms = 6'000;
    std::uint64_t refresh_ms = 1'000;  // how often the factory is asked for its games
    std::uint64_t challenge_period_s = 302'400;
    bool finalized_only = false;  // else outputs of safe blocks are proposed
};

/// What it knows of games it reads from L1, so that a restart or a reorg leaves nothing to repair.
class Proposer {
public:
    Proposer(const ProposerOptions& options, std::shared_ptr<l1::L1Client> client, TxManager transactions,
             const ledger::Ledger& ledger, Clocks clocks);

    /// One round; never waits for inclusion. Proposes the newest safe block: its data is on L1.
    [[nodiscard]] l1::L1Result<void> step();
    [[nodiscard]] std::vector<Proposal> proposals() const;  // thread-safe, newest first

private:
    struct InFlight {
        TxManager::Ticket ticket;
        std::uint64_t sent_at_ms = 0;
        bool proposes = false;
        std::uint64_t l2_block = 0;  // that it claims
        Hash32 output_root;
        bool is_cancelled = false;
    };
    struct Origin {
        Hash32 tx_hash;
        std::uint64_t block_number = 0;
    };
    void remember_own(const Address& game, const Origin& origin);
    [[nodiscard]] std::optional<Origin> find_own(const Address& game) const;
    [[nodiscard]] l1::L1Result<void> settle();
    [[nodiscard]] l1::L1Result<void> look_after();
    [[nodiscard]] l1::L1Result<void> refresh();
    [[nodiscard]] l1::L1Result<bool> is_unchanged(std::uint64_t count);
    [[nodiscard]] l1::L1Result<void> note_branch();
    [[nodiscard]] l1::L1Result<void> load_status(Proposal& game);
    [[nodiscard]] std::optional<Hash32> output_root_of(std::uint64_t number) const;
    [[nodiscard]] bool is_own(const Proposal& game) const { return game.creator == transactions_.sender(); }
    [[nodiscard]] const Proposal* newest_sound(std::uint32_t game_type) const;
    [[nodiscard]] l1::L1Result<void> propose_newest();
    [[nodiscard]] l1::L1Result<void> propose(const ledger::StoredBlock& block, const ClaimTerms& terms);
    [[nodiscard]] l1::L1Result<void> resolve_next();
    [[nodiscard]] l1::L1Result<void> collect_next();
    [[nodiscard]] l1::L1Result<void> advance_anchor();
    /// False when L1 would refuse it now.
    [[nodiscard]] l1::L1Result<bool> send(const Address& to, Bytes data, const ledger::StoredBlock* proposed = nullptr,
                                          const U256& value = {});
    [[nodiscard]] l1::L1Result<void> take_up_unsettled();

    ProposerOptions options_;
    std::shared_ptr<l1::L1Client> client_;
    TxManager transactions_;
    const ledger::Ledger& ledger_;
    Clocks clocks_;
    /// For intervals.
    [[nodiscard]] std::uint64_t now_ms() const { return clocks_.steady_ms(); }
    std::optional<InFlight> in_flight_;
    std::uint64_t last_proposed_ms_ = 0;
    std::uint64_t last_refresh_ms_ = 0;
    std::uint64_t last_anchor_ms_ = 0;
    std::uint64_t games_read_ = 0;  // of the factory's, from its first
    std::optional<l1::L1Block> seen_head_;
    std::set<Address> refused_parents_;  // L1 takes no claim that starts from them

    static constexpr std::size_t MAX_PROPOSALS = 10'000;
    mutable std::mutex mutex_;
    std::vector<Proposal> proposals_;  // oldest first
};

}  // namespace entresol::settlement
