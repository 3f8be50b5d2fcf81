// Sends L1 transactions from one key and sees them through: nonces, fees, replacement of what is stuck, cancellation, restarts. Lives on one thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/chain/transaction.hpp"
#include "node/l1/client.hpp"
#include "node/settlement/outbox.hpp"

namespace entresol::settlement {

struct TxRequest {
    Address to;
    Bytes data;
    std::optional<std::uint64_t> gas_limit;     // estimated where absent
    std::optional<chain::BlobSidecar> sidecar;  // makes it a blob transaction
    Bytes note = {};                            // given back by unsettled() after a restart
    U256 value = {};                            // wei
};

/// What is never exceeded, however long a transaction waits. Wei.
struct FeeCeiling {
    U256 max_fee_per_gas{1'000'000'000'000};
    U256 max_fee_per_blob_gas{1'000'000'000'000};
};

class TxManager {
public:
    TxManager(std::shared_ptr<l1::L1Client> client, const Hash32& key, std::uint64_t chain_id, Outbox outbox,
              FeeCeiling ceiling = {});

    struct Ticket {
        std::uint64_t id = 0;
        std::uint64_t nonce = 0;
    };
    /// Signs, records and sends. Where L1 cannot be reached the transaction is under way nevertheless: check() delivers it.
    [[nodiscard]] l1::L1Result<Ticket> send(TxRequest request);

    enum class State : std::uint8_t {
        Waiting,
        Included,
        Failed,
        Cancelled,
        Lost  // another transaction used its nonce
    };
    struct Progress {
        State state = State::Waiting;
        Hash32 hash;
        l1::L1Receipt receipt;
    };
    [[nodiscard]] l1::L1Result<Progress> check(const Ticket& ticket);
    /// Sends it again for more: by what pools demand, and at least what L1 asks now. Nothing happens above the ceiling.
    [[nodiscard]] l1::L1Result<void> replace(const Ticket& ticket);
    /// Puts a transaction that does nothing in its place; whichever is included decides. A blob transaction gives way to a blob transaction alone.
    [[nodiscard]] l1::L1Result<void> cancel(const Ticket& ticket);
    /// What came of it is kept elsewhere: forgets it.
    void settle(const Ticket& ticket);

    struct Unsettled {
        Ticket ticket;
        Bytes note;
    };
    /// Of this process and of those before it, oldest first.
    [[nodiscard]] std::vector<Unsettled> unsettled() const;

    [[nodiscard]] l1::L1Result<std::optional<l1::L1Receipt>> find_receipt(const Hash32& tx_hash) {
        return client_->find_receipt(tx_hash);
    }
    [[nodiscard]] l1::L1Result<l1::FeeSuggestion> suggest_fees() { return client_->suggest_fees(); }
    [[nodiscard]] const Address& sender() const { return sender_; }

private:
    [[nodiscard]] l1::L1Result<Progress> look(const OutboxEntry& entry);
    [[nodiscard]] l1::L1Result<bool> raise(chain::Transaction& tx);
    [[nodiscard]] l1::L1Result<void> fill_gap_below(std::uint64_t nonce);
    [[nodiscard]] l1::L1Result<void> deliver(OutboxEntry& entry);
    [[nodiscard]] l1::L1Result<void> send_instead(OutboxEntry& entry, OutboxEntry newer);
    void sign_and_record(OutboxEntry& entry, std::vector<Hash32> OutboxEntry::* kind);

    std::shared_ptr<l1::L1Client> client_;
    Hash32 key_;
    Address sender_;
    std::uint64_t chain_id_;
    Outbox outbox_;
    FeeCeiling ceiling_;
    std::map<std::uint64_t, OutboxEntry> entries_;  // by id
    std::uint64_t next_id_ = 0;
};

}  // namespace entresol::settlement
