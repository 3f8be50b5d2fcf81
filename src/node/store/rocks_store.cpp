#include <filesystem>
#include <stdexcept>

#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "node/store/key_value.hpp"

namespace entresol::store {
namespace {

constexpr std::size_t BLOCK_CACHE_BYTES = 256ULL << 20;
constexpr std::size_t WRITE_BUFFER_BYTES = 32ULL << 20;
constexpr double BLOOM_BITS_PER_KEY = 10;

constexpr const char* TABLE_NAMES[TABLE_COUNT] = {"nodes",    "codes",     "headers",      "bodies",
                                                  "receipts", "canonical", "transactions", "meta"};

rocksdb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void require_ok(const rocksdb::Status& status, const char* what) {
    if (!status.ok()) throw std::runtime_error(std::string("database: ") + what + ": " + status.ToString());
}

rocksdb::ColumnFamilyOptions table_options() {
    rocksdb::BlockBasedTableOptions blocks;
    static const auto shared_cache = rocksdb::NewLRUCache(BLOCK_CACHE_BYTES);
    blocks.block_cache = shared_cache;
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(BLOOM_BITS_PER_KEY));
    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(blocks));
    options.write_buffer_size = WRITE_BUFFER_BYTES;
    options.compression = rocksdb::kLZ4Compression;
    return options;
}

class RocksStore final : public KeyValue {
public:
    explicit RocksStore(const std::string& directory) {
        std::filesystem::create_directories(directory);
        rocksdb::DBOptions options;
        options.create_if_missing = true;
        options.create_missing_column_families = true;
        options.max_open_files = 512;
        options.keep_log_file_num = 2;
        options.max_background_jobs = 2;
        std::vector<rocksdb::ColumnFamilyDescriptor> descriptors{{rocksdb::kDefaultColumnFamilyName, table_options()}};
        for (const char* name : TABLE_NAMES) descriptors.emplace_back(name, table_options());
        rocksdb::DB* db = nullptr;
        require_ok(rocksdb::DB::Open(options, directory, descriptors, &handles_, &db),
                   ("cannot open " + directory).c_str());
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
        for (const auto& operation : batch.operations()) {
            if (operation.value)
                require_ok(writes.Put(handle(operation.table), slice(operation.key), slice(*operation.value)), "write");
            else
                require_ok(writes.Delete(handle(operation.table), slice(operation.key)), "delete");
        }
        rocksdb::WriteOptions options;
        options.sync = sync;
        require_ok(db_->Write(options, &writes), "write");
    }

    void flush() override { require_ok(db_->FlushWAL(true), "flush"); }

private:
    [[nodiscard]] rocksdb::ColumnFamilyHandle* handle(Table table) const {
        return handles_[1 + static_cast<std::size_t>(table)];
    }

    std::unique_ptr<rocksdb::DB> db_;
    std::vector<rocksdb::ColumnFamilyHandle*> handles_;
};

}  // namespace

std::unique_ptr<KeyValue> open_rocks_store(const std::string& directory) {
    return std::make_unique<RocksStore>(directory);
}

}  // namespace entresol::store
