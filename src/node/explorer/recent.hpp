// What the overview shows, kept as the chain moves so that nobody's polling costs a read of the store: the newest blocks in numbers, the newest
// transactions, and when each mini-block was made (a sealed block does not tell). Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <mutex>

#include "node/explorer/sources.hpp"
#include "node/sequencer/mini_block.hpp"

namespace entresol::explorer {

struct BlockFigures {
    std::uint64_t number = 0;
    Hash32 hash;
    std::uint64_t timestamp = 0;  // seconds
    std::size_t transactions = 0;
    std::uint64_t gas_used = 0, gas_limit = 0;
    U256 base_fee;
    std::size_t size_bytes = 0;
};
[[nodiscard]] BlockFigures figures_of(const ledger::StoredBlock& block);

/// One mini-block as it is remembered.
struct MiniBlockMark {
    std::uint64_t number = 0;  // of its block
    std::uint32_t index = 0, first_tx = 0;
    std::size_t transactions = 0;
    std::uint64_t made_at_ms = 0;
};

class Recent {
public:
    static constexpr std::size_t BLOCKS = 120;
    static constexpr std::size_t MINI_BLOCK_BLOCKS = 4096;  // blocks whose mini-blocks are remembered

    explicit Recent(const Sources& sources);
    ~Recent();
    Recent(const Recent&) = delete;
    Recent& operator=(const Recent&) = delete;

    [[nodiscard]] std::vector<BlockFigures> blocks() const;  // oldest first
    /// The mini-block which held the transaction at this place of the block.
    [[nodiscard]] std::optional<MiniBlockMark> find_mini_block(std::uint64_t number, std::size_t tx_index) const;
    [[nodiscard]] std::vector<MiniBlockMark> mini_blocks(std::size_t most) const;  // newest first

private:
    void follow(const ledger::HeadChange& change);
    void remember(const sequencer::MiniBlock& mini_block);

    ledger::Ledger& ledger_;
    std::uint64_t subscription_ = 0;
    mutable std::mutex mutex_;
    std::deque<BlockFigures> blocks_;
    std::map<std::uint64_t, std::vector<MiniBlockMark>> marks_;  // by block number
};

}  // namespace entresol::explorer
