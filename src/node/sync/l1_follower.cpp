#include "node/sync/l1_follower.hpp"

#include <algorithm>

#include "core/base/hex.hpp"
#include "node/io/log.hpp"

namespace entresol::sync {

using derive::Fetched;
using derive::FetchError;

bool L1Follower::follow(std::uint64_t origin_number) {
    forget_far_from(origin_number);
    if (!drop_reorganised()) return false;
    for (std::size_t i = 0; i < BLOCKS_PER_ROUND; ++i) {
        if (blocks_.size() >= MAX_BLOCKS) return false;
        const std::uint64_t next = blocks_.empty() ? origin_number : blocks_.back().header.number + 1;
        if (read_next(next) == Read::Nothing) return false;
    }
    return true;
}

void L1Follower::forget_far_from(std::uint64_t origin_number) {
    const std::lock_guard lock(mutex_);
    if (!blocks_.empty() &&
        (origin_number < blocks_.front().header.number || origin_number > blocks_.back().header.number + 1))
        blocks_.clear();
    while (!blocks_.empty() && blocks_.front().header.number + KEPT_BEHIND < origin_number) blocks_.pop_front();
}

// Only this thread changes blocks_, so reading them here needs no lock.
bool L1Follower::drop_reorganised() {
    while (!blocks_.empty()) {
        const auto canonical = source_.header_by_number(blocks_.back().header.number);
        if (!canonical && canonical.error() == FetchError::Temporary) return false;
        if (canonical && chain::header_hash(*canonical) == blocks_.back().hash) return true;
        io::log_warning("l1", "a block was reorganised away",
                        {{"number", blocks_.back().header.number}, {"hash", to_hex(blocks_.back().hash)}});
        const std::lock_guard lock(mutex_);
        blocks_.pop_back();
        ++reorgs_;
    }
    return true;
}

L1Follower::Read L1Follower::read_next(std::uint64_t number) {
    auto header = source_.header_by_number(number);
    if (!header) return Read::Nothing;
    if (!blocks_.empty() && header->parent_hash != blocks_.back().hash) {
        const std::lock_guard lock(mutex_);
        blocks_.pop_back();
        ++reorgs_;
        return Read::Dropped;
    }
    const Hash32 hash = chain::header_hash(*header);
    auto receipts = source_.receipts(hash);
    if (!receipts) return Read::Nothing;
    const std::lock_guard lock(mutex_);
    blocks_.push_back({hash, std::move(*header), std::move(*receipts)});
    return Read::Appended;
}

const L1Follower::Block* L1Follower::find(const Hash32& hash) const {
    const auto it =
        std::find_if(blocks_.rbegin(), blocks_.rend(), [&](const Block& block) { return block.hash == hash; });
    return it == blocks_.rend() ? nullptr : &*it;
}

Fetched<chain::Header> L1Follower::header_by_number(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (blocks_.empty() || number < blocks_.front().header.number) return fail(FetchError::Temporary);
    if (number > blocks_.back().header.number) return fail(FetchError::NotFound);
    return blocks_[number - blocks_.front().header.number].header;
}

Fetched<chain::Header> L1Follower::header_by_hash(const Hash32& hash) {
    const std::lock_guard lock(mutex_);
    const auto* block = find(hash);
    if (block == nullptr) return fail(FetchError::Temporary);
    return block->header;
}

Fetched<std::vector<chain::Receipt>> L1Follower::receipts(const Hash32& block_hash) {
    const std::lock_guard lock(mutex_);
    const auto* block = find(block_hash);
    if (block == nullptr) return fail(FetchError::Temporary);
    return block->receipts;
}

Fetched<std::vector<chain::Transaction>> L1Follower::transactions(const Hash32&) { return fail(FetchError::Temporary); }

std::uint64_t L1Follower::reorgs() const {
    const std::lock_guard lock(mutex_);
    return reorgs_;
}

}  // namespace entresol::sync
