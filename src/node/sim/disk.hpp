// A disk that keeps what was synced and, when the power is cut, only some of what was written after that: batches in order, as a log does. A killed process
// loses nothing that it wrote. Outlives the processes that use it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "node/sim/random.hpp"
#include "node/store/key_value.hpp"

namespace entresol::sim {

class Disk final : public store::KeyValue {
public:
    Disk() : tables_(store::make_memory_store()) {}

    [[nodiscard]] std::optional<Bytes> find(store::Table table, ByteView key) const override {
        return tables_->find(table, key);
    }
    void write(const store::WriteBatch& batch, bool sync) override;
    void scan(store::Table table, ByteView start, store::ScanOrder order, const Visit& visit) const override {
        tables_->scan(table, start, order, visit);
    }
    void flush() override;

    /// The process is dead: what its code still writes while it is unwound never happened.
    void stop();
    /// Another process may come. After a power cut it finds all that was synced and a random part of the rest.
    enum class Loss : std::uint8_t { Nothing, PowerCut };
    void restart(Loss loss, Random& random);
    [[nodiscard]] std::size_t unsynced() const { return unsynced_.size(); }
    /// From now on writes fail, as on a full disk; until restart().
    void fill() { is_full_ = true; }

private:
    void undo_to(std::size_t size);

    std::unique_ptr<store::KeyValue> tables_;
    std::vector<store::WriteBatch> unsynced_;  // what undoes each batch since the last sync
    std::optional<std::size_t> stopped_at_;    // unsynced batches when the process died
    bool is_full_ = false;
};

}  // namespace entresol::sim
