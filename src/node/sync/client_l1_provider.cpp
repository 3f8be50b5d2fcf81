#include "node/sync/client_l1_provider.hpp"

namespace entresol::sync {
namespace {

using derive::Fetched;
using derive::FetchError;

}  // namespace

// What an endpoint cannot or will not answer now may come later; what it says is not there is not there.
FetchError ClientL1Provider::note(const l1::L1Error& error) {
    if (error.kind == l1::L1ErrorKind::NotFound) {
        note_answer();
        return FetchError::NotFound;
    }
    const std::lock_guard lock(mutex_);
    problem_ = error.message;
    return FetchError::Temporary;
}

void ClientL1Provider::note_answer() {
    const std::lock_guard lock(mutex_);
    problem_.clear();
}

std::string ClientL1Provider::problem() {
    const std::lock_guard lock(mutex_);
    return problem_;
}

void ClientL1Provider::remember(const Hash32& hash, Entry entry) {
    const std::lock_guard lock(mutex_);
    auto& slot = cache_[hash];
    if (slot.block == nullptr) order_.push_back(hash);
    if (entry.block != nullptr) slot.block = std::move(entry.block);
    if (entry.receipts != nullptr) slot.receipts = std::move(entry.receipts);
    while (order_.size() > MAX_CACHED_BLOCKS) {
        cache_.erase(order_.front());
        order_.pop_front();
    }
}

Fetched<std::shared_ptr<const l1::L1Block>> ClientL1Provider::load_block(const Hash32& hash) {
    {
        const std::lock_guard lock(mutex_);
        const auto it = cache_.find(hash);
        if (it != cache_.end() && it->second.block != nullptr) return it->second.block;
    }
    auto block = client_->block(hash);
    if (!block) return fail(note(block.error()));
    note_answer();
    auto shared = std::make_shared<const l1::L1Block>(std::move(*block));
    remember(hash, {shared, nullptr});
    return shared;
}

Fetched<chain::Header> ClientL1Provider::header_by_number(std::uint64_t number) {
    auto block = client_->header(number);
    if (!block) return fail(note(block.error()));
    note_answer();
    return std::move(block->header);
}

Fetched<chain::Header> ClientL1Provider::header_by_hash(const Hash32& hash) {
    TRY(const auto block, load_block(hash));
    return block->header;
}

Fetched<std::vector<chain::Transaction>> ClientL1Provider::transactions(const Hash32& block_hash) {
    TRY(const auto block, load_block(block_hash));
    return block->transactions;
}

Fetched<std::vector<chain::Receipt>> ClientL1Provider::receipts(const Hash32& block_hash) {
    {
        const std::lock_guard lock(mutex_);
        const auto it = cache_.find(block_hash);
        if (it != cache_.end() && it->second.receipts != nullptr) return *it->second.receipts;
    }
    TRY(const auto block, load_block(block_hash));
    auto receipts = client_->receipts(*block);
    if (!receipts) return fail(note(receipts.error()));
    note_answer();
    remember(block_hash, {block, std::make_shared<const std::vector<chain::Receipt>>(*receipts)});
    return std::move(*receipts);
}

Fetched<std::vector<Bytes>> ClientL1Provider::blobs(const derive::L1BlockRef& block,
                                                    std::span<const derive::BlobId> ids) {
    TRY(const auto loaded, load_block(block.hash));
    std::vector<Hash32> hashes;
    for (const auto& id : ids) hashes.push_back(id.versioned_hash);
    auto blobs = client_->blobs(loaded->header, hashes);
    // A beacon node may know a block's blobs a moment later than the block: not there means not yet.
    if (!blobs) {
        (void)note({l1::L1ErrorKind::BadAnswer, blobs.error().message});
        return fail(FetchError::Temporary);
    }
    note_answer();
    return std::move(*blobs);
}

}  // namespace entresol::sync
