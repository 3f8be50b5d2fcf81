// The blobs that a node derived from, kept in its data directory by where they stood on L1. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/crypto/kzg.hpp"
#include "core/derive/providers.hpp"

namespace entresol::store {
class KeyValue;
}

namespace entresol::archive {

struct Sidecar {
    std::uint64_t index = 0;  // among all of the L1 block's blobs
    Bytes blob;
    crypto::KzgCommitment commitment;
    crypto::KzgProof proof;
};

/// How a beacon chain counts its slots.
struct SlotClock {
    std::uint64_t genesis_time = 0, seconds_per_slot = 0;
    bool operator==(const SlotClock&) const = default;
};

class BlobArchive {
public:
    /// Blobs of L1 blocks that are this much older than the newest go; 0 keeps all.
    BlobArchive(std::shared_ptr<store::KeyValue> tables, std::function<const crypto::Kzg&()> kzg,
                std::uint64_t retention_s);

    /// Nothing of another L1 block of the same time stays: it was reorganised away. `blobs` in the order of `ids`, checked by the caller.
    /// One atomic write. Throws std::runtime_error where the store cannot be written.
    void put(const derive::L1BlockRef& block, std::span<const derive::BlobId> ids, std::span<const Bytes> blobs);
    /// All of them, or nothing.
    [[nodiscard]] std::optional<std::vector<Bytes>> find(const derive::L1BlockRef& block,
                                                         std::span<const derive::BlobId> ids) const;

    /// Of the L1 block of this time, ascending; those of `indices` where it names any. Commitments and proofs are computed at the first call for a blob
    /// (tens of milliseconds each) and kept.
    [[nodiscard]] std::vector<Sidecar> sidecars(std::uint64_t timestamp, std::span<const std::uint64_t> indices);

    /// Of the beacon API that the blobs came from. Nothing: no blob has come yet.
    [[nodiscard]] std::optional<SlotClock> clock() const;
    void set_clock(const SlotClock& clock);

private:
    std::shared_ptr<store::KeyValue> tables_;
    std::function<const crypto::Kzg&()> kzg_;
    const std::uint64_t retention_s_;
    mutable std::mutex mutex_;  // over read and write of one record
};

}  // namespace entresol::archive
