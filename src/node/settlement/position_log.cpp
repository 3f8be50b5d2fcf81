#include "node/settlement/position_log.hpp"

#include <string>

#include "core/base/endian.hpp"
#include "node/store/block_store.hpp"

namespace entresol::settlement {
namespace {

constexpr std::string_view NEWEST = "batches.newest";
constexpr std::size_t U64 = 8;
constexpr std::size_t FIXED_BYTES = 5 * U64 + 1 + 3 * Hash32::SIZE + derive::ChannelId::SIZE;
constexpr std::size_t MAX_TRANSACTIONS = 4'096;

std::string key_of(std::uint64_t last_l2_block) { return "batches." + std::to_string(last_l2_block); }

void append_u64(Bytes& out, std::uint64_t value) {
    std::uint8_t bytes[U64];
    store_be64(bytes, value);
    append(out, bytes);
}

// Reads what encode() wrote; the caller has checked that enough is left.
struct Cursor {
    ByteView rest;
    ByteView take(std::size_t size) {
        const auto part = rest.first(size);
        rest = rest.subspan(size);
        return part;
    }
    std::uint64_t u64() { return load_be64(take(U64).data()); }
    template <typename T>
    T fixed() {
        return from_bytes<T>(take(T::SIZE));
    }
};

}  // namespace

Bytes encode(const BatchPosition& position) {
    Bytes out;
    for (const std::uint64_t number : {position.first_l2_block, position.last_l2_block, position.l1_block_number,
                                       std::uint64_t{position.raw_bytes}, std::uint64_t{position.compressed_bytes}})
        append_u64(out, number);
    out.push_back(position.in_blobs ? 1 : 0);
    append(out, position.last_l2_hash.view());
    append(out, position.l1_block_hash.view());
    append(out, position.l1_tx_hash.view());
    append(out, position.channel_id.view());
    for (const auto& hash : position.l1_tx_hashes) append(out, hash.view());
    return out;
}

std::optional<BatchPosition> decode_batch_position(ByteView record) {
    if (record.size() < FIXED_BYTES || (record.size() - FIXED_BYTES) % Hash32::SIZE != 0) return std::nullopt;
    const std::size_t transactions = (record.size() - FIXED_BYTES) / Hash32::SIZE;
    if (transactions > MAX_TRANSACTIONS) return std::nullopt;
    Cursor cursor{record};
    BatchPosition position;
    position.first_l2_block = cursor.u64();
    position.last_l2_block = cursor.u64();
    position.l1_block_number = cursor.u64();
    position.raw_bytes = cursor.u64();
    position.compressed_bytes = cursor.u64();
    position.in_blobs = cursor.take(1)[0] != 0;
    position.last_l2_hash = cursor.fixed<Hash32>();
    position.l1_block_hash = cursor.fixed<Hash32>();
    position.l1_tx_hash = cursor.fixed<Hash32>();
    position.channel_id = cursor.fixed<derive::ChannelId>();
    for (std::size_t i = 0; i < transactions; ++i) position.l1_tx_hashes.push_back(cursor.fixed<Hash32>());
    if (position.first_l2_block > position.last_l2_block) return std::nullopt;
    return position;
}

// A record is the key of the one before it, then the position. The record is there before anything names it.
void PositionLog::append(const BatchPosition& position) {
    std::uint64_t before = newest();
    while (before >= position.first_l2_block) {
        const auto older = find(before);
        before = older ? older->before : 0;
    }
    Bytes record;
    append_u64(record, before);
    entresol::append(record, encode(position));
    store_.put_meta(key_of(position.last_l2_block), record);
    Bytes name;
    append_u64(name, position.last_l2_block);
    store_.put_meta(NEWEST, name);
}

std::uint64_t PositionLog::newest() const {
    const auto name = store_.find_meta(NEWEST);
    return name && name->size() == U64 ? load_be64(name->data()) : 0;
}

std::optional<PositionLog::Record> PositionLog::find(std::uint64_t last_l2_block) const {
    const auto stored = store_.find_meta(key_of(last_l2_block));
    if (!stored || stored->size() < U64) return std::nullopt;
    auto position = decode_batch_position(ByteView(*stored).subspan(U64));
    const std::uint64_t before = load_be64(stored->data());
    // Records only lead back: nothing else was written here, and a loop would never end.
    if (!position || position->last_l2_block != last_l2_block || before >= last_l2_block) return std::nullopt;
    return Record{before, std::move(*position)};
}

std::vector<BatchPosition> PositionLog::load(std::size_t most) const {
    std::vector<BatchPosition> out;
    for (std::uint64_t last = newest(); last != 0 && out.size() < most;) {
        auto record = find(last);
        if (!record) break;
        out.push_back(std::move(record->position));
        last = record->before;
    }
    return out;
}

}  // namespace entresol::settlement
