// Blobs of the embedded L1, kept for the beacon API's routes and so for everyone who derives from them. Thread-safe.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/chain/transaction.hpp"
#include "node/http/server.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::devnet {

class BlobArchive {
public:
    /// Remembers a pooled transaction's blobs by their versioned hashes.
    void add(const chain::Transaction& tx, const chain::BlobSidecar& sidecar);

    struct Entry {
        Bytes blob;
        crypto::KzgCommitment commitment;
        crypto::KzgProof proof;
    };
    [[nodiscard]] std::optional<Entry> find(const Hash32& versioned_hash) const;

private:
    static constexpr std::size_t MAX_BLOBS = 4096;  // half a gigabyte
    mutable std::mutex mutex_;
    std::unordered_map<Hash32, Entry, BytesHash> blobs_;
    std::vector<Hash32> order_;  // oldest first
};

/// Answers the beacon API's genesis, spec and blob_sidecars routes for the embedded L1; nothing for another path. One slot is one second.
[[nodiscard]] std::optional<http::Response> answer_beacon(const std::string& target, const ledger::Ledger& ledger,
                                                          const BlobArchive& archive);

}  // namespace entresol::devnet
