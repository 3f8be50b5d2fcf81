#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "node/io/hash_seed.hpp"
#include "node/store/key_value.hpp"

namespace entresol::store {
namespace {

struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(ByteView key) const { return hash(key); }
    io::TableHash hash;
};
struct KeyEqual {
    using is_transparent = void;
    bool operator()(ByteView a, ByteView b) const {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
    }
};

bool is_before(ByteView a, ByteView b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }

// One lock over all tables: a batch is seen whole. Readers share it; writers are few.
class MemoryStore final : public KeyValue {
public:
    std::optional<Bytes> find(Table table, ByteView key) const override {
        const std::shared_lock lock(mutex_);
        const auto& entries = tables_[static_cast<std::size_t>(table)];
        const auto it = entries.find(key);
        if (it == entries.end()) return std::nullopt;
        return it->second;
    }
    void write(const WriteBatch& batch, bool) override {
        const std::unique_lock lock(mutex_);
        for (const auto& operation : batch.operations()) {
            auto& entries = tables_[static_cast<std::size_t>(operation.table)];
            if (operation.value)
                entries.insert_or_assign(operation.key, *operation.value);
            else
                entries.erase(operation.key);
        }
    }
    // Tables are hashed, not sorted: that is done here, for those who scan are few and their tables small.
    void scan(Table table, ByteView start, ScanOrder order, const Visit& visit) const override {
        const std::shared_lock lock(mutex_);
        const bool up = order == ScanOrder::Ascending;
        std::vector<const std::pair<const Bytes, Bytes>*> found;
        for (const auto& entry : tables_[static_cast<std::size_t>(table)])
            if (up ? !is_before(entry.first, start) : !is_before(start, entry.first)) found.push_back(&entry);
        std::sort(found.begin(), found.end(), [up](const auto* a, const auto* b) {
            return up ? is_before(a->first, b->first) : is_before(b->first, a->first);
        });
        for (const auto* entry : found)
            if (!visit(entry->first, entry->second)) return;
    }
    void flush() override {}

private:
    mutable std::shared_mutex mutex_;
    std::array<std::unordered_map<Bytes, Bytes, KeyHash, KeyEqual>, TABLE_COUNT> tables_;
};

}  // namespace

std::unique_ptr<KeyValue> make_memory_store() { return std::make_unique<MemoryStore>(); }

}  // namespace entresol::store
