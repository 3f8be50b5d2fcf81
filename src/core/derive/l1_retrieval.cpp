#include "core/derive/l1_retrieval.hpp"

#include "core/derive/blob_codec.hpp"

namespace entresol::derive {
namespace {

/// Derivation specification, "L1 Retrieval": to the inbox, signed by the batcher; types 0 to 3 (Ecotone).
bool is_batcher_transaction(const chain::Transaction& tx, const Address& inbox, const Address& batcher) {
    if (tx.type > chain::TxType::Blob || tx.to != inbox) return false;
    return chain::recover_sender(tx) == batcher;
}

/// Calldata of a batcher transaction, or a place for one of its blobs.
struct Item {
    Bytes calldata;
    bool is_blob = false;
};

}  // namespace

void L1Retrieval::reset() {
    block_.reset();
    data_.clear();
}

Result<void, Stall> L1Retrieval::load() {
    const auto transactions = l1_.transactions(block_->hash);
    if (!transactions) return fail(to_stall(transactions.error()));
    std::vector<Item> items;
    std::vector<BlobId> ids;
    std::uint64_t blob_index = 0;
    for (const chain::Transaction& tx : *transactions) {
        const bool ours = is_batcher_transaction(tx, config_.batch_inbox, traversal_.batcher());
        if (ours && tx.type != chain::TxType::Blob) items.push_back({tx.data, false});
        for (const Hash32& hash : tx.blob_hashes) {
            if (ours) {
                items.push_back({{}, true});  // a blob transaction's calldata is ignored (Ecotone)
                ids.push_back({blob_index, hash});
            }
            ++blob_index;
        }
    }
    std::vector<Bytes> contents;
    if (!ids.empty()) {
        auto fetched = blobs_.blobs(*block_, ids);
        if (!fetched) return fail(to_stall(fetched.error()));
        contents = *std::move(fetched);
        CHECK(contents.size() == ids.size());
    }
    std::size_t next_blob = 0;
    for (Item& item : items) {
        if (!item.is_blob) {
            data_.push_back(std::move(item.calldata));
        } else if (auto data = decode_blob(contents[next_blob++])) {  // a malformed blob is ignored (Ecotone)
            data_.push_back(*std::move(data));
        }
    }
    block_.reset();
    return {};
}

Result<Bytes, Stall> L1Retrieval::next_data() {
    if (data_.empty()) {
        if (!block_) block_ = traversal_.take_block();
        if (!block_) return fail(Stall::Exhausted);
        TRY_VOID(load());
        if (data_.empty()) return fail(Stall::Exhausted);
    }
    Bytes data = std::move(data_.front());
    data_.pop_front();
    return data;
}

}  // namespace entresol::derive
