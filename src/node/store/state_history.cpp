#include "node/store/state_history.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/difference.hpp"
#include "node/store/flat_encoding.hpp"

namespace entresol::store {
namespace {

// Behind the blocks, whose keys are eight bytes of a number.
constexpr std::uint8_t RANGE_BYTES[1] = {0xfe};
constexpr ByteView RANGE_KEY{RANGE_BYTES, 1};

Bytes with_number(ByteView key, std::uint64_t block) {
    Bytes out = to_bytes(key);
    out.resize(key.size() + 8);
    store_be64(out.data() + key.size(), block);
    return out;
}

// The entry of the first block after this one that changed the key: entries of a key lie together, in the order of their blocks.
std::optional<Bytes> find_first_after(const KeyValue& kv, Table table, ByteView key, std::uint64_t block) {
    std::optional<Bytes> found;
    kv.scan(table, with_number(key, block + 1), ScanOrder::Ascending, [&](ByteView entry, ByteView value) {
        if (entry.size() == key.size() + 8 && std::equal(key.begin(), key.end(), entry.begin()))
            found = to_bytes(value);
        return false;
    });
    return found;
}

// One block's keys: each account, how many slots, the slots.
void append_keys(Bytes& out, const Hash32& account, const std::vector<Hash32>& slots) {
    append(out, account.view());
    out.resize(out.size() + 4);
    store_be32(out.data() + out.size() - 4, static_cast<std::uint32_t>(slots.size()));
    for (const auto& slot : slots) append(out, slot.view());
}

template <typename Visit>
void visit_keys(ByteView bytes, const Visit& visit) {
    constexpr std::size_t HEAD = Hash32::SIZE + 4;
    while (!bytes.empty()) {
        if (bytes.size() < HEAD) throw std::runtime_error("database: a block's list of changes is damaged");
        const Hash32 account = from_bytes<Hash32>(bytes.first(Hash32::SIZE));
        const std::size_t count = load_be32(bytes.data() + Hash32::SIZE);
        bytes = bytes.subspan(HEAD);
        if (bytes.size() / Hash32::SIZE < count)
            throw std::runtime_error("database: a block's list of changes is damaged");
        visit(account, bytes.first(count * Hash32::SIZE));
        bytes = bytes.subspan(count * Hash32::SIZE);
    }
}

Result<Hash32, trie::TrieError> storage_root_of(ByteView leaf) {
    if (leaf.empty()) return crypto::EMPTY_TRIE_ROOT;
    const auto account = state::decode_trie_account(leaf);
    if (!account) return fail(trie::TrieError::MalformedNode);
    return account->storage_root;
}

}  // namespace

StateHistory::StateHistory(KeyValue& kv) : kv_(kv) {
    const auto stored = kv_.find(Table::Changes, RANGE_KEY);
    if (!stored) return;
    if (stored->size() != 16) throw std::runtime_error("database: the range of the history is damaged");
    range_ = Range{load_be64(stored->data()), load_be64(stored->data() + 8)};
}

std::optional<StateHistory::Range> StateHistory::range() const {
    const std::lock_guard lock(range_mutex_);
    return range_;
}

std::optional<std::optional<state::TrieAccount>> StateHistory::find_account(std::uint64_t block,
                                                                            const Hash32& key) const {
    const auto found = find_first_after(kv_, Table::AccountHistory, key.view(), block);
    if (!found) return std::nullopt;
    if (found->empty()) return std::optional<state::TrieAccount>{};
    return decode_flat_account(found);
}

std::optional<Bytes> StateHistory::find_slot_leaf(std::uint64_t block, const Hash32& account, const Hash32& key) const {
    return find_first_after(kv_, Table::SlotHistory, slot_key(account, key).view(), block);
}

std::optional<U256> StateHistory::find_slot(std::uint64_t block, const Hash32& account, const Hash32& key) const {
    const auto found = find_slot_leaf(block, account, key);
    if (!found) return std::nullopt;
    return found->empty() ? U256{} : decode_flat_slot(found);
}

std::optional<StateHistory::Changed> StateHistory::changed_keys(std::uint64_t after, std::uint64_t last) const {
    Changed changed;
    std::size_t count = 0;
    for (std::uint64_t block = after + 1; block <= last; ++block) {
        const auto keys = kv_.find(Table::Changes, with_number({}, block));
        if (!keys) continue;  // it changed nothing
        count += keys->size() / Hash32::SIZE;
        if (count > MAX_REBUILT_CHANGES) return std::nullopt;
        visit_keys(*keys, [&](const Hash32& account, ByteView slots) {
            auto& known = changed[account];
            for (; !slots.empty(); slots = slots.subspan(Hash32::SIZE))
                known.insert(from_bytes<Hash32>(slots.first(Hash32::SIZE)));
        });
    }
    return changed;
}

void StateHistory::write(WriteBatch& batch, Range range) {
    Bytes value(16);
    store_be64(value.data(), range.oldest);
    store_be64(value.data() + 8, range.newest);
    batch.put(Table::Changes, RANGE_KEY, std::move(value));
    kv_.write(batch, false);
    const std::lock_guard lock(range_mutex_);
    range_ = range;
}

void StateHistory::begin(std::uint64_t block) {
    const auto known = range();
    if (known) {
        generation_.fetch_add(1, std::memory_order_acq_rel);
        while (forget_oldest()) {
        }
    }
    WriteBatch batch;
    write(batch, {block, block});
}

// Collects the values before a block, and the list of their keys.
class StateHistory::Writer final : public trie::DifferenceVisitor {
public:
    Writer(trie::NodeSource& nodes, std::uint64_t block) : nodes_(nodes), block_(block) {}

    Result<void, trie::TrieError> change(const Hash32& key, ByteView before, ByteView after) override {
        TRY(const Hash32 old_root, storage_root_of(before));
        TRY(const Hash32 new_root, storage_root_of(after));
        Bytes value;
        if (!before.empty()) value = encode_flat_account(*state::decode_trie_account(before));
        batch.put(Table::AccountHistory, with_number(key.view(), block_), std::move(value));
        SlotVisitor slots(*this, key);
        if (old_root != new_root) TRY_VOID(trie::visit_difference(nodes_, old_root, new_root, slots));
        append_keys(keys, key, slots.changed);
        return {};
    }

    WriteBatch batch;
    Bytes keys;

private:
    class SlotVisitor final : public trie::DifferenceVisitor {
    public:
        SlotVisitor(Writer& writer, const Hash32& account) : writer_(writer), account_(account) {}
        Result<void, trie::TrieError> change(const Hash32& key, ByteView before, ByteView) override {
            writer_.batch.put(Table::SlotHistory, with_number(slot_key(account_, key).view(), writer_.block_),
                              to_bytes(before));
            changed.push_back(key);
            return {};
        }
        std::vector<Hash32> changed;

    private:
        Writer& writer_;
        const Hash32& account_;
    };

    trie::NodeSource& nodes_;
    std::uint64_t block_;
};

Result<void, trie::TrieError> StateHistory::extend(trie::NodeSource& nodes, const Hash32& before, const Hash32& after) {
    Range range = this->range().value();
    ++range.newest;
    Writer writer(nodes, range.newest);
    TRY_VOID(trie::visit_difference(nodes, before, after, writer));
    if (!writer.keys.empty()) writer.batch.put(Table::Changes, with_number({}, range.newest), std::move(writer.keys));
    write(writer.batch, range);
    return {};
}

void StateHistory::erase_changes(WriteBatch& batch, std::uint64_t block) const {
    const auto keys = kv_.find(Table::Changes, with_number({}, block));
    if (!keys) return;
    visit_keys(*keys, [&](const Hash32& account, ByteView slots) {
        batch.erase(Table::AccountHistory, with_number(account.view(), block));
        for (; !slots.empty(); slots = slots.subspan(Hash32::SIZE)) {
            const Hash32 slot = from_bytes<Hash32>(slots.first(Hash32::SIZE));
            batch.erase(Table::SlotHistory, with_number(slot_key(account, slot).view(), block));
        }
    });
    batch.erase(Table::Changes, with_number({}, block));
}

void StateHistory::unwind(std::uint64_t newest) {
    generation_.fetch_add(1, std::memory_order_acq_rel);
    for (auto range = this->range().value(); range.newest > newest;) {
        WriteBatch batch;
        erase_changes(batch, range.newest);
        --range.newest;
        if (range.oldest > range.newest) range.oldest = range.newest;
        write(batch, range);
    }
}

bool StateHistory::forget_oldest() {
    Range range = this->range().value();
    if (range.oldest == range.newest) return false;
    WriteBatch batch;
    erase_changes(batch, ++range.oldest);
    write(batch, range);
    return true;
}

}  // namespace entresol::store
