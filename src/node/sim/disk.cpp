#include "node/sim/disk.hpp"

#include <stdexcept>

namespace entresol::sim {

void Disk::write(const store::WriteBatch& batch, bool sync) {
    if (is_full_ && !stopped_at_) throw std::runtime_error("No space left on device");
    store::WriteBatch before;
    for (const auto& operation : batch.operations()) {
        auto value = tables_->find(operation.table, operation.key);
        if (value)
            before.put(operation.table, operation.key, std::move(*value));
        else
            before.erase(operation.table, operation.key);
    }
    tables_->write(batch, false);
    unsynced_.push_back(std::move(before));
    if (sync) flush();
}

void Disk::flush() {
    if (!stopped_at_) unsynced_.clear();
}

void Disk::stop() {
    if (!stopped_at_) stopped_at_ = unsynced_.size();
}

// A key that one batch writes twice has the same value before it in both places, so the order within a batch is of no matter.
void Disk::undo_to(std::size_t size) {
    while (unsynced_.size() > size) {
        tables_->write(unsynced_.back(), false);
        unsynced_.pop_back();
    }
}

void Disk::restart(Loss loss, Random& random) {
    undo_to(stopped_at_.value_or(unsynced_.size()));
    if (loss == Loss::PowerCut) undo_to(random.between(0, unsynced_.size()));
    if (loss == Loss::PowerCut) unsynced_.clear();  // what was found on the disk is on it
    stopped_at_.reset();
    is_full_ = false;
}

}  // namespace entresol::sim
