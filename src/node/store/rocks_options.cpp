#include "node/store/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include "core/base/check.hpp"

namespace entresol::store {
namespace {

// Of the whole process, however many stores it opens: blocks, indexes and filters are in this cache and nowhere else.
constexpr std::size_t BLOCK_CACHE_BYTES = 256ULL << 20;
// Of one table, then of one store's tables together: beyond it the fullest is written out.
constexpr std::size_t WRITE_BUFFER_BYTES = 32ULL << 20, ALL_WRITE_BUFFERS_BYTES = 128ULL << 20;
// The log is dropped only when every table it names has been flushed, and small tables flush late: without a bound it grows with the busiest of them.
constexpr std::uint64_t MAX_WAL_BYTES = 256ULL << 20;
constexpr int MAX_OPEN_FILES = 512;
constexpr double BLOOM_BITS_PER_KEY = 10;  // 1 % of absent keys cost a read
constexpr std::uint64_t MIN_SEPARATE_BYTES = 32ULL << 10;

// How a table is asked. None is scanned by prefix where it matters (the outbox holds a handful of entries), so there are no prefix extractors.
enum class Access : std::uint8_t {
    PresentHash,  // random keys that are nearly always there: the last level, nine tenths of all keys, needs no filter
    Hash,         // random keys that strangers ask for
    Ordered,      // ascending keys
};
// What its values are made of.
enum class Content : std::uint8_t {
    Hashes,  // hardly compressible, read all the time: LZ4
    Prose,   // written once, seldom read: ZSTD below
    Large,   // 128 KiB each: in files of their own, so that compaction moves keys alone
};
struct Row {
    Table table;
    const char* name;
    Access access;
    Content content;
};
constexpr Row ROWS[] = {
    {Table::Nodes, "nodes", Access::PresentHash, Content::Hashes},
    {Table::Codes, "codes", Access::PresentHash, Content::Prose},
    {Table::Headers, "headers", Access::Hash, Content::Prose},
    {Table::Bodies, "bodies", Access::Hash, Content::Prose},
    {Table::Receipts, "receipts", Access::Hash, Content::Prose},
    {Table::Canonical, "canonical", Access::Ordered, Content::Hashes},
    {Table::Transactions, "transactions", Access::Hash, Content::Hashes},
    {Table::Meta, "meta", Access::Ordered, Content::Hashes},
    {Table::Blobs, "blobs", Access::Hash, Content::Large},
    {Table::Outbox, "outbox", Access::Ordered, Content::Large},
    {Table::Accounts, "accounts", Access::Hash, Content::Hashes},
    {Table::Slots, "slots", Access::Hash, Content::Hashes},
    {Table::AccountHistory, "account_history", Access::Ordered, Content::Prose},
    {Table::SlotHistory, "slot_history", Access::Ordered, Content::Prose},
    {Table::Changes, "changes", Access::Ordered, Content::Prose},
};
static_assert(std::size(ROWS) == TABLE_COUNT);

const Row& row_of(Table table) {
    const Row& row = ROWS[static_cast<std::size_t>(table)];
    CHECK(row.table == table);
    return row;
}

rocksdb::BlockBasedTableOptions block_options(Access access) {
    static const auto cache = rocksdb::NewLRUCache(BLOCK_CACHE_BYTES);
    rocksdb::BlockBasedTableOptions blocks;
    blocks.block_cache = cache;
    blocks.cache_index_and_filter_blocks = true;
    blocks.pin_l0_filter_and_index_blocks_in_cache = true;
    blocks.filter_policy.reset(rocksdb::NewBloomFilterPolicy(BLOOM_BITS_PER_KEY));
    if (access == Access::Ordered) return blocks;
    // A point is looked up by hash in its block, not by bisection.
    blocks.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
    // Indexes and filters in parts of a block's size: of a large state they do not all fit into the cache, and one read must not fetch a file's whole index.
    blocks.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
    blocks.partition_filters = true;
    blocks.cache_index_and_filter_blocks_with_high_priority = true;
    return blocks;
}

// RocksDB keeps a diary beside the data, and aborts the program when it cannot write there: on a full disk before any write of ours has failed.
class NoDiary final : public rocksdb::Logger {
public:
    NoDiary() : rocksdb::Logger(rocksdb::InfoLogLevel::FATAL_LEVEL) {}
    using rocksdb::Logger::Logv;
    void Logv(const char*, va_list) override {}
};

}  // namespace

const char* name_of(Table table) { return row_of(table).name; }

rocksdb::DBOptions database_options() {
    rocksdb::DBOptions options;
    options.create_if_missing = true;
    options.create_missing_column_families = true;
    options.max_open_files = MAX_OPEN_FILES;
    options.info_log = std::make_shared<NoDiary>();
    options.max_background_jobs = 2;
    options.db_write_buffer_size = ALL_WRITE_BUFFERS_BYTES;
    options.max_total_wal_size = MAX_WAL_BYTES;
    options.bytes_per_sync = 1ULL << 20;  // background writing spreads out instead of stalling at its end
    options.wal_bytes_per_sync = 1ULL << 20;
    // After a power cut the log is replayed up to its first damaged record: the store is as it was after some batch, all tables together.
    options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
    return options;
}

rocksdb::ColumnFamilyOptions options_of(Table table) {
    const Row& row = row_of(table);
    rocksdb::ColumnFamilyOptions options;
    options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(block_options(row.access)));
    options.write_buffer_size = WRITE_BUFFER_BYTES;
    options.compression = rocksdb::kLZ4Compression;
    options.optimize_filters_for_hits = row.access == Access::PresentHash;
    if (row.content == Content::Prose) options.bottommost_compression = rocksdb::kZSTD;
    if (row.content == Content::Large) {
        options.enable_blob_files = true;
        options.min_blob_size = MIN_SEPARATE_BYTES;
        options.blob_compression_type = rocksdb::kLZ4Compression;  // a small batch leaves most of its blob zero
        options.enable_blob_garbage_collection = true;
    }
    return options;
}

}  // namespace entresol::store
