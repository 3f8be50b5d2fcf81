#include "node/devnet/blob_archive.hpp"

#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "node/store/block_store.hpp"

namespace entresol::devnet {
namespace {

namespace json = boost::json;

http::Response json_response(unsigned status, const json::value& body) {
    return {.status = status, .content_type = "application/json", .body = json::serialize(body), .headers = {}};
}
http::Response beacon_error(unsigned status, const char* message) {
    return json_response(status, json::object{{"code", status}, {"message", message}});
}

// The canonical block with this timestamp; timestamps ascend with numbers.
ledger::BlockPtr block_at(const ledger::Ledger& ledger, std::uint64_t timestamp) {
    std::uint64_t low = 0, high = ledger.head()->number();
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto header = ledger.find_header(middle);
        if (!header) return nullptr;
        if (header->timestamp < timestamp)
            low = middle + 1;
        else
            high = middle;
    }
    auto block = ledger.find_block(low);
    return block != nullptr && block->block.header.timestamp == timestamp ? block : nullptr;
}

// Commitment, proof, blob.
Bytes encode(const BlobArchive::Entry& entry) {
    Bytes out = entresol::to_bytes(entry.commitment.view());
    append(out, entry.proof.view());
    append(out, entry.blob);
    return out;
}
std::optional<BlobArchive::Entry> decode_entry(ByteView record) {
    constexpr std::size_t COMMITMENT = crypto::KzgCommitment::SIZE, PROOF = crypto::KzgProof::SIZE;
    if (record.size() != COMMITMENT + PROOF + crypto::BYTES_PER_BLOB) return std::nullopt;
    return BlobArchive::Entry{entresol::to_bytes(record.subspan(COMMITMENT + PROOF)),
                              from_bytes<crypto::KzgCommitment>(record),
                              from_bytes<crypto::KzgProof>(record.subspan(COMMITMENT))};
}

json::array sidecars_of(const ledger::StoredBlock& block, const BlobArchive& archive) {
    json::array out;
    std::size_t index = 0;
    for (const auto& tx : block.block.transactions) {
        for (const auto& hash : tx.blob_hashes) {
            const auto entry = archive.find_proven(hash);
            if (entry)
                out.push_back(json::object{{"index", std::to_string(index)},
                                           {"blob", to_hex(entry->blob)},
                                           {"kzg_commitment", to_hex(entry->commitment)},
                                           {"kzg_proof", to_hex(entry->proof)}});
            ++index;
        }
    }
    return out;
}

}  // namespace

void BlobArchive::add(const chain::Transaction& tx, const chain::BlobSidecar& sidecar) {
    const std::lock_guard lock(mutex_);
    const std::size_t proofs_per_blob = sidecar.blobs.empty() ? 1 : sidecar.proofs.size() / sidecar.blobs.size();
    for (std::size_t i = 0; i < tx.blob_hashes.size() && i < sidecar.blobs.size(); ++i) {
        if (blobs_.contains(tx.blob_hashes[i])) continue;
        const auto proof = proofs_per_blob == 1 ? sidecar.proofs[i] : crypto::KzgProof{};
        Entry entry{sidecar.blobs[i], sidecar.commitments[i], proof};
        insert(tx.blob_hashes[i], std::move(entry));
    }
}

void BlobArchive::insert(const Hash32& versioned_hash, Entry entry) {
    if (store_ != nullptr) store_->put_blob(versioned_hash, encode(entry));
    blobs_.emplace(versioned_hash, std::move(entry));
    order_.push_back(versioned_hash);
    if (blobs_.size() <= MAX_BLOBS) return;
    blobs_.erase(order_.front());
    order_.erase(order_.begin());
}

std::vector<std::pair<Hash32, Bytes>> BlobArchive::records() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::pair<Hash32, Bytes>> records;
    if (store_ != nullptr) {
        store_->tables()->scan(store::Table::Blobs, {}, store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
            records.emplace_back(from_bytes<Hash32>(key), entresol::to_bytes(value));
            return true;
        });
        return records;
    }
    for (const auto& hash : order_) records.emplace_back(hash, encode(blobs_.at(hash)));
    return records;
}

bool BlobArchive::restore(const Hash32& versioned_hash, ByteView record) {
    auto entry = decode_entry(record);
    if (!entry || crypto::kzg_to_versioned_hash(entry->commitment) != versioned_hash) return false;
    const std::lock_guard lock(mutex_);
    if (!blobs_.contains(versioned_hash)) insert(versioned_hash, std::move(*entry));
    return true;
}

std::optional<BlobArchive::Entry> BlobArchive::find(const Hash32& versioned_hash) const {
    const std::lock_guard lock(mutex_);
    const auto it = blobs_.find(versioned_hash);
    if (it != blobs_.end()) return it->second;
    const auto record = store_ != nullptr ? store_->find_blob(versioned_hash) : std::nullopt;
    return record ? decode_entry(*record) : std::nullopt;
}

std::optional<BlobArchive::Entry> BlobArchive::find_proven(const Hash32& versioned_hash) const {
    auto entry = find(versioned_hash);
    if (!entry || entry->proof != crypto::KzgProof{} || !kzg_) return entry;
    const auto proof = kzg_().prove_blob(entry->blob, entry->commitment);  // not under the lock
    if (!proof) return entry;
    entry->proof = *proof;
    const std::lock_guard lock(mutex_);
    if (const auto it = blobs_.find(versioned_hash); it != blobs_.end()) it->second.proof = *proof;
    if (store_ != nullptr) store_->put_blob(versioned_hash, encode(*entry));
    return entry;
}

std::optional<http::Response> answer_beacon(const std::string& target, const ledger::Ledger& ledger,
                                            const BlobArchive& archive) {
    if (!target.starts_with("/eth/v1/")) return std::nullopt;
    const auto genesis_time = ledger.genesis()->block.header.timestamp;
    if (target == "/eth/v1/beacon/genesis")
        return json_response(200, json::object{{"data", json::object{{"genesis_time", std::to_string(genesis_time)},
                                                                     {"genesis_validators_root", to_hex(Hash32{})},
                                                                     {"genesis_fork_version", "0x00000000"}}}});
    if (target == "/eth/v1/config/spec")
        return json_response(
            200, json::object{{"data", json::object{{"SECONDS_PER_SLOT", "1"}, {"PRESET_BASE", "mainnet"}}}});
    if (target == "/eth/v1/node/version")
        return json_response(200, json::object{{"data", json::object{{"version", "entresol-devnet"}}}});
    constexpr std::string_view SIDECARS = "/eth/v1/beacon/blob_sidecars/";
    if (!target.starts_with(SIDECARS))
        return beacon_error(404, "this beacon API serves genesis, spec and blob_sidecars");
    const std::string_view id = std::string_view(target).substr(
        SIDECARS.size(),
        target.find('?') == std::string::npos ? std::string::npos : target.find('?') - SIDECARS.size());
    ledger::BlockPtr block;
    if (id == "head") {
        block = ledger.head();
    } else {
        std::uint64_t slot = 0;
        const auto parsed = std::from_chars(id.data(), id.data() + id.size(), slot);
        if (parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size())
            return beacon_error(400, "a slot number or head is expected");
        block = block_at(ledger, genesis_time + slot);
    }
    if (block == nullptr) return beacon_error(404, "no block at this slot");
    return json_response(200, json::object{{"data", sidecars_of(*block, archive)}});
}

}  // namespace entresol::devnet
