#include "node/store/flat_state.hpp"

#include <array>
#include <stdexcept>
#include <unordered_map>

#include "core/codec/rlp.hpp"
#include "core/trie/difference.hpp"
#include "node/io/hash_seed.hpp"
#include "node/store/flat_encoding.hpp"

namespace entresol::store {
namespace {

constexpr std::size_t MAX_CHANGES_PER_WRITE = 50'000;
constexpr std::size_t CACHE_SHARDS = 16, MAX_CACHED_PER_SHARD = 8'192;

// Values that were read or written, of the generation at hand. A full shard is simply emptied.
template <typename Key, typename Value>
class Cache {
public:
    std::optional<Value> find(const Key& key) {
        auto& shard = shard_of(key);
        const std::lock_guard lock(shard.mutex);
        const auto it = shard.values.find(key);
        if (it == shard.values.end()) return std::nullopt;
        return it->second;
    }
    /// What a reader found; too late where the writer has begun, for it may have passed here already.
    void put(const Key& key, const Value& value, const std::atomic<std::uint64_t>& generation, std::uint64_t ticket) {
        auto& shard = shard_of(key);
        const std::lock_guard lock(shard.mutex);
        if (generation.load(std::memory_order_acquire) == ticket) insert(shard, key, value);
    }
    void replace(const Key& key, const Value& value) {
        auto& shard = shard_of(key);
        const std::lock_guard lock(shard.mutex);
        insert(shard, key, value);
    }
    void clear() {
        for (auto& shard : shards_) {
            const std::lock_guard lock(shard.mutex);
            shard.values.clear();
        }
    }

private:
    struct KeyHash {
        std::size_t operator()(const Key& key) const { return hash(key.view()); }
        io::TableHash hash;
    };
    struct Shard {
        std::mutex mutex;
        std::unordered_map<Key, Value, KeyHash> values;
    };
    static void insert(Shard& shard, const Key& key, const Value& value) {
        if (shard.values.size() >= MAX_CACHED_PER_SHARD) shard.values.clear();
        shard.values.insert_or_assign(key, value);
    }
    Shard& shard_of(const Key& key) { return shards_[key.bytes[Key::SIZE - 1] % CACHE_SHARDS]; }
    std::array<Shard, CACHE_SHARDS> shards_;
};

}  // namespace

struct FlatState::Caches {
    Cache<Hash32, std::optional<state::TrieAccount>> accounts;
    Cache<SlotKey, U256> slots;
};

FlatState::FlatState(KeyValue& kv, trie::NodeSource& nodes)
    : kv_(kv), nodes_(nodes), caches_(std::make_unique<Caches>()) {
    const auto marker = decode_marker(kv_.find(Table::Accounts, MARKER_KEY));
    if (marker.from == marker.to)
        root_ = marker.to;
    else
        move(marker.from, marker.to);
}
FlatState::~FlatState() = default;

Hash32 FlatState::root() const {
    const std::lock_guard lock(root_mutex_);
    return root_.value_or(Hash32{});
}

std::optional<FlatState::Ticket> FlatState::ticket(const Hash32& root) const {
    const std::lock_guard lock(root_mutex_);
    if (root_ != root) return std::nullopt;
    return generation_.load(std::memory_order_acquire);
}

// A value that a writer has touched meanwhile was published after the generation had changed: looking at that last finds out.
std::optional<std::optional<state::TrieAccount>> FlatState::find_account(Ticket ticket, const Hash32& key) const {
    auto account = caches_->accounts.find(key);
    const bool was_cached = account.has_value();
    if (!was_cached) account = decode_flat_account(kv_.find(Table::Accounts, key.view()));
    if (generation_.load(std::memory_order_acquire) != ticket) return std::nullopt;
    if (!was_cached) caches_->accounts.put(key, *account, generation_, ticket);
    return account;
}

std::optional<U256> FlatState::find_slot(Ticket ticket, const Hash32& account, const Hash32& key) const {
    const SlotKey slot = slot_key(account, key);
    auto value = caches_->slots.find(slot);
    const bool was_cached = value.has_value();
    if (!was_cached) value = decode_flat_slot(kv_.find(Table::Slots, slot.view()));
    if (generation_.load(std::memory_order_acquire) != ticket) return std::nullopt;
    if (!was_cached) caches_->slots.put(slot, *value, generation_, ticket);
    return value;
}

void FlatState::begin_move() {
    const std::lock_guard lock(root_mutex_);
    root_.reset();
    generation_.fetch_add(1, std::memory_order_acq_rel);
}

void FlatState::end_move(const Hash32& root) {
    const std::lock_guard lock(root_mutex_);
    root_ = root;
}

void FlatState::remember(const WriteBatch& batch) {
    for (const auto& operation : batch.operations()) {
        if (operation.table == Table::Accounts && operation.key.size() == Hash32::SIZE)
            caches_->accounts.replace(from_bytes<Hash32>(operation.key), decode_flat_account(operation.value));
        if (operation.table == Table::Slots)
            caches_->slots.replace(from_bytes<SlotKey>(operation.key), decode_flat_slot(operation.value));
    }
}

void FlatState::write(WriteBatch& batch, const state::StateStep& step) {
    move_to(step.from);
    if (step.from == step.to) return kv_.write(batch, false);
    add_leaves(batch, step);
    batch.put(Table::Accounts, MARKER_KEY, encode_marker({step.to, step.to}));
    begin_move();
    kv_.write(batch, false);  // if it throws, nothing is read here any more and the next move begins from the marker
    remember(batch);
    end_move(step.to);
}

void FlatState::move_to(const Hash32& root) {
    if (this->root() == root) return;
    const auto marker = decode_marker(kv_.find(Table::Accounts, MARKER_KEY));
    if (marker.from != marker.to) move(marker.from, marker.to);
    move(marker.to, root);
}

// Collects what differs, accounts and the slots below them, into writes of bounded size.
class FlatState::Mover final : public trie::DifferenceVisitor {
public:
    Mover(FlatState& flat, const Marker& marker) : flat_(flat), marker_(marker) {}

    Result<void, trie::TrieError> change(const Hash32& key, ByteView before, ByteView after) override {
        TRY(const Hash32 old_root, storage_root_of(before));
        TRY(const Hash32 new_root, storage_root_of(after));
        put_account(batch_, key, after);
        SlotVisitor slots(*this, key);
        if (old_root != new_root) TRY_VOID(trie::visit_difference(flat_.nodes_, old_root, new_root, slots));
        write_if_full();
        return {};
    }

    void finish() {
        batch_.put(Table::Accounts, MARKER_KEY, encode_marker({marker_.to, marker_.to}));
        flat_.kv_.write(batch_, false);
        if (has_written_)
            flat_.caches_->accounts.clear(), flat_.caches_->slots.clear();
        else
            flat_.remember(batch_);
    }

private:
    class SlotVisitor final : public trie::DifferenceVisitor {
    public:
        SlotVisitor(Mover& mover, const Hash32& account) : mover_(mover), account_(account) {}
        Result<void, trie::TrieError> change(const Hash32& key, ByteView, ByteView after) override {
            put_slot(mover_.batch_, account_, key, after);
            mover_.write_if_full();
            return {};
        }

    private:
        Mover& mover_;
        const Hash32& account_;
    };

    static Result<Hash32, trie::TrieError> storage_root_of(ByteView leaf) {
        if (leaf.empty()) return crypto::EMPTY_TRIE_ROOT;
        const auto account = state::decode_trie_account(leaf);
        if (!account) return fail(trie::TrieError::MalformedNode);
        return account->storage_root;
    }

    // Until the last write the marker names both ends: doing the same again from the start gives the same.
    void write_if_full() {
        if (batch_.operations().size() < MAX_CHANGES_PER_WRITE) return;
        batch_.put(Table::Accounts, MARKER_KEY, encode_marker(marker_));
        flat_.kv_.write(batch_, false);
        batch_ = {};
        has_written_ = true;
    }

    FlatState& flat_;
    Marker marker_;
    WriteBatch batch_;
    bool has_written_ = false;
};

void FlatState::move(const Hash32& from, const Hash32& to) {
    begin_move();
    Mover mover(*this, {from, to});
    const auto moved = trie::visit_difference(nodes_, from, to, mover);
    if (!moved)
        throw std::runtime_error(std::string("database: a state is incomplete: ") + trie::to_string(moved.error()));
    mover.finish();
    end_move(to);
}

void FlatState::add_leaves(WriteBatch& batch, const state::StateStep& step) {
    for (const auto& storage : step.storages) {
        if (storage.cleared) drop_slots(batch, storage.account);
        for (const auto& slot : storage.slots) put_slot(batch, storage.account, slot.key, slot.value);
    }
    for (const auto& account : step.accounts) put_account(batch, account.key, account.value);
}

// The trie knows which slots there were. Since EIP-6780 an account with slots is never cleared, so this is for older forks.
void FlatState::drop_slots(WriteBatch& batch, const Hash32& account) {
    const auto old = decode_flat_account(kv_.find(Table::Accounts, account.view()));
    if (!old || old->storage_root == crypto::EMPTY_TRIE_ROOT) return;
    class Eraser final : public trie::DifferenceVisitor {
    public:
        Eraser(WriteBatch& batch, const Hash32& account) : batch_(batch), account_(account) {}
        Result<void, trie::TrieError> change(const Hash32& key, ByteView, ByteView) override {
            put_slot(batch_, account_, key, {});
            return {};
        }

    private:
        WriteBatch& batch_;
        const Hash32& account_;
    } eraser(batch, account);
    if (!trie::visit_difference(nodes_, old->storage_root, crypto::EMPTY_TRIE_ROOT, eraser))
        throw std::runtime_error("database: the storage of an account is incomplete");
}

}  // namespace entresol::store
