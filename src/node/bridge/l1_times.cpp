#include "node/bridge/l1_times.hpp"

namespace entresol::bridge {

std::optional<std::uint64_t> L1Times::find(std::uint64_t number, const std::optional<Hash32>& hash) const {
    {
        const std::lock_guard lock(mutex_);
        const auto it = known_.find(number);
        if (it != known_.end() && (!hash || it->second.hash == *hash)) return it->second.time_ms;
    }
    const auto block = hash ? client_->header(*hash) : client_->header(number);
    if (!block) return std::nullopt;
    const std::uint64_t time_ms = block->header.timestamp * 1000;
    const std::lock_guard lock(mutex_);
    if (known_.size() >= MAX_REMEMBERED) known_.erase(known_.begin());
    known_[number] = {block->hash, time_ms};
    return time_ms;
}

}  // namespace entresol::bridge
