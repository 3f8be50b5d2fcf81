// The embedded L1 as derivation reads it: straight from its ledger, without JSON in between.
#pragma once

#include "core/derive/providers.hpp"
#include "node/ledger/ledger.hpp"

namespace entresol::sync {

/// Thread-safe, like the ledger's reads.
class LedgerL1Provider final : public derive::L1Provider {
public:
    explicit LedgerL1Provider(const ledger::Ledger& ledger) : ledger_(ledger) {}
    derive::Fetched<chain::Header> header_by_number(std::uint64_t number) override;
    derive::Fetched<chain::Header> header_by_hash(const Hash32& hash) override;
    derive::Fetched<std::vector<chain::Receipt>> receipts(const Hash32& block_hash) override;
    derive::Fetched<std::vector<chain::Transaction>> transactions(const Hash32& block_hash) override;

private:
    const ledger::Ledger& ledger_;
};

}  // namespace entresol::sync
