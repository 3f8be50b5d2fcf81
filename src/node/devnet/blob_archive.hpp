// Blobs of the embedded L1, kept for the beacon API's routes and so for everyone who derives from them. Thread-safe.
#pragma once

#include <functional>
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
    /// Gives proofs of blobs where a sidecar had only those of cells (EIP-7594). Call it before anything else.
    void prove_with(std::function<const crypto::Kzg&()> kzg) { kzg_ = std::move(kzg); }
    /// Remembers a pooled transaction's blobs by their versioned hashes.
    void add(const chain::Transaction& tx, const chain::BlobSidecar& sidecar);

    /// All blobs as they are stored, for an archive of the chain; and one of them back.
    [[nodiscard]] std::vector<std::pair<Hash32, Bytes>> records() const;
    /// False: this is no record of a blob.
    [[nodiscard]] bool restore(const Hash32& versioned_hash, ByteView record);

    struct Entry {
        Bytes blob;
        crypto::KzgCommitment commitment;
        crypto::KzgProof proof;  // of the whole blob; zero: not known
    };
    [[nodiscard]] std::optional<Entry> find(const Hash32& versioned_hash) const;
    /// With its proof, which the first call computes (tens of milliseconds).
    [[nodiscard]] std::optional<Entry> find_proven(const Hash32& versioned_hash) const;

private:
    void insert(const Hash32& versioned_hash, Entry entry);  // the mutex is held

    static constexpr std::size_t MAX_BLOBS = 4096;  // in memory: half a gigabyte
    std::shared_ptr<store::BlockStore> store_;      // null: memory alone
    std::function<const crypto::Kzg&()> kzg_;       // null: proofs stay unknown
    mutable std::mutex mutex_;
    mutable std::unordered_map<Hash32, Entry, io::TableHash> blobs_;  // const calls fill in proofs
    std::vector<Hash32> order_;                                       // oldest first
};

/// Answers the beacon API's genesis, spec and blob_sidecars routes for the embedded L1; nothing for another path. One slot is one second.
[[nodiscard]] std::optional<http::Response> answer_beacon(const std::string& target, const ledger::Ledger& ledger,
                                                          const BlobArchive& archive);

}  // namespace entresol::devnet
