// RocksDB as this program opens it beside LMDB, which nothing else here links: random reads over five million keys of 32 bytes, blocks of 2,000 changes,
// opening again. Names are "program/what" (tools/bench_ratios.py). CPU time is the whole process's, background threads too. ENTRESOL_BENCH_KEYS sets
// another number of keys, TMPDIR where they lie.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <unistd.h>
#if __has_include(<lmdb.h>)
#include <lmdb.h>
#define ENTRESOL_BENCH_LMDB 1
#endif

#include "core/base/endian.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {
namespace {

constexpr std::size_t CHANGES_PER_BLOCK = 2'000;
constexpr std::size_t VALUE_BYTES = 110;  // a leaf of the account trie

std::uint64_t key_count() {
    const char* chosen = std::getenv("ENTRESOL_BENCH_KEYS");
    return chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 5'000'000;
}

// splitmix64: as good as hashes for this, and cheap beside what is measured.
std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}
Bytes random_bytes(std::uint64_t seed, std::size_t size) {
    Bytes out(size + 8);
    for (std::size_t i = 0; i < size; i += 8) store_be64(out.data() + i, mix(seed * 64 + i));
    out.resize(size);
    return out;
}
Bytes key_of(std::uint64_t n) { return random_bytes(n, 32); }

WriteBatch block_of(std::uint64_t first) {
    WriteBatch batch;
    for (std::uint64_t n = first; n < first + CHANGES_PER_BLOCK; ++n)
        batch.put(Table::Nodes, key_of(n), random_bytes(~n, VALUE_BYTES));
    return batch;
}

#ifdef ENTRESOL_BENCH_LMDB
void require(int code, const char* what) {
    if (code != MDB_SUCCESS) throw std::runtime_error(std::string(what) + ": " + mdb_strerror(code));
}
MDB_val mdb_view(ByteView bytes) { return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())}; }

/// Only what is measured. `sync` false: MDB_NOSYNC, which survives a killed process but, unlike RocksDB's log, not a power cut.
class LmdbStore final : public KeyValue {
public:
    explicit LmdbStore(const std::string& directory) {
        std::filesystem::create_directories(directory);
        require(mdb_env_create(&env_), "create");
        require(mdb_env_set_mapsize(env_, 64ULL << 30), "map");
        require(mdb_env_open(env_, directory.c_str(), MDB_NOSYNC | MDB_NORDAHEAD, 0644), "open");
        MDB_txn* txn = nullptr;
        require(mdb_txn_begin(env_, nullptr, 0, &txn), "begin");
        require(mdb_dbi_open(txn, nullptr, 0, &table_), "table");
        require(mdb_txn_commit(txn), "commit");
    }
    ~LmdbStore() override { mdb_env_close(env_); }
    std::optional<Bytes> find(Table, ByteView key) const override {
        MDB_txn* txn = nullptr;
        require(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn), "begin");
        MDB_val k = mdb_view(key), v{};
        std::optional<Bytes> out;
        if (mdb_get(txn, table_, &k, &v) == MDB_SUCCESS) {
            const auto* data = static_cast<const std::uint8_t*>(v.mv_data);
            out.emplace(data, data + v.mv_size);
        }
        mdb_txn_abort(txn);
        return out;
    }
    void write(const WriteBatch& batch, bool sync) override {
        MDB_txn* txn = nullptr;
        require(mdb_txn_begin(env_, nullptr, 0, &txn), "begin");
        for (const auto& operation : batch.operations()) {
            MDB_val k = mdb_view(operation.key), v = mdb_view(*operation.value);
            require(mdb_put(txn, table_, &k, &v, 0), "put");
        }
        require(mdb_txn_commit(txn), "commit");
        if (sync) flush();
    }
    void scan(Table, ByteView, ScanOrder, const Visit&) const override { throw std::logic_error("not measured"); }
    void flush() override { require(mdb_env_sync(env_, 1), "sync"); }

private:
    MDB_env* env_ = nullptr;
    MDB_dbi table_ = 0;
};
#endif

std::unique_ptr<KeyValue> open_store(bool ours, const std::string& directory) {
#ifdef ENTRESOL_BENCH_LMDB
    if (!ours) return std::make_unique<LmdbStore>(directory);
#endif
    (void)ours;
    return open_rocks_store(directory);
}

double process_cpu_s() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

std::uint64_t disk_bytes(const std::string& directory) {
    std::uint64_t total = 0;
    for (const auto& file : std::filesystem::directory_iterator(directory))
        if (file.is_regular_file()) total += file.file_size();
    return total;
}

/// One program's data, filled once and removed at the end.
struct Filled {
    std::string directory;
    std::unique_ptr<KeyValue> store;
    bool ours;
    std::uint64_t next;

    explicit Filled(bool is_ours)
        : directory(std::filesystem::temp_directory_path() /
                    ("entresol_bench_" + std::to_string(::getpid()) + (is_ours ? "_rocks" : "_lmdb"))),
          store(open_store(is_ours, directory)),
          ours(is_ours),
          next(0) {
        const double cpu = process_cpu_s();
        const auto begin = std::chrono::steady_clock::now();
        for (; next < key_count(); next += CHANGES_PER_BLOCK) store->write(block_of(next), false);
        store->flush();
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
        std::fprintf(stderr, "%s: %llu keys written in blocks: %.1f s, CPU %.1f s, %.0f MB on disk\n",
                     ours ? "ours" : "lmdb", static_cast<unsigned long long>(next), wall.count(), process_cpu_s() - cpu,
                     static_cast<double>(disk_bytes(directory)) / 1e6);
    }
    ~Filled() {
        store.reset();
        std::filesystem::remove_all(directory);
    }
    Filled(const Filled&) = delete;
    Filled& operator=(const Filled&) = delete;
};

Filled& filled(bool ours) {
    static Filled rocks(true);
    if (ours) return rocks;
    static Filled lmdb(false);
    return lmdb;
}

void read(benchmark::State& state, bool ours, bool present) {
    auto& data = filled(ours);
    std::uint64_t turn = 0;
    for (auto _ : state) {
        const auto found =
            data.store->find(Table::Nodes, key_of(mix(turn++) % key_count() + (present ? 0 : 1ULL << 40)));
        if (found.has_value() != present) state.SkipWithError("the store forgot");
        benchmark::DoNotOptimize(found);
    }
}

void write_block(benchmark::State& state, bool ours, bool sync) {
    auto& data = filled(ours);
    for (auto _ : state) {
        state.PauseTiming();
        const auto block = block_of(data.next);
        data.next += CHANGES_PER_BLOCK;
        state.ResumeTiming();
        data.store->write(block, sync);
    }
}

void reopen(benchmark::State& state, bool ours) {
    auto& data = filled(ours);
    for (auto _ : state) {
        data.store.reset();
        data.store = open_store(ours, data.directory);
        if (!data.store->find(Table::Nodes, key_of(7))) state.SkipWithError("the store forgot");
    }
}

void add(const std::string& what, const std::function<void(benchmark::State&, bool)>& run) {
    benchmark::RegisterBenchmark(("ours/" + what).c_str(), [run](auto& state) { run(state, true); })
        ->MeasureProcessCPUTime()
        ->UseRealTime();
#ifdef ENTRESOL_BENCH_LMDB
    benchmark::RegisterBenchmark(("lmdb/" + what).c_str(), [run](auto& state) { run(state, false); })
        ->MeasureProcessCPUTime()
        ->UseRealTime();
#endif
}

const bool REGISTERED = [] {
    add("read a key", [](auto& state, bool ours) { read(state, ours, true); });
    add("read an absent key", [](auto& state, bool ours) { read(state, ours, false); });
    add("write a block", [](auto& state, bool ours) { write_block(state, ours, false); });
    add("write a block, synced", [](auto& state, bool ours) { write_block(state, ours, true); });
    add("open again", [](auto& state, bool ours) { reopen(state, ours); });
    return true;
}();

}  // namespace
}  // namespace entresol::store
