// Deposits and withdrawals between the layers, from the events of the portal on L1 and of the message passer on L2. Thread-safe.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "node/explorer/log_index.hpp"
#include "node/explorer/sources.hpp"

namespace entresol::explorer {

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

class BridgeIndex {
public:
    explicit BridgeIndex(const Sources& sources);

    /// Reads what is new on both layers. Empty, or why the L1 could not be read.
    std::string catch_up() const;
    [[nodiscard]] std::vector<Deposit> deposits(std::size_t most) const;        // newest first
    [[nodiscard]] std::vector<Withdrawal> withdrawals(std::size_t most) const;  // newest first
    [[nodiscard]] std::map<Hash32, WithdrawalProgress> progress() const;
    /// Asked of L1 once.
    [[nodiscard]] std::optional<BridgePeriods> periods() const;
    /// The game a proof was made against.
    [[nodiscard]] std::optional<Address> game_of(const Hash32& withdrawal, const Address& submitter) const;
    /// Would the portal finalize it now?
    [[nodiscard]] bool is_ready(const Hash32& withdrawal, const Address& submitter) const;

private:
    [[nodiscard]] std::optional<std::uint64_t> ask_number(const Address& contract, const char* signature) const;

    std::shared_ptr<l1::L1Client> l1_;
    Address portal_;
    mutable LogIndex portal_events_, messages_;
    mutable std::mutex periods_mutex_;
    mutable std::optional<BridgePeriods> periods_;
};

}  // namespace entresol::explorer
