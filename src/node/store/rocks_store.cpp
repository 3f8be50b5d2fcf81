#include <algorithm>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string_view>

#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include "core/base/endian.hpp"
#include "node/io/failure.hpp"
#include "node/store/key_value.hpp"
#include "node/store/rocks_options.hpp"

namespace entresol::store {
namespace {

// What the tables' keys and values look like. A directory written by another schema is refused, not guessed at.
constexpr std::uint64_t SCHEMA = 1;
constexpr std::string_view META_SCHEMA = "store.schema";

rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

ByteView view(const rocksdb::Slice& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

void require_ok(const rocksdb::Status& status, const char* what) {
    if (!status.ok()) throw std::runtime_error(std::string("database: ") + what + ": " + status.ToString());
}

// Files of the last level, made outside of the database and taken in at the end by renaming them.
class RocksSortedWriter final : public SortedWriter {
public:
    RocksSortedWriter(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* handle, Table table, std::string directory)
        : db_(db),
          handle_(handle),
          directory_(std::move(directory)),
          options_(database_options(), options_of(table)),
          has_filter_(!options_.optimize_filters_for_hits) {}

    void add(ByteView key, ByteView value) override {
        if (file_ == nullptr) open();
        require_ok(file_->Put(slice(key), slice(value)), "write sorted");
        if (file_->FileSize() >= MAX_FILE_BYTES) close();
    }
    std::uint64_t finish() override {
        if (file_ != nullptr) close();
        rocksdb::IngestExternalFileOptions options;
        options.move_files = true;
        if (!paths_.empty()) require_ok(db_.IngestExternalFile(handle_, paths_, options), "take in sorted files");
        paths_.clear();
        return bytes_;
    }

private:
    static constexpr std::uint64_t MAX_FILE_BYTES = 64ULL << 20;
    void open() {
        std::filesystem::create_directories(directory_);
        paths_.push_back(directory_ + "/" + handle_->GetName() + "-" + std::to_string(paths_.size()) + ".sst");
        file_ = std::make_unique<rocksdb::SstFileWriter>(rocksdb::EnvOptions{}, options_, handle_, true,
                                                         rocksdb::Env::IO_TOTAL, !has_filter_);
        require_ok(file_->Open(paths_.back()), "open a sorted file");
    }
    void close() {
        rocksdb::ExternalSstFileInfo info;
        require_ok(file_->Finish(&info), "finish a sorted file");
        bytes_ += info.file_size;
        file_.reset();
    }

    rocksdb::DB& db_;
    rocksdb::ColumnFamilyHandle* handle_;
    std::string directory_;
    rocksdb::Options options_;
    bool has_filter_;
    std::unique_ptr<rocksdb::SstFileWriter> file_;
    std::vector<std::string> paths_;
    std::uint64_t bytes_ = 0;
};

class RocksStore final : public KeyValue {
public:
    explicit RocksStore(const std::string& directory) {
        std::filesystem::create_directories(directory);
        std::vector<rocksdb::ColumnFamilyDescriptor> descriptors{{rocksdb::kDefaultColumnFamilyName, {}}};
        for (std::size_t i = 0; i < TABLE_COUNT; ++i)
            descriptors.emplace_back(name_of(static_cast<Table>(i)), options_of(static_cast<Table>(i)));
        rocksdb::DB* db = nullptr;
        const auto opened = rocksdb::DB::Open(database_options(), directory, descriptors, &handles_, &db);
        if (opened.IsIOError() && opened.ToString().find("lock") != std::string::npos)
            throw std::runtime_error("database: " + directory + " is in use by another process");
        require_ok(opened, ("cannot open " + directory).c_str());
        db_.reset(db);
    }
    ~RocksStore() override {
        for (auto* handle : handles_) (void)db_->DestroyColumnFamilyHandle(handle);
    }

    std::optional<Bytes> find(Table table, ByteView key) const override {
        rocksdb::PinnableSlice value;
        const auto status = db_->Get({}, handle(table), slice(key), &value);
        if (status.IsNotFound()) return std::nullopt;
        require_ok(status, "read");
        const auto* data = reinterpret_cast<const std::uint8_t*>(value.data());
        return Bytes(data, data + value.size());
    }

    void write(const WriteBatch& batch, bool sync) override {
        rocksdb::WriteBatch writes;
        for (const auto* operation : in_order(batch)) {
            if (operation->value)
                require_ok(writes.Put(handle(operation->table), slice(operation->key), slice(*operation->value)),
                           "write");
            else
                require_ok(writes.Delete(handle(operation->table), slice(operation->key)), "delete");
        }
        rocksdb::WriteOptions options;
        options.sync = sync;
        write_with([&] { return db_->Write(options, &writes); });
    }

    void scan(Table table, ByteView start, ScanOrder order, const Visit& visit) const override {
        const std::unique_ptr<rocksdb::Iterator> entries(db_->NewIterator({}, handle(table)));
        const bool up = order == ScanOrder::Ascending;
        if (up)
            entries->Seek(slice(start));
        else
            entries->SeekForPrev(slice(start));
        while (entries->Valid() && visit(view(entries->key()), view(entries->value()))) {
            if (up)
                entries->Next();
            else
                entries->Prev();
        }
        require_ok(entries->status(), "scan");
    }

    bool is_on_disk() const override { return true; }
    void flush() override {
        write_with([this] { return db_->FlushWAL(true); });
    }

    std::unique_ptr<SortedWriter> write_sorted(Table table) override {
        return std::make_unique<RocksSortedWriter>(*db_, handle(table), table, db_->GetName() + "/sorted");
    }

private:
    // After a write that failed the log ends with part of a record, and RocksDB aborts whoever writes on, be it at the same moment: so one at a time.
    void write_with(const std::function<rocksdb::Status()>& write) {
        const std::lock_guard lock(write_mutex_);
        if (has_failed_) throw io::Failure(io::FailureKind::Datadir, "database: an earlier write failed");
        const auto status = write();
        if (status.ok()) return;
        has_failed_ = true;
        throw io::Failure(io::FailureKind::Datadir, "database: write: " + status.ToString());
    }

    // Neighbours one after another: each finds its place in RocksDB's list near the last one's, which the processor still has at hand.
    static std::vector<const WriteBatch::Operation*> in_order(const WriteBatch& batch) {
        std::vector<const WriteBatch::Operation*> order;
        order.reserve(batch.operations().size());
        for (const auto& operation : batch.operations()) order.push_back(&operation);
        std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {  // of one key the last still wins
            if (a->table != b->table) return a->table < b->table;
            const auto by_key = a->key <=> b->key;
            return by_key != 0 ? by_key < 0 : a < b;
        });
        return order;
    }
    [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Table table) const {
        return handles_[1 + static_cast<std::size_t>(table)];
    }

    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
    std::mutex write_mutex_;
    bool has_failed_ = false;
};

// Once the store stands: a constructor that throws would leave the database's handles behind.
void check_schema(KeyValue& store, const std::string& directory) {
    const ByteView key(reinterpret_cast<const std::uint8_t*>(META_SCHEMA.data()), META_SCHEMA.size());
    const auto known = store.find(Table::Meta, key);
    if (!known) {
        Bytes version(8);
        store_be64(version.data(), SCHEMA);
        WriteBatch batch;
        batch.put(Table::Meta, key, std::move(version));
        store.write(batch, true);
        return;
    }
    const bool is_readable = known->size() == 8;
    if (is_readable && load_be64(known->data()) == SCHEMA) return;
    throw std::runtime_error("database: " + directory + " was written by another version of this program (schema " +
                             (is_readable ? std::to_string(load_be64(known->data())) : "unreadable") +
                             ", this one reads " + std::to_string(SCHEMA) + "): use another --datadir");
}

}  // namespace

std::unique_ptr<KeyValue> open_rocks_store(const std::string& directory) {
    auto store = std::make_unique<RocksStore>(directory);
    check_schema(*store, directory);
    return store;
}

}  // namespace entresol::store
