// The L1 blocks that a sequencer may take as origins, read ahead from any endpoint, so that building an L2 block never waits for the network.
#pragma once

#include <deque>
#include <mutex>
#include <vector>

#include "core/derive/providers.hpp"

namespace entresol::sync {

/// Reading is thread-safe and answers at once from what is here; follow() is called on one thread and waits for the source.
class L1Follower final : public derive::L1Provider {
public:
    explicit L1Follower(derive::L1Provider& source) : source_(source) {}

    /// Reads on from `origin_number` (the L2 head's L1 origin) towards L1's head, at most BLOCKS_PER_ROUND blocks with their receipts; takes off what was
    /// reorganised away. True when there is more to read now.
    bool follow(std::uint64_t origin_number);
    [[nodiscard]] std::uint64_t reorgs() const;

    derive::Fetched<chain::Header> header_by_number(std::uint64_t number) override;
    derive::Fetched<chain::Header> header_by_hash(const Hash32& hash) override;
    derive::Fetched<std::vector<chain::Receipt>> receipts(const Hash32& block_hash) override;
    /// Not kept: building a block needs none.
    derive::Fetched<std::vector<chain::Transaction>> transactions(const Hash32& block_hash) override;

private:
    static constexpr std::size_t BLOCKS_PER_ROUND = 64;
    static constexpr std::size_t MAX_BLOCKS = 1'024;  // ahead of the origin
    static constexpr std::size_t KEPT_BEHIND = 64;  // a reorg may take the L2 head back that far without reading again

    struct Block {
        Hash32 hash;
        chain::Header header;
        std::vector<chain::Receipt> receipts;
    };
    void forget_far_from(std::uint64_t origin_number);
    /// Takes off blocks until the newest is canonical. False when the source cannot tell.
    bool drop_reorganised();
    enum class Read { Appended, Dropped, Nothing };
    Read read_next(std::uint64_t number);
    [[nodiscard]] const Block* find(const Hash32& hash) const;

    derive::L1Provider& source_;
    mutable std::mutex mutex_;
    std::deque<Block> blocks_;  // consecutive
    std::uint64_t reorgs_ = 0;
};

}  // namespace entresol::sync
