// Deposits and withdrawals between the layers, from the events of the portal on L1 and of the message passer on L2. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/bridge/l1_times.hpp"
#include "node/bridge/log_index.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::bridge {

struct Deposit {
    l1::L1Log event;
    chain::Transaction tx;  // as L2 executes it
};

struct Withdrawal {
    Hash32 hash;
    U256 nonce;
    Address from, to;
    U256 value, gas_limit;
    Hash32 l2_tx_hash;
    std::uint64_t l2_block_number = 0;
};

/// What L1 knows of a withdrawal.
struct WithdrawalProgress {
    std::optional<l1::L1Log> proven, finalized;
    std::optional<Address> proof_submitter;
};

/// Waiting times of the portal, in seconds.
struct BridgePeriods {
    std::uint64_t proof_maturity = 0, challenge = 0, finality_delay = 0;
};

/// An output of the L2 that was claimed on L1.
struct Output {
    std::uint64_t l2_block_number = 0;
    Address game;
};

/// RootFell: proven, but against a root that lost its dispute or was struck out; the portal refuses it until it is proven again.
enum class WithdrawalState : std::uint8_t {
    WaitingForOutput,
    ReadyToProve,
    Proven,
    RootFell,
    ReadyToFinalize,
    Finalized
};
[[nodiscard]] const char* to_string(WithdrawalState state);

struct WithdrawalStatus {
    WithdrawalState state = WithdrawalState::WaitingForOutput;
    std::string waits_for;  // a sentence for people
    std::optional<Address> game;
    std::optional<std::uint64_t> proven_at_ms;
    std::optional<Hash32> prove_tx, finalize_tx;  // on L1
};

class Bridge {
public:
    /// The ledger is the L2's and outlives it; events of the portal are read from `first_l1_block` on.
    Bridge(const std::shared_ptr<l1::L1Client>& l1, const ledger::Ledger& l2, const Address& portal,
           std::uint64_t first_l1_block);

    /// Reads what is new on both layers. Empty, or why the L1 could not be read.
    std::string catch_up() const;
    [[nodiscard]] std::vector<Deposit> deposits(std::size_t most) const;        // newest first
    [[nodiscard]] std::vector<Withdrawal> withdrawals(std::size_t most) const;  // newest first
    [[nodiscard]] std::map<Hash32, WithdrawalProgress> progress() const;
    /// By its hash, or by the L2 transaction that made it.
    [[nodiscard]] std::optional<Withdrawal> find_withdrawal(const Hash32& hash) const;
    /// How far it has come; `outputs` are newest first. Asks L1.
    [[nodiscard]] WithdrawalStatus status_of(const Withdrawal& withdrawal, const WithdrawalProgress& progress,
                                             std::span<const Output> outputs, std::uint64_t now_ms) const;
    [[nodiscard]] const L1Times& l1_times() const { return l1_times_; }
    /// Asked of L1 once.
    [[nodiscard]] std::optional<BridgePeriods> periods() const;

private:
    /// The game a proof was made against.
    [[nodiscard]] std::optional<Address> game_of(const Hash32& withdrawal, const Address& submitter) const;
    /// Why the portal will never pay on that game's root; empty while it may.
    [[nodiscard]] std::string why_fallen(const Address& game) const;
    /// Would the portal finalize it now?
    [[nodiscard]] bool is_ready(const Hash32& withdrawal, const Address& submitter) const;
    void judge_proven(WithdrawalStatus& status, const Hash32& withdrawal, const WithdrawalProgress& progress,
                      std::uint64_t now_ms) const;
    [[nodiscard]] std::optional<std::uint64_t> ask_number(const Address& contract, const char* signature) const;

    std::shared_ptr<l1::L1Client> l1_;
    Address portal_;
    L1Times l1_times_;
    mutable LogIndex portal_events_, messages_;
    mutable std::mutex periods_mutex_;
    mutable std::optional<BridgePeriods> periods_;
};

}  // namespace entresol::bridge
