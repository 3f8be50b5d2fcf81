#include "node/store/durability.hpp"

namespace entresol::store {
namespace {

class SyncedStore final : public KeyValue {
public:
    explicit SyncedStore(std::shared_ptr<KeyValue> store) : store_(std::move(store)) {}

    [[nodiscard]] std::optional<Bytes> find(Table table, ByteView key) const override {
        return store_->find(table, key);
    }
    void write(const WriteBatch& batch, bool) override { store_->write(batch, true); }
    void scan(Table table, ByteView start, ScanOrder order, const Visit& visit) const override {
        store_->scan(table, start, order, visit);
    }
    void flush() override { store_->flush(); }
    [[nodiscard]] bool is_on_disk() const override { return store_->is_on_disk(); }
    [[nodiscard]] std::unique_ptr<SortedWriter> write_sorted(Table table) override {
        return store_->write_sorted(table);
    }

private:
    std::shared_ptr<KeyValue> store_;
};

}  // namespace

std::optional<Durability> find_durability(std::string_view name) {
    if (name == "async") return Durability::Async;
    if (name == "block") return Durability::Block;
    return std::nullopt;
}

std::shared_ptr<KeyValue> with_durability(std::shared_ptr<KeyValue> store, Durability durability) {
    if (durability == Durability::Async) return store;
    return std::make_shared<SyncedStore>(std::move(store));
}

}  // namespace entresol::store
