#include "core/program/oracle_l1.hpp"

#include <algorithm>

#include "core/program/oracle_nodes.hpp"

namespace entresol::program {

using derive::Fetched;
using derive::FetchError;

Fetched<chain::Header> OracleL1::load(const Hash32& hash) {
    oracle_.hint(Hint::L1Header, hash);
    const auto encoded = oracle_.find(hash);
    if (!encoded) return fail(FetchError::Temporary);
    auto header = chain::decode_header(*encoded);
    if (!header) return fail(FetchError::NotFound);
    return *std::move(header);
}

const chain::Header* OracleL1::find_ancestor(const Hash32& hash) const {
    const auto found = std::find_if(ancestors_.rbegin(), ancestors_.rend(),
                                    [&](const auto& entry) { return entry.second.hash == hash; });
    return found == ancestors_.rend() ? nullptr : &found->second.header;
}

Fetched<chain::Header> OracleL1::header_by_hash(const Hash32& hash) {
    if (const auto* known = find_ancestor(hash)) return *known;
    return load(hash);
}

Fetched<chain::Header> OracleL1::header_by_number(std::uint64_t number) {
    if (ancestors_.empty()) {
        TRY(auto header, load(head_));
        const auto top = header.number;
        ancestors_.emplace(top, Ancestor{head_, std::move(header)});
    }
    if (number > ancestors_.rbegin()->first) return fail(FetchError::NotFound);
    while (ancestors_.begin()->first > number) {
        const auto& [lowest, child] = *ancestors_.begin();
        const Hash32 hash = child.header.parent_hash;
        TRY(auto header, load(hash));
        if (header.number + 1 != lowest) return fail(FetchError::NotFound);  // no chain has that
        ancestors_.emplace(lowest - 1, Ancestor{hash, std::move(header)});
    }
    return ancestors_.at(number).header;
}

Fetched<std::vector<chain::Receipt>> OracleL1::receipts(const Hash32& block_hash) {
    TRY(const auto header, header_by_hash(block_hash));
    oracle_.hint(Hint::L1Receipts, block_hash);
    const auto encoded = read_ordered_list(oracle_, header.receipts_root);
    if (!encoded) return fail(FetchError::Temporary);
    std::vector<chain::Receipt> out;
    out.reserve(encoded->size());
    for (const Bytes& one : *encoded) {
        auto receipt = chain::decode_receipt(one);
        if (!receipt) return fail(FetchError::NotFound);
        out.push_back(*std::move(receipt));
    }
    return out;
}

Fetched<std::vector<chain::Transaction>> OracleL1::transactions(const Hash32& block_hash) {
    TRY(const auto header, header_by_hash(block_hash));
    oracle_.hint(Hint::L1Transactions, block_hash);
    const auto encoded = read_ordered_list(oracle_, header.transactions_root);
    if (!encoded) return fail(FetchError::Temporary);
    std::vector<chain::Transaction> out;
    out.reserve(encoded->size());
    for (const Bytes& one : *encoded) {
        auto tx = chain::decode_transaction(one);
        if (!tx) return fail(FetchError::NotFound);
        out.push_back(*std::move(tx));
    }
    return out;
}

Fetched<std::vector<Bytes>> OracleL1::blobs(const derive::L1BlockRef& block, std::span<const derive::BlobId> ids) {
    std::vector<Bytes> out;
    out.reserve(ids.size());
    for (const auto& id : ids) {
        auto blob = oracle_.find_blob(block, id);
        if (!blob) return fail(FetchError::Temporary);
        out.push_back(*std::move(blob));
    }
    return out;
}

}  // namespace entresol::program
