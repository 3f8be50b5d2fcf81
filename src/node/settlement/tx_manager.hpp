// Sends L1 transactions from one key and sees them through: nonces, fees, replacement of what is stuck. Lives on one thread.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/chain/transaction.hpp"
#include "node/l1/client.hpp"

namespace entresol::settlement {

struct TxRequest {
    Address to;
    Bytes data;
    std::optional<std::uint64_t> gas_limit;     // estimated where absent
    std::optional<chain::BlobSidecar> sidecar;  // makes it a blob transaction
};

class TxManager {
public:
    TxManager(std::shared_ptr<l1::L1Client> client, const Hash32& key, std::uint64_t chain_id);

    struct Ticket {
        std::uint64_t nonce = 0;
        std::vector<Hash32> hashes;  // the first sending and its replacements
    };
    /// Signs and sends. One transaction may be under way at a time for each ticket; tickets keep the order of nonces.
    [[nodiscard]] l1::L1Result<Ticket> send(TxRequest request);

    enum class State : std::uint8_t { Waiting, Included, Failed, Lost /* another transaction used its nonce */ };
    struct Progress {
        State state = State::Waiting;
        Hash32 hash;
        l1::L1Receipt receipt;
    };
    [[nodiscard]] l1::L1Result<Progress> check(const Ticket& ticket);
    /// Sends it again with fees a quarter higher (twice for blobs, as pools demand).
    [[nodiscard]] l1::L1Result<void> replace(Ticket& ticket);

    [[nodiscard]] const Address& sender() const { return sender_; }

private:
    struct Sent {
        chain::Transaction tx;
        std::optional<chain::BlobSidecar> sidecar;
    };
    [[nodiscard]] l1::L1Result<Hash32> sign_and_send(Sent& sent);

    std::shared_ptr<l1::L1Client> client_;
    Hash32 key_;
    Address sender_;
    std::uint64_t chain_id_;
    std::vector<std::pair<std::uint64_t, Sent>> sent_;  // by nonce, those not yet settled
};

}  // namespace entresol::settlement
