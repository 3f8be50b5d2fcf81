// L1 transactions that were signed and are not yet settled, in the store before they are sent: a process that is killed goes on with the same ones.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/chain/transaction.hpp"

namespace entresol::store {
class KeyValue;
}

namespace entresol::settlement {

struct OutboxEntry {
    std::uint64_t id = 0;  // ascends with each send
    chain::Transaction tx;
    std::optional<chain::BlobSidecar> sidecar;
    std::vector<Hash32> hashes;         // of each sending of what was asked for
    std::vector<Hash32> cancellations;  // of each sending of what replaces it by nothing
    Bytes note;                         // the caller's: what it was for
    bool delivered = false;             // L1 answered for the newest sending; not stored
};

/// What goes over the wire.
[[nodiscard]] Bytes encode_raw(const OutboxEntry& entry);

class Outbox {
public:
    /// Several may share a store under different names.
    Outbox(std::shared_ptr<store::KeyValue> tables, std::string name)
        : tables_(std::move(tables)), name_(std::move(name)) {}

    /// Oldest first. A record that cannot be read is left out.
    [[nodiscard]] std::vector<OutboxEntry> load() const;
    void save(const OutboxEntry& entry);
    void erase(std::uint64_t id);

private:
    [[nodiscard]] Bytes key_of(std::uint64_t id) const;

    std::shared_ptr<store::KeyValue> tables_;
    std::string name_;
};

}  // namespace entresol::settlement
