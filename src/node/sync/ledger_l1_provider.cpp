#include "node/sync/ledger_l1_provider.hpp"

namespace entresol::sync {

using derive::Fetched;
using derive::FetchError;

Fetched<chain::Header> LedgerL1Provider::header_by_number(std::uint64_t number) {
    auto header = ledger_.find_header(number);
    if (!header) return fail(FetchError::NotFound);
    return std::move(*header);
}

Fetched<chain::Header> LedgerL1Provider::header_by_hash(const Hash32& hash) {
    const auto block = ledger_.find_block(hash);
    if (block == nullptr) return fail(FetchError::NotFound);
    return block->block.header;
}

Fetched<std::vector<chain::Receipt>> LedgerL1Provider::receipts(const Hash32& block_hash) {
    const auto block = ledger_.find_block(block_hash);
    if (block == nullptr) return fail(FetchError::NotFound);
    std::vector<chain::Receipt> receipts;
    for (const auto& outcome : block->outcomes) receipts.push_back(outcome.receipt);
    return receipts;
}

Fetched<std::vector<chain::Transaction>> LedgerL1Provider::transactions(const Hash32& block_hash) {
    const auto block = ledger_.find_block(block_hash);
    if (block == nullptr) return fail(FetchError::NotFound);
    return block->block.transactions;
}

}  // namespace entresol::sync
