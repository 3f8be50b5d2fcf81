// Tables of byte strings by byte strings: what a database must offer to this program, and no more.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::store {

enum class Table : std::uint8_t {
    Nodes,
    Codes,
    Headers,
    Bodies,
    Receipts,
    Canonical,
    Transactions,
    Meta,
    Blobs,
    Outbox,
    Accounts,  // the flat state
    Slots,
    AccountHistory,  // values before a block changed them, by key and block
    SlotHistory,
    Changes  // the keys that a block changed
};
inline constexpr std::size_t TABLE_COUNT = 15;

/// Writes that happen together or not at all.
class WriteBatch {
public:
    struct Operation {
        Table table;
        Bytes key;
        std::optional<Bytes> value;  // nothing deletes
    };
    void put(Table table, ByteView key, Bytes value) {
        operations_.push_back({table, to_bytes(key), std::move(value)});
    }
    void erase(Table table, ByteView key) { operations_.push_back({table, to_bytes(key), std::nullopt}); }
    [[nodiscard]] const std::vector<Operation>& operations() const { return operations_; }

private:
    std::vector<Operation> operations_;
};

enum class ScanOrder : std::uint8_t { Ascending, Descending };

/// Fills a table from entries in ascending order of their keys, faster than batches can: files are made as the database wants them in the end.
class SortedWriter {
public:
    virtual ~SortedWriter() = default;
    virtual void add(ByteView key, ByteView value) = 0;
    /// Nothing is there before. Not atomic. Returns the bytes that the entries take on disk.
    virtual std::uint64_t finish() = 0;
};

/// Thread-safe. Environment failures throw std::runtime_error with what the system said.
class KeyValue {
public:
    virtual ~KeyValue() = default;
    [[nodiscard]] virtual std::optional<Bytes> find(Table table, ByteView key) const = 0;
    /// Atomic: after a crash all of it is there or nothing. `sync` also survives a power cut.
    virtual void write(const WriteBatch& batch, bool sync) = 0;
    /// Entries from `start` on (itself included), keys compared byte by byte; the visitor returns false to stop and does not touch the store.
    /// It sees one moment: what is written meanwhile does not appear.
    using Visit = std::function<bool(ByteView key, ByteView value)>;
    virtual void scan(Table table, ByteView start, ScanOrder order, const Visit& visit) const = 0;
    virtual void flush() = 0;
    /// Whether a read may take as long as a disk does.
    [[nodiscard]] virtual bool is_on_disk() const { return false; }
    /// For a part of a table that holds no entries yet. The store must outlive it; one thread.
    [[nodiscard]] virtual std::unique_ptr<SortedWriter> write_sorted(Table table);
};

/// Forgets everything at its end.
[[nodiscard]] std::unique_ptr<KeyValue> make_memory_store();
/// RocksDB in a directory, created where it does not exist. One process at a time.
[[nodiscard]] std::unique_ptr<KeyValue> open_rocks_store(const std::string& directory);

}  // namespace entresol::store
