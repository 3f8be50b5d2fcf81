#include "node/settlement/outbox.hpp"

#include "core/base/endian.hpp"
#include "core/codec/rlp.hpp"
#include "node/store/key_value.hpp"

namespace entresol::settlement {
namespace {

using codec::RlpError;
using codec::RlpReader;

void append_hashes(Bytes& out, const std::vector<Hash32>& hashes) {
    const std::size_t start = out.size();
    for (const auto& hash : hashes) codec::append_fixed(out, hash);
    codec::close_list(out, start);
}

Result<std::vector<Hash32>, RlpError> read_hashes(RlpReader& reader) {
    TRY(auto list, reader.read_list());
    std::vector<Hash32> out;
    while (!list.empty()) {
        TRY(const auto hash, list.read_fixed<Hash32>());
        out.push_back(hash);
    }
    return out;
}

// [raw, hashes, cancellations, note]
Bytes encode(const OutboxEntry& entry) {
    Bytes out;
    codec::append_string(out, encode_raw(entry));
    append_hashes(out, entry.hashes);
    append_hashes(out, entry.cancellations);
    codec::append_string(out, entry.note);
    codec::close_list(out, 0);
    return out;
}

Result<OutboxEntry, RlpError> decode(ByteView record) {
    RlpReader reader(record);
    TRY(auto fields, reader.read_list());
    TRY(const auto raw, fields.read_string());
    auto pooled = chain::decode_pooled_transaction(raw);
    if (!pooled) return fail(RlpError::ExpectedString);
    OutboxEntry entry;
    entry.tx = std::move(pooled->tx);
    entry.sidecar = std::move(pooled->sidecar);
    TRY(entry.hashes, read_hashes(fields));
    TRY(entry.cancellations, read_hashes(fields));
    TRY(const auto note, fields.read_string());
    entry.note = to_bytes(note);
    return entry;
}

}  // namespace

Bytes encode_raw(const OutboxEntry& entry) {
    return entry.sidecar ? chain::encode_pooled(entry.tx, *entry.sidecar) : chain::encode(entry.tx);
}

// The name, a zero byte, the id.
Bytes Outbox::key_of(std::uint64_t id) const {
    Bytes key(name_.begin(), name_.end());
    key.resize(name_.size() + 9);
    store_be64(key.data() + name_.size() + 1, id);
    return key;
}

std::vector<OutboxEntry> Outbox::load() const {
    std::vector<OutboxEntry> out;
    const Bytes first = key_of(0);
    tables_->scan(store::Table::Outbox, first, store::ScanOrder::Ascending, [&](ByteView key, ByteView value) {
        if (key.size() != first.size() || std::memcmp(key.data(), first.data(), name_.size() + 1) != 0) return false;
        if (auto entry = decode(value)) {
            entry->id = load_be64(key.data() + name_.size() + 1);
            out.push_back(std::move(*entry));
        }
        return true;
    });
    return out;
}

void Outbox::save(const OutboxEntry& entry) {
    store::WriteBatch batch;
    batch.put(store::Table::Outbox, key_of(entry.id), encode(entry));
    tables_->write(batch, false);
}

void Outbox::erase(std::uint64_t id) {
    store::WriteBatch batch;
    batch.erase(store::Table::Outbox, key_of(id));
    tables_->write(batch, false);
}

}  // namespace entresol::settlement
