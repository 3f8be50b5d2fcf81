// L1 as derivation reads it, known by one block's hash: everything else is its ancestor.
#pragma once

#include <map>

#include "core/program/oracle.hpp"

namespace entresol::program {

class OracleL1 final : public derive::L1Provider, public derive::BlobProvider {
public:
    /// Blocks after the head do not exist.
    OracleL1(Oracle& oracle, const Hash32& head) : oracle_(oracle), head_(head) {}

    derive::Fetched<chain::Header> header_by_number(std::uint64_t number) override;
    derive::Fetched<chain::Header> header_by_hash(const Hash32& hash) override;
    derive::Fetched<std::vector<chain::Receipt>> receipts(const Hash32& block_hash) override;
    derive::Fetched<std::vector<chain::Transaction>> transactions(const Hash32& block_hash) override;
    derive::Fetched<std::vector<Bytes>> blobs(const derive::L1BlockRef& block,
                                              std::span<const derive::BlobId> ids) override;

private:
    struct Ancestor {
        Hash32 hash;
        chain::Header header;
    };
    derive::Fetched<chain::Header> load(const Hash32& hash);
    [[nodiscard]] const chain::Header* find_ancestor(const Hash32& hash) const;

    Oracle& oracle_;
    Hash32 head_;
    std::map<std::uint64_t, Ancestor> ancestors_;  // consecutive, up to the head
};

}  // namespace entresol::program
