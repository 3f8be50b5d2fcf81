// For tests: an L1 in memory, an L2 that executes, a sequencer and a batcher between them. Everything is deterministic.
#pragma once

#include <map>
#include <random>

#include "core/derive/channel_builder.hpp"
#include "core/derive/derive_block.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::derive::testing {

inline constexpr std::uint64_t L1_BLOCK_TIME = 12;
[[nodiscard]] Hash32 key_of(std::uint8_t seed);

/// A chain of headers, transactions and receipts; nothing is executed. Orphans stay readable by hash, as on a real node.
class MemoryL1 final : public L1Provider, public BlobProvider {
public:
    explicit MemoryL1(std::uint64_t genesis_timestamp);

    struct Block {
        chain::Header header;
        Hash32 hash;
        std::vector<chain::Transaction> transactions;
        std::vector<chain::Receipt> receipts;
    };
    /// What the next block will hold.
    std::vector<chain::Transaction> pending;
    std::vector<chain::Log> pending_logs;
    const Block& mine(std::uint64_t seconds = L1_BLOCK_TIME);
    /// Forgets blocks above `number`; what is mined next differs from what was there.
    void reorganise(std::uint64_t number);
    /// Makes a block that was once the head, on whatever branch, the head again.
    void switch_to(const Hash32& head);
    [[nodiscard]] const Block& head() const { return *chain_.back(); }
    [[nodiscard]] const Block& at(std::uint64_t number) const { return *chain_.at(number); }
    /// The versioned hash under which the blob is found. (A stand-in for KZG, which providers and not derivation check.)
    Hash32 add_blob(Bytes blob);

    /// One answer in so many, in an irregular order, is Temporary; 0: none.
    std::size_t fail_one_in = 0;

    Fetched<chain::Header> header_by_number(std::uint64_t number) override;
    Fetched<chain::Header> header_by_hash(const Hash32& hash) override;
    Fetched<std::vector<chain::Receipt>> receipts(const Hash32& hash) override;
    Fetched<std::vector<chain::Transaction>> transactions(const Hash32& hash) override;
    Fetched<std::vector<Bytes>> blobs(const L1BlockRef& block, std::span<const BlobId> ids) override;

private:
    bool fails_now() { return fail_one_in != 0 && random_() % fail_one_in == 0; }

    std::map<Hash32, std::unique_ptr<Block>> all_;
    std::vector<const Block*> chain_;
    std::map<Hash32, Bytes> blobs_;
    std::uint8_t fork_salt_ = 0;
    std::mt19937 random_{1};
};

/// The rollup's keys and configuration over a new L1.
struct Rollup {
    explicit Rollup(MemoryL1& l1);
    RollupConfig config;
    Hash32 batcher_key;
    Hash32 user_key;
    chain::Header genesis_header;
    state::MemoryState genesis_state;
};

/// Blocks with their state: what a replica or a sequencer holds.
class MemoryL2 final : public L2Reader {
public:
    explicit MemoryL2(const Rollup& rollup);

    Fetched<chain::Block> block_by_number(std::uint64_t number) override;
    std::optional<BlockId> derived_from(std::uint64_t number) override;
    [[nodiscard]] const L2BlockRef& head() const { return refs_.back(); }
    [[nodiscard]] const L2BlockRef& at(std::uint64_t number) const { return refs_.at(number); }
    [[nodiscard]] const chain::Block& block(std::uint64_t number) const { return blocks_.at(number); }
    /// Executes on the head. True when the batch was invalid.
    bool append(const PayloadAttributes& attributes, Pipeline* pipeline = nullptr);
    void rewind(std::uint64_t number);

    bool keeps_sources = true;
    std::size_t fail_one_in = 0;

private:
    const Rollup& rollup_;
    state::MemoryNodes nodes_;
    state::MemoryState codes_;
    std::vector<chain::Block> blocks_;
    std::vector<L2BlockRef> refs_;
    std::vector<std::optional<BlockId>> sources_;
    std::mt19937 random_{2};
};

/// Makes L2 blocks as a sequencer does: on the newest L1 origin that time allows.
class Sequencer {
public:
    Sequencer(const Rollup& rollup, MemoryL1& l1) : rollup_(rollup), l1_(l1), l2(rollup) {}

    /// One block with so many transfers, block_time after its parent, or `jump` seconds later still.
    void sequence(std::size_t transfers, std::uint64_t jump = 0);
    /// A block with this encoded transaction, whatever it is. The batch is kept as posted; the chain here takes the block without it when invalid.
    void sequence_with(Bytes transaction);
    /// Batches of blocks [first, last].
    [[nodiscard]] std::vector<BatchBlock> batches(std::uint64_t first, std::uint64_t last) const;
    [[nodiscard]] chain::Transaction transfer();

private:
    PayloadAttributes prepare(std::uint64_t jump);

    const Rollup& rollup_;
    MemoryL1& l1_;
    std::uint64_t nonce_ = 0;
    std::map<std::uint64_t, std::vector<Bytes>> posted_;  // where it differs from the block

public:
    MemoryL2 l2;
};

/// A signed transaction to the inbox, with calldata or blobs.
[[nodiscard]] chain::Transaction make_calldata_transaction(const Rollup& rollup, Bytes calldata, const Hash32& key);
[[nodiscard]] chain::Transaction make_blob_transaction(const Rollup& rollup, MemoryL1& l1,
                                                       std::span<const Bytes> blobs);

/// A deposit of `value` wei by an account without ether on L2, and a ConfigUpdate: what the contracts' events look like.
[[nodiscard]] chain::Log make_deposit_log(const Rollup& rollup, std::uint64_t value);
[[nodiscard]] chain::Log make_config_log(const Rollup& rollup, std::uint64_t type, const U256& value);

/// Channel of blocks as frames, with a fresh id from `id`.
[[nodiscard]] EncodedChannel make_channel(const Rollup& rollup, std::span<const BatchBlock> blocks, std::uint8_t id,
                                          ChannelOptions options = {});
/// The channel in one calldata transaction of the next L1 block.
void post(const Rollup& rollup, MemoryL1& l1, const EncodedChannel& channel);
void post_frames(const Rollup& rollup, MemoryL1& l1, std::span<const Frame> frames);

/// A replica: pipeline and chain. Derives until it needs more L1, resetting where it must.
class Replica {
public:
    Replica(const Rollup& rollup, MemoryL1& l1);
    /// Why it stopped: NeedsL1 or Broken; Again after so many blocks.
    Stall run(std::size_t max_blocks = ~std::size_t{0});
    void restart(std::uint64_t safe_number);

    MemoryL2 l2;
    std::vector<std::uint64_t> invalid_batches;  // block numbers that became deposits only
    std::size_t resets = 0;
    std::size_t waits = 0;  // Temporary

private:
    const Rollup& rollup_;
    MemoryL1& l1_;
    Pipeline pipeline_;
};

}  // namespace entresol::derive::testing
