#include "node/store/bulk_state.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "core/base/endian.hpp"
#include "node/store/flat_encoding.hpp"
#include "node/store/sorted_trie.hpp"

namespace entresol::store {
namespace {

constexpr std::size_t BUCKETS = 64;
constexpr std::size_t MAX_NODE_BYTES = 0xffff;  // a branch with 16 hashes has 532
constexpr std::size_t RECORD_HEAD = Hash32::SIZE + 2;

// Nodes in files by the first bits of their hashes, until all are there; a record is hash, length, RLP.
class NodeBuckets {
public:
    explicit NodeBuckets(std::string folder) : folder_(std::move(folder)) {
        std::filesystem::create_directories(folder_);
        for (std::size_t i = 0; i < BUCKETS; ++i) {
            files_[i].open(path_of(i), std::ios::binary | std::ios::trunc);
            if (!files_[i]) throw std::runtime_error("cannot write " + path_of(i));
        }
    }
    ~NodeBuckets() {
        std::error_code ignored;  // scratch
        std::filesystem::remove_all(folder_, ignored);
    }
    NodeBuckets(const NodeBuckets&) = delete;
    NodeBuckets& operator=(const NodeBuckets&) = delete;

    void add(const Hash32& hash, ByteView rlp) {
        CHECK(rlp.size() <= MAX_NODE_BYTES);
        std::ofstream& file = files_[hash.bytes[0] / (256 / BUCKETS)];
        const std::array<char, 2> size{static_cast<char>(rlp.size() >> 8), static_cast<char>(rlp.size() & 0xff)};
        file.write(reinterpret_cast<const char*>(hash.data()), Hash32::SIZE);
        file.write(size.data(), size.size());
        file.write(reinterpret_cast<const char*>(rlp.data()), static_cast<std::streamsize>(rlp.size()));
    }
    void write_into(SortedWriter& table) {
        for (std::size_t i = 0; i < BUCKETS; ++i) {
            files_[i].close();
            if (!files_[i]) throw std::runtime_error("cannot write " + path_of(i) + ": is the disk full?");
            write_bucket(path_of(i), table);
            std::filesystem::remove(path_of(i));
        }
    }

private:
    [[nodiscard]] std::string path_of(std::size_t bucket) const { return folder_ + "/nodes-" + std::to_string(bucket); }

    static void write_bucket(const std::string& path, SortedWriter& table) {
        Bytes all(std::filesystem::file_size(path));
        std::ifstream file(path, std::ios::binary);
        file.read(reinterpret_cast<char*>(all.data()), static_cast<std::streamsize>(all.size()));
        if (!file) throw std::runtime_error("cannot read " + path);
        std::vector<const std::uint8_t*> records;
        for (std::size_t at = 0; at < all.size(); at += RECORD_HEAD + size_of(&all[at])) records.push_back(&all[at]);
        const auto order = [](const std::uint8_t* a, const std::uint8_t* b) { return std::memcmp(a, b, Hash32::SIZE); };
        std::sort(records.begin(), records.end(), [&](const auto* a, const auto* b) { return order(a, b) < 0; });
        const std::uint8_t* last = nullptr;
        for (const auto* record : records) {  // equal subtrees of two accounts are one node
            if (last == nullptr || order(last, record) != 0)
                table.add({record, Hash32::SIZE}, {record + RECORD_HEAD, size_of(record)});
            last = record;
        }
    }
    static std::size_t size_of(const std::uint8_t* record) {
        return static_cast<std::size_t>(record[Hash32::SIZE]) << 8 | record[Hash32::SIZE + 1];
    }

    std::string folder_;
    std::array<std::ofstream, BUCKETS> files_;
};

class CountingSink final : public trie::NodeSink {
public:
    explicit CountingSink(NodeBuckets& buckets) : buckets_(buckets) {}
    void put_node(const Hash32& hash, Bytes rlp) override {
        bytes += Hash32::SIZE + rlp.size();
        buckets_.add(hash, rlp);
    }
    std::uint64_t bytes = 0;

private:
    NodeBuckets& buckets_;
};

}  // namespace

struct BulkState::Impl {
    Impl(KeyValue& store, std::string scratch_folder)
        : kv(store),
          buckets(std::move(scratch_folder)),
          accounts_table(kv.write_sorted(Table::Accounts)),
          slots_table(kv.write_sorted(Table::Slots)) {}

    KeyValue& kv;
    NodeBuckets buckets;
    CountingSink account_nodes{buckets}, slot_nodes{buckets};
    SortedTrie accounts{account_nodes}, slots{slot_nodes};
    std::unique_ptr<SortedWriter> accounts_table, slots_table;
};

BulkState::BulkState(KeyValue& kv, std::string scratch_folder)
    : impl_(std::make_unique<Impl>(kv, std::move(scratch_folder))) {}
BulkState::~BulkState() = default;

void BulkState::add_slot(const Hash32& account, const Hash32& key, Bytes value) {
    impl_->slots_table->add(slot_key(account, key).view(), value);
    impl_->slots.add(key, std::move(value));
}

void BulkState::add_account(const Hash32& key, const state::Account& account) {
    const state::TrieAccount full{account, impl_->slots.finish()};
    impl_->accounts_table->add(key.view(), encode_flat_account(full));
    impl_->accounts.add(key, state::encode(full));
}

Hash32 BulkState::finish(Sizes& sizes) {
    const Hash32 root = impl_->accounts.finish();
    const auto nodes_table = impl_->kv.write_sorted(Table::Nodes);
    impl_->buckets.write_into(*nodes_table);
    sizes = {.flat_accounts = impl_->accounts_table->finish(),
             .flat_slots = impl_->slots_table->finish(),
             .nodes = nodes_table->finish(),
             .account_node_bytes = impl_->account_nodes.bytes,
             .slot_node_bytes = impl_->slot_nodes.bytes};
    WriteBatch marker;
    marker.put(Table::Accounts, MARKER_KEY, encode_marker({root, root}));
    impl_->kv.write(marker, true);
    return root;
}

}  // namespace entresol::store
