#include "node/archive/blob_archive.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "node/store/key_value.hpp"

namespace entresol::archive {
namespace {

using store::Table;
using store::WriteBatch;

constexpr std::string_view CLOCK = "archive.clock";
constexpr std::size_t KEY_BYTES = 16;  // L1 timestamp, index: ascending in time

ByteView text(std::string_view words) { return {reinterpret_cast<const std::uint8_t*>(words.data()), words.size()}; }

Bytes make_key(std::uint64_t timestamp, std::uint64_t index) {
    Bytes key(KEY_BYTES);
    store_be64(key.data(), timestamp);
    store_be64(key.data() + 8, index);
    return key;
}

struct Record {
    Hash32 block_hash, versioned_hash;
    crypto::KzgCommitment commitment;  // zero, as no commitment is: not computed yet
    crypto::KzgProof proof;
    ByteView blob;
};
constexpr std::size_t COMMITMENT_AT = 2 * Hash32::SIZE, PROOF_AT = COMMITMENT_AT + crypto::KzgCommitment::SIZE,
                      BLOB_AT = PROOF_AT + crypto::KzgProof::SIZE;

Bytes encode(const Record& record) {
    Bytes out = to_bytes(record.block_hash.view());
    append(out, record.versioned_hash.view());
    append(out, record.commitment.view());
    append(out, record.proof.view());
    append(out, record.blob);
    return out;
}
/// A view into the bytes.
std::optional<Record> decode(ByteView bytes) {
    if (bytes.size() != BLOB_AT + crypto::BYTES_PER_BLOB) return std::nullopt;
    return Record{from_bytes<Hash32>(bytes), from_bytes<Hash32>(bytes.subspan(Hash32::SIZE)),
                  from_bytes<crypto::KzgCommitment>(bytes.subspan(COMMITMENT_AT)),
                  from_bytes<crypto::KzgProof>(bytes.subspan(PROOF_AT)), bytes.subspan(BLOB_AT)};
}

using Visit = std::function<void(std::uint64_t index, ByteView key, ByteView value)>;
void visit_time(const store::KeyValue& tables, std::uint64_t timestamp, const Visit& visit) {
    tables.scan(Table::Blobs, make_key(timestamp, 0), store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
        if (key.size() != KEY_BYTES || load_be64(key.data()) != timestamp) return false;
        visit(load_be64(key.data() + 8), key, value);
        return true;
    });
}

void erase_before(const store::KeyValue& tables, std::uint64_t timestamp, WriteBatch& batch) {
    tables.scan(Table::Blobs, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView) {
        if (key.size() != KEY_BYTES || load_be64(key.data()) >= timestamp) return false;
        batch.erase(Table::Blobs, key);
        return true;
    });
}

}  // namespace

BlobArchive::BlobArchive(std::shared_ptr<store::KeyValue> tables, std::function<const crypto::Kzg&()> kzg,
                         std::uint64_t retention_s)
    : tables_(std::move(tables)), kzg_(std::move(kzg)), retention_s_(retention_s) {}

void BlobArchive::put(const derive::L1BlockRef& block, std::span<const derive::BlobId> ids,
                      std::span<const Bytes> blobs) {
    CHECK(ids.size() == blobs.size());
    const std::lock_guard lock(mutex_);
    WriteBatch batch;
    if (retention_s_ != 0 && block.timestamp > retention_s_)
        erase_before(*tables_, block.timestamp - retention_s_, batch);
    visit_time(*tables_, block.timestamp, [&](std::uint64_t, ByteView key, ByteView value) {
        const auto record = decode(value);
        if (!record || record->block_hash != block.hash) batch.erase(Table::Blobs, key);
    });
    for (std::size_t i = 0; i < ids.size(); ++i)
        batch.put(Table::Blobs, make_key(block.timestamp, ids[i].index),
                  encode({block.hash, ids[i].versioned_hash, {}, {}, blobs[i]}));
    tables_->write(batch, false);
}

std::optional<std::vector<Bytes>> BlobArchive::find(const derive::L1BlockRef& block,
                                                    std::span<const derive::BlobId> ids) const {
    std::vector<Bytes> blobs;
    for (const auto& id : ids) {
        const auto bytes = tables_->find(Table::Blobs, make_key(block.timestamp, id.index));
        const auto record = bytes ? decode(*bytes) : std::nullopt;
        if (!record || record->block_hash != block.hash || record->versioned_hash != id.versioned_hash)
            return std::nullopt;
        blobs.push_back(to_bytes(record->blob));
    }
    return blobs;
}

std::vector<Sidecar> BlobArchive::sidecars(std::uint64_t timestamp, std::span<const std::uint64_t> indices) {
    std::vector<std::pair<std::uint64_t, Bytes>> found;
    visit_time(*tables_, timestamp, [&](std::uint64_t index, ByteView, ByteView value) {
        if (indices.empty() || std::ranges::find(indices, index) != indices.end())
            found.emplace_back(index, to_bytes(value));
    });
    std::vector<Sidecar> out;
    for (const auto& [index, bytes] : found) {
        auto record = decode(bytes);
        if (!record) continue;
        if (record->commitment == crypto::KzgCommitment{}) {
            const auto commitment = kzg_().commit(record->blob);
            // What the disk gave back must be what L1 names.
            if (!commitment || crypto::kzg_to_versioned_hash(*commitment) != record->versioned_hash) continue;
            const auto proof = kzg_().prove_blob(record->blob, *commitment);
            if (!proof) continue;
            record->commitment = *commitment;
            record->proof = *proof;
            const std::lock_guard lock(mutex_);
            const auto key = make_key(timestamp, index);
            WriteBatch batch;
            batch.put(Table::Blobs, key, encode(*record));
            if (tables_->find(Table::Blobs, key) == bytes) tables_->write(batch, false);  // neither gone nor replaced
        }
        out.push_back({index, to_bytes(record->blob), record->commitment, record->proof});
    }
    return out;
}

std::optional<SlotClock> BlobArchive::clock() const {
    const auto bytes = tables_->find(Table::Meta, text(CLOCK));
    if (!bytes || bytes->size() != 16) return std::nullopt;
    const SlotClock clock{load_be64(bytes->data()), load_be64(bytes->data() + 8)};
    return clock.seconds_per_slot == 0 ? std::nullopt : std::optional(clock);
}

void BlobArchive::set_clock(const SlotClock& clock) {
    if (this->clock() == clock) return;
    WriteBatch batch;
    batch.put(Table::Meta, text(CLOCK), make_key(clock.genesis_time, clock.seconds_per_slot));
    tables_->write(batch, false);
}

}  // namespace entresol::archive
