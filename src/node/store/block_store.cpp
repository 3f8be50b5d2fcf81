#include "node/store/block_store.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <unordered_map>

#include "core/base/endian.hpp"
#include "core/base/hex.hpp"
#include "node/io/hash_seed.hpp"

namespace entresol::store {
namespace {

constexpr std::size_t CACHE_SHARDS = 16;
constexpr std::size_t MAX_CACHED_NODES_PER_SHARD = 16'384;
constexpr std::string_view META_CHAIN_ID = "chain_id", META_GENESIS = "genesis_hash";
constexpr std::size_t MAX_CACHED_CODES = 4'096;

Bytes number_key(std::uint64_t number) {
    Bytes key(8);
    store_be64(key.data(), number);
    return key;
}

// Behind the blocks of the canonical chain, whose keys are numbers alone.
Bytes removed_key(std::uint64_t number, const Hash32& hash) {
    Bytes key(9, 0xff);
    store_be64(key.data() + 1, number);
    append(key, hash.view());
    return key;
}

ByteView text_key(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

std::string_view head_name(HeadKind kind) {
    switch (kind) {
        case HeadKind::Safe: return "head.safe";
        case HeadKind::Finalized: return "head.finalized";
        case HeadKind::Latest: break;
    }
    return "head.latest";
}

// Nodes never change under their hash, so a cache needs no invalidation. Two generations: when the young one is full it becomes the old one, and what is
// asked for again moves back; so the upper levels of the tries stay, whatever passes through.
class NodeCache {
public:
    std::optional<Bytes> find(const Hash32& hash) {
        auto& shard = shard_of(hash);
        const std::lock_guard lock(shard.mutex);
        const auto young = shard.young.find(hash);
        if (young != shard.young.end()) return young->second;
        auto old = shard.old.extract(hash);
        if (old.empty()) return std::nullopt;
        Bytes rlp = old.mapped();
        make_room(shard);
        shard.young.insert(std::move(old));
        return rlp;
    }
    void put(const Hash32& hash, const Bytes& rlp) {
        auto& shard = shard_of(hash);
        const std::lock_guard lock(shard.mutex);
        make_room(shard);
        shard.young.emplace(hash, rlp);
    }

private:
    using Nodes = std::unordered_map<Hash32, Bytes, io::TableHash>;
    struct Shard {
        std::mutex mutex;
        Nodes young, old;
    };
    static void make_room(Shard& shard) {
        if (shard.young.size() < MAX_CACHED_NODES_PER_SHARD / 2) return;
        shard.old = std::exchange(shard.young, {});
    }
    Shard& shard_of(const Hash32& hash) { return shards_[hash.bytes[0] % CACHE_SHARDS]; }
    std::array<Shard, CACHE_SHARDS> shards_;
};

}  // namespace

struct BlockStore::Impl {
    std::shared_ptr<KeyValue> kv;
    NodeCache nodes;
    std::atomic<std::uint64_t> node_misses{0};
    std::mutex codes_mutex;
    std::unordered_map<Hash32, state::CodePtr, io::TableHash> codes;
    std::unique_ptr<FlatState> flat;
    std::unique_ptr<StateHistory> history;
    std::function<void(const Hash32&)> node_listener;

    using Entries = std::vector<std::pair<Hash32, Bytes>>;
    void add_state(WriteBatch& batch, const Entries& new_nodes, const Entries& new_codes) const {
        for (const auto& [hash, rlp] : new_nodes) {
            if (node_listener) node_listener(hash);
            batch.put(Table::Nodes, hash.view(), rlp);
        }
        for (const auto& [hash, code] : new_codes) batch.put(Table::Codes, hash.view(), code);
    }
    /// With the leaves, where the state has them.
    void write(WriteBatch& batch, const NewState& state) const {
        if (state.step)
            flat->write(batch, *state.step);
        else
            kv->write(batch, false);
    }
    static void add_block(WriteBatch& batch, const BlockCommit& commit) {
        batch.put(Table::Headers, commit.hash.view(), commit.header_rlp);
        batch.put(Table::Bodies, commit.hash.view(), commit.body);
        batch.put(Table::Receipts, commit.hash.view(), commit.receipts);
    }
    static void add_canonical(WriteBatch& batch, std::uint64_t number, const Hash32& hash,
                              const std::vector<Hash32>& tx_hashes) {
        batch.put(Table::Canonical, number_key(number), to_bytes(hash.view()));
        for (std::size_t i = 0; i < tx_hashes.size(); ++i) {
            Bytes position = to_bytes(hash.view());
            position.resize(36);
            store_be32(position.data() + 32, static_cast<std::uint32_t>(i));
            batch.put(Table::Transactions, tx_hashes[i].view(), std::move(position));
        }
    }
    static void add_head(WriteBatch& batch, HeadKind kind, const Hash32& hash) {
        batch.put(Table::Meta, text_key(head_name(kind)), to_bytes(hash.view()));
    }
};

BlockStore::BlockStore(std::shared_ptr<KeyValue> kv) : impl_(std::make_unique<Impl>()) {
    impl_->kv = std::move(kv);
    impl_->flat = std::make_unique<FlatState>(*impl_->kv, *this);
    impl_->history = std::make_unique<StateHistory>(*impl_->kv);
}
BlockStore::~BlockStore() = default;

std::optional<Bytes> BlockStore::find_node(const Hash32& hash) {
    if (auto cached = impl_->nodes.find(hash)) return cached;
    impl_->node_misses.fetch_add(1, std::memory_order_relaxed);
    auto found = impl_->kv->find(Table::Nodes, hash.view());
    if (found) impl_->nodes.put(hash, *found);
    return found;
}

std::uint64_t BlockStore::node_misses() const { return impl_->node_misses.load(std::memory_order_relaxed); }

state::CodePtr BlockStore::find_code(const Hash32& code_hash) {
    {
        const std::lock_guard lock(impl_->codes_mutex);
        const auto it = impl_->codes.find(code_hash);
        if (it != impl_->codes.end()) return it->second;
    }
    const auto bytes = impl_->kv->find(Table::Codes, code_hash.view());
    if (!bytes) return nullptr;
    auto code = state::make_code(*bytes);
    const std::lock_guard lock(impl_->codes_mutex);
    if (impl_->codes.size() >= MAX_CACHED_CODES) impl_->codes.clear();
    impl_->codes.emplace(code_hash, code);
    return code;
}

FlatState& BlockStore::flat() const { return *impl_->flat; }
StateHistory& BlockStore::history() const { return *impl_->history; }
void BlockStore::set_node_listener(std::function<void(const Hash32&)> listener) {
    impl_->node_listener = std::move(listener);
}

std::vector<Hash32> BlockStore::removed_blocks() const {
    std::vector<Hash32> found;
    impl_->kv->scan(Table::Changes, removed_key(0, {}), ScanOrder::Ascending, [&found](ByteView key, ByteView) {
        found.push_back(from_bytes<Hash32>(key.last(Hash32::SIZE)));
        return true;
    });
    return found;
}

void BlockStore::forget_removed_below(std::uint64_t number) {
    WriteBatch batch;
    const Bytes end = removed_key(number, {});
    impl_->kv->scan(Table::Changes, removed_key(0, {}), ScanOrder::Ascending, [&](ByteView key, ByteView) {
        if (!std::lexicographical_compare(key.begin(), key.end(), end.begin(), end.end())) return false;
        batch.erase(Table::Changes, key);
        return true;
    });
    if (!batch.operations().empty()) impl_->kv->write(batch, false);
}

std::optional<Bytes> BlockStore::find_header(const Hash32& hash) const {
    return impl_->kv->find(Table::Headers, hash.view());
}
std::optional<Bytes> BlockStore::find_body(const Hash32& hash) const {
    return impl_->kv->find(Table::Bodies, hash.view());
}
std::optional<Bytes> BlockStore::find_receipts(const Hash32& hash) const {
    return impl_->kv->find(Table::Receipts, hash.view());
}

std::optional<Hash32> BlockStore::find_canonical_hash(std::uint64_t number) const {
    const auto found = impl_->kv->find(Table::Canonical, number_key(number));
    if (!found) return std::nullopt;
    return from_bytes<Hash32>(*found);
}

std::optional<BlockStore::TxPosition> BlockStore::find_transaction(const Hash32& tx_hash) const {
    const auto found = impl_->kv->find(Table::Transactions, tx_hash.view());
    if (!found) return std::nullopt;
    return TxPosition{from_bytes<Hash32>(*found), load_be32(found->data() + 32)};
}

std::optional<Hash32> BlockStore::head(HeadKind kind) const {
    const auto found = find_meta(head_name(kind));
    if (!found) return std::nullopt;
    return from_bytes<Hash32>(*found);
}

void BlockStore::put_block(const BlockCommit& commit) {
    WriteBatch batch;
    impl_->add_state(batch, commit.state.nodes, commit.codes);
    Impl::add_block(batch, commit);
    impl_->kv->write(batch, false);
}

void BlockStore::append_block(const BlockCommit& commit) {
    WriteBatch batch;
    impl_->add_state(batch, commit.state.nodes, commit.codes);
    Impl::add_block(batch, commit);
    Impl::add_canonical(batch, commit.number, commit.hash, commit.tx_hashes);
    Impl::add_head(batch, HeadKind::Latest, commit.hash);
    impl_->write(batch, commit.state);
}

void BlockStore::reorganise(const std::vector<CanonicalBlock>& removed, const std::vector<CanonicalBlock>& added,
                            const Hash32& new_head) {
    WriteBatch batch;
    for (const auto& block : removed) {
        batch.erase(Table::Canonical, number_key(block.number));
        batch.put(Table::Changes, removed_key(block.number, block.hash), {});
        for (const auto& tx_hash : block.tx_hashes) batch.erase(Table::Transactions, tx_hash.view());
    }
    for (const auto& block : added) Impl::add_canonical(batch, block.number, block.hash, block.tx_hashes);
    Impl::add_head(batch, HeadKind::Latest, new_head);
    impl_->kv->write(batch, false);
}

void BlockStore::set_head(HeadKind kind, const Hash32& hash) {
    WriteBatch batch;
    Impl::add_head(batch, kind, hash);
    // What is final is on the disk, with everything written before it: a power cut takes back only what L1 could take back too.
    impl_->kv->write(batch, kind == HeadKind::Finalized);
}

void BlockStore::put_state(const NewState& state, const std::vector<std::pair<Hash32, Bytes>>& codes) {
    WriteBatch batch;
    impl_->add_state(batch, state.nodes, codes);
    impl_->write(batch, state);
}

void BlockStore::put_nodes(const std::vector<std::pair<Hash32, Bytes>>& nodes,
                           const std::vector<std::pair<Hash32, Bytes>>& codes) {
    WriteBatch batch;
    impl_->add_state(batch, nodes, codes);
    impl_->kv->write(batch, false);
}

std::optional<Bytes> BlockStore::find_meta(std::string_view name) const {
    return impl_->kv->find(Table::Meta, text_key(name));
}

void BlockStore::put_meta(std::string_view name, ByteView value) {
    WriteBatch batch;
    batch.put(Table::Meta, text_key(name), to_bytes(value));
    impl_->kv->write(batch, false);
}

std::optional<Bytes> BlockStore::find_blob(const Hash32& versioned_hash) const {
    return impl_->kv->find(Table::Blobs, versioned_hash.view());
}

void BlockStore::put_blob(const Hash32& versioned_hash, Bytes record) {
    WriteBatch batch;
    batch.put(Table::Blobs, versioned_hash.view(), std::move(record));
    impl_->kv->write(batch, false);
}

bool BlockStore::check_chain(std::uint64_t chain_id, const Hash32& genesis_hash) const {
    const auto known_id = find_meta(META_CHAIN_ID);
    const auto known_genesis = find_meta(META_GENESIS);
    if (known_id && load_be64(known_id->data()) != chain_id)
        throw std::runtime_error("this directory holds chain " + std::to_string(load_be64(known_id->data())) +
                                 ", not " + std::to_string(chain_id));
    if (known_genesis && from_bytes<Hash32>(*known_genesis) != genesis_hash)
        throw std::runtime_error("this directory holds another chain with the id " + std::to_string(chain_id) +
                                 ": its genesis is " + to_hex(*known_genesis) + ", not " + to_hex(genesis_hash) +
                                 "; was it made with other options?");
    return known_genesis.has_value();
}

void BlockStore::name_chain(std::uint64_t chain_id, const Hash32& genesis_hash) {
    WriteBatch batch;
    batch.put(Table::Meta, text_key(META_CHAIN_ID), number_key(chain_id));
    batch.put(Table::Meta, text_key(META_GENESIS), to_bytes(genesis_hash.view()));
    impl_->kv->write(batch, true);
}

const std::shared_ptr<KeyValue>& BlockStore::tables() const { return impl_->kv; }

void BlockStore::flush() { impl_->kv->flush(); }

}  // namespace entresol::store
