// Any Ethereum node as derivation reads it. Blocks never change under their hash, so those are cached; numbers are asked anew. Thread-safe.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/derive/providers.hpp"
#include "node/io/hash_seed.hpp"
#include "node/l1/client.hpp"

namespace entresol::sync {

class ClientL1Provider final : public derive::L1Provider, public derive::BlobProvider {
public:
    explicit ClientL1Provider(std::shared_ptr<l1::L1Client> client) : client_(std::move(client)) {}

    derive::Fetched<chain::Header> header_by_number(std::uint64_t number) override;
    derive::Fetched<chain::Header> header_by_hash(const Hash32& hash) override;
    derive::Fetched<std::vector<chain::Receipt>> receipts(const Hash32& block_hash) override;
    derive::Fetched<std::vector<chain::Transaction>> transactions(const Hash32& block_hash) override;
    derive::Fetched<std::vector<Bytes>> blobs(const derive::L1BlockRef& block,
                                              std::span<const derive::BlobId> ids) override;

    /// What the endpoint said, in words, where it did not answer the last request as it should; empty where it did. That a block is not there is an answer.
    [[nodiscard]] std::string problem();

private:
    derive::FetchError note(const l1::L1Error& error);
    void note_answer();

    static constexpr std::size_t MAX_CACHED_BLOCKS = 512;
    struct Entry {
        std::shared_ptr<const l1::L1Block> block;
        std::shared_ptr<const std::vector<chain::Receipt>> receipts;
    };
    derive::Fetched<std::shared_ptr<const l1::L1Block>> load_block(const Hash32& hash);
    void remember(const Hash32& hash, Entry entry);

    std::shared_ptr<l1::L1Client> client_;
    std::mutex mutex_;
    std::unordered_map<Hash32, Entry, io::TableHash> cache_;
    std::list<Hash32> order_;  // oldest first
    std::string problem_;
};

}  // namespace entresol::sync
