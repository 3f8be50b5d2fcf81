// Blobs of the embedded L1, kept for the beacon API's routes and so for everyone who derives from them. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/chain/transaction.hpp"
#include "node/http/server.hpp"
#include "node/io/hash_seed.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::store {
class BlockStore;
}

namespace entresol::devnet {

class BlobArchive {
public:
    /// Blobs also go into this store, and are found there by a later process. Call it before anything else.
    void keep_in(std::shared_ptr<store::BlockStore> store) { store_ = std::move(store); }
    /// Remembers a pooled transaction's blobs by their versioned hashes.
    void add(const chain::Transaction& tx, const chain::BlobSidecar& sidecar);

    /// All blobs as they are stored, for an archive of the chain; and one of them back.
    [[nodiscard]] std::vector<std::pair<Hash32, Bytes>> records() const;
    /// False: this is no record of a blob.
    [[nodiscard]] bool restore(const Hash32& versioned_hash, ByteView record);

    struct Entry {
        Bytes blob;
        crypto::KzgCommitment commitment;
        crypto::KzgProof proof;
    };
    [[nodiscard]] std::optional<Entry> find(const Hash32& versioned_hash) const;

private:
    void insert(const Hash32& versioned_hash, Entry entry);  // the mutex is held

    static constexpr std::size_t MAX_BLOBS = 4096;  // in memory: half a gigabyte
    std::shared_ptr<store::BlockStore> store_;      // null: memory alone
    mutable std::mutex mutex_;
    std::unordered_map<Hash32, Entry, io::TableHash> blobs_;
    std::vector<Hash32> order_;  // oldest first
};

/// Answers the beacon API's genesis, spec and blob_sidecars routes for the embedded L1; nothing for another path. One slot is one second.
[[nodiscard]] std::optional<http::Response> answer_beacon(const std::string& target, const ledger::Ledger& ledger,
                                                          const BlobArchive& archive);

}  // namespace entresol::devnet
