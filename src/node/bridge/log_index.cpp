#include "node/bridge/log_index.hpp"

#include <algorithm>

namespace entresol::bridge {

void LogIndex::drop_from(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    std::erase_if(logs_, [&](const l1::L1Log& log) { return log.block_number >= number; });
}

// The newest mark that is still on the chain is where reading goes on.
l1::L1Result<void> LogIndex::step_back() {
    while (!marks_.empty()) {
        const auto hash = source_.hash_of(marks_.back().number);
        if (hash && *hash == marks_.back().hash) return {};
        if (!hash && hash.error().kind != l1::L1ErrorKind::NotFound) return fail(hash.error());
        marks_.pop_back();
        next_ = marks_.empty() ? source_.first_block : marks_.back().number + 1;
        drop_from(next_);
    }
    return {};
}

// False when there is nothing more to read.
l1::L1Result<bool> LogIndex::step_forward() {
    TRY(const auto head, source_.head());
    if (head < next_) return false;
    const std::uint64_t last = std::min(head, next_ + BLOCKS_AT_ONCE - 1);
    TRY(const auto hash, source_.hash_of(last));
    TRY(auto logs, source_.logs(next_, last));
    {
        const std::lock_guard lock(mutex_);
        std::ranges::move(logs, std::back_inserter(logs_));
        if (logs_.size() > MAX_LOGS) logs_.erase(logs_.begin(), logs_.end() - static_cast<std::ptrdiff_t>(MAX_LOGS));
    }
    if (marks_.size() == MAX_MARKS) marks_.erase(marks_.begin());
    marks_.push_back({last, hash});
    next_ = last + 1;
    return last < head;
}

std::string LogIndex::catch_up() {
    const std::unique_lock lock(reading_, std::try_to_lock);
    if (!lock) return {};
    if (const auto back = step_back(); !back) return back.error().message;
    for (std::size_t i = 0; i < STEPS_A_CALL; ++i) {
        const auto more = step_forward();
        if (!more) return more.error().message;
        if (!*more) break;
    }
    return {};
}

std::vector<l1::L1Log> LogIndex::logs() const {
    const std::lock_guard lock(mutex_);
    return logs_;
}

}  // namespace entresol::bridge
