#include "node/store/key_value.hpp"

namespace entresol::store {
namespace {

// For stores that gain nothing from order.
class BatchWriter final : public SortedWriter {
public:
    BatchWriter(KeyValue& store, Table table) : store_(store), table_(table) {}
    void add(ByteView key, ByteView value) override {
        bytes_ += key.size() + value.size();
        batch_.put(table_, key, to_bytes(value));
        if (batch_.operations().size() >= MAX_BATCH) write();
    }
    std::uint64_t finish() override {
        write();
        return bytes_;
    }

private:
    static constexpr std::size_t MAX_BATCH = 10'000;
    void write() {
        store_.write(batch_, false);
        batch_ = {};
    }
    KeyValue& store_;
    Table table_;
    WriteBatch batch_;
    std::uint64_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<SortedWriter> KeyValue::write_sorted(Table table) {
    return std::make_unique<BatchWriter>(*this, table);
}

}  // namespace entresol::store
