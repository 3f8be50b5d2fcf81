// Each rule by its name: a batch that is right in everything else and breaks exactly this one.
#include "core/derive/check_batch.hpp"

#include <gtest/gtest.h>

namespace entresol::derive {
namespace {

Hash32 hash_of(std::uint8_t fill) {
    Hash32 hash;
    hash.bytes.fill(fill);
    return hash;
}

/// Blocks for find_span_parent: number → block; the L1 attributes say which origin.
class Blocks final : public L2Reader {
public:
    Fetched<chain::Block> block_by_number(std::uint64_t number) override {
        if (fails) return fail(FetchError::Temporary);
        if (number >= chain.size()) return fail(FetchError::NotFound);
        return chain[number];
    }
    std::optional<BlockId> derived_from(std::uint64_t) override { return std::nullopt; }
    std::vector<chain::Block> chain;
    bool fails = false;
};

class CheckBatchTest : public ::testing::Test {
protected:
    CheckBatchTest() {
        config.l2 = chain::ChainConfig::op_all_active(901);
        config.block_time = 2;
        config.seq_window_size = 10;
        config.l2_genesis_timestamp = 1'000;
        // L1 blocks 100…105, twelve seconds apart; L2 genesis at block 100.
        for (std::uint64_t i = 0; i < 6; ++i)
            l1_blocks.push_back({hash_of(static_cast<std::uint8_t>(i + 1)), 100 + i,
                                 hash_of(static_cast<std::uint8_t>(i)), 1'000 + 12 * i});
        config.l1_genesis = l1_blocks[0].id();
        for (std::uint64_t n = 0; n < 8; ++n) add_l2_block(1'000 + 2 * n, 0);
        config.l2_genesis = {chain::header_hash(l2.chain[0].header), 0};
        parent = make_l2_block_ref(config, l2.chain.back()).value();
        batch = {parent.hash, 100, l1_blocks[0].hash, parent.timestamp + 2, {Bytes{0x02, 0xc0}}};
    }

    void add_l2_block(std::uint64_t timestamp, std::size_t epoch) {
        chain::Block block;
        block.header.number = l2.chain.size();
        block.header.timestamp = timestamp;
        if (!l2.chain.empty()) {
            block.header.parent_hash = chain::header_hash(l2.chain.back().header);
            L1Info info;
            info.number = 100 + epoch;
            info.block_hash = l1_blocks[epoch].hash;
            chain::Transaction deposit;
            deposit.type = chain::TxType::Deposit;
            deposit.data = encode_l1_info(info, L1InfoLayout::Jovian);
            block.transactions.push_back(deposit);
        }
        l2.chain.push_back(block);
    }

    Verdict check() const {
        return check_singular_batch(config, std::span(l1_blocks).first(2), parent, batch, l1_blocks.back());
    }
    void expect(Validity validity, BatchRule rule) const {
        const Verdict verdict = check();
        EXPECT_EQ(verdict, (Verdict{validity, rule})) << to_string(verdict.rule);
    }

    /// A span of so many blocks that starts at the given time, on the block before it.
    SpanBatch make_span(std::uint64_t first_timestamp, std::size_t count) const {
        SpanBatch span;
        span.first_timestamp = first_timestamp;
        span.parent_check = prefix_of(parent.hash);
        for (const chain::Block& block : l2.chain)
            if (block.header.timestamp < first_timestamp)
                span.parent_check = prefix_of(chain::header_hash(block.header));
        span.blocks.assign(count, {100, 0, 0});
        span.l1_origin_check = prefix_of(l1_blocks[0].hash);
        return span;
    }
    Verdict check(const SpanBatch& span) {
        return check_span_prefix(config, l1_blocks, parent, span, l1_blocks.back(), l2).value();
    }
    void expect(const SpanBatch& span, Validity validity, BatchRule rule) {
        const Verdict verdict = check(span);
        EXPECT_EQ(verdict, (Verdict{validity, rule})) << to_string(verdict.rule);
    }

    RollupConfig config;
    std::vector<L1BlockRef> l1_blocks;
    Blocks l2;
    L2BlockRef parent;
    SingularBatch batch;
};

TEST_F(CheckBatchTest, Accepted) { expect(Validity::Accept, BatchRule::None); }

TEST_F(CheckBatchTest, Timestamps) {
    batch.timestamp += 2;
    expect(Validity::Drop, BatchRule::FutureTimestamp);
    config.allow_time_jumps = true;
    expect(Validity::Accept, BatchRule::None);
    batch.timestamp = parent.timestamp + 1;
    expect(Validity::Past, BatchRule::PastTimestamp);
    config.allow_time_jumps = false;
    batch.timestamp = parent.timestamp;
    expect(Validity::Past, BatchRule::PastTimestamp);
}

TEST_F(CheckBatchTest, ParentHash) {
    batch.parent_hash = hash_of(0xee);
    expect(Validity::Drop, BatchRule::ParentHash);
}

TEST_F(CheckBatchTest, IncludedTooLate) {
    l1_blocks.back().number = 110;
    expect(Validity::Accept, BatchRule::None);
    l1_blocks.back().number = 111;
    expect(Validity::Drop, BatchRule::IncludedTooLate);
}

TEST_F(CheckBatchTest, Epochs) {
    batch.epoch_number = 99;
    expect(Validity::Drop, BatchRule::EpochTooOld);
    batch.epoch_number = 102;
    expect(Validity::Drop, BatchRule::EpochTooNew);
    batch.epoch_number = ~0ULL;
    expect(Validity::Drop, BatchRule::EpochTooNew);
    batch.epoch_number = 100;
    batch.epoch_hash = l1_blocks[1].hash;
    expect(Validity::Drop, BatchRule::EpochHash);
    batch.epoch_number = 101;
    expect(Validity::Accept, BatchRule::None);
    EXPECT_EQ(check_singular_batch(config, std::span(l1_blocks).first(1), parent, batch, l1_blocks.back()),
              (Verdict{Validity::Undecided, BatchRule::NextOriginUnknown}));
}

TEST_F(CheckBatchTest, BeforeOrigin) {
    batch.epoch_number = 101;
    batch.epoch_hash = l1_blocks[1].hash;
    l1_blocks[1].timestamp = batch.timestamp + 1;
    expect(Validity::Drop, BatchRule::BeforeOrigin);
    l1_blocks[1].timestamp = batch.timestamp;
    expect(Validity::Accept, BatchRule::None);
}

TEST_F(CheckBatchTest, SequencerDrift) {
    config.max_sequencer_drift = 16;  // the block is at 1016, its origin at 1000
    expect(Validity::Accept, BatchRule::None);
    config.max_sequencer_drift = 15;
    expect(Validity::Drop, BatchRule::DriftWithTransactions);
    batch.transactions.clear();
    expect(Validity::Drop, BatchRule::DriftPastNextOrigin);
    l1_blocks[1].timestamp = 1'017;
    expect(Validity::Accept, BatchRule::None);
    EXPECT_EQ(check_singular_batch(config, std::span(l1_blocks).first(1), parent, batch, l1_blocks.back()),
              (Verdict{Validity::Undecided, BatchRule::NextOriginUnknown}));
    // An empty block that takes the next origin may be beyond the drift.
    batch.epoch_number = 101;
    batch.epoch_hash = l1_blocks[1].hash;
    l1_blocks[1].timestamp = 1'000;
    expect(Validity::Accept, BatchRule::None);
}

TEST_F(CheckBatchTest, Transactions) {
    batch.transactions.push_back({});
    expect(Validity::Drop, BatchRule::EmptyTransaction);
    batch.transactions.back() = {0x7e, 0xc0};
    expect(Validity::Drop, BatchRule::DepositTransaction);
    batch.transactions.back() = {0x04, 0xc0};
    expect(Validity::Accept, BatchRule::None);
    config.l2 = chain::ChainConfig::op_all_active(901, chain::OpFork::Holocene);
    expect(Validity::Drop, BatchRule::SetCodeBeforeIsthmus);
}

TEST_F(CheckBatchTest, SpanTimestamps) {
    expect(make_span(1'016, 3), Validity::Accept, BatchRule::None);
    expect(make_span(1'018, 3), Validity::Drop, BatchRule::FutureTimestamp);
    expect(make_span(1'008, 4), Validity::Past, BatchRule::PastTimestamp);
    expect(make_span(1'008, 5), Validity::Accept, BatchRule::None);
    expect(make_span(1'002, 8), Validity::Accept, BatchRule::None);
    expect(make_span(1'000, 9), Validity::Drop, BatchRule::MisalignedTimestamp);  // the genesis block has no parent
    expect(make_span(990, 20), Validity::Drop, BatchRule::MisalignedTimestamp);
    expect(make_span(1'009, 8), Validity::Drop, BatchRule::MisalignedTimestamp);
    expect(make_span(1'015, 8), Validity::Drop, BatchRule::MisalignedTimestamp);
    config.allow_time_jumps = true;
    expect(make_span(1'018, 3), Validity::Drop, BatchRule::FutureTimestamp);  // only singular batches jump
    expect(make_span(1'009, 8), Validity::Drop, BatchRule::MisalignedTimestamp);
    expect(make_span(1'008, 5), Validity::Accept, BatchRule::None);
}

TEST_F(CheckBatchTest, SpanParentIsFoundAcrossAJump) {
    config.allow_time_jumps = true;
    add_l2_block(5'000, 1);
    add_l2_block(5'002, 1);
    parent = make_l2_block_ref(config, l2.chain.back()).value();
    SpanBatch span = make_span(5'000, 3);
    expect(span, Validity::Accept, BatchRule::None);
    EXPECT_EQ(span.parent_check, prefix_of(chain::header_hash(l2.chain[7].header)));
    expect(make_span(4'998, 4), Validity::Drop, BatchRule::MisalignedTimestamp);
}

TEST_F(CheckBatchTest, SpanChecks) {
    SpanBatch span = make_span(1'016, 3);
    span.parent_check.bytes[19] ^= 1;
    expect(span, Validity::Drop, BatchRule::ParentHash);
    span = make_span(1'008, 6);
    span.parent_check = prefix_of(parent.hash);
    expect(span, Validity::Drop, BatchRule::ParentHash);
    span = make_span(1'016, 3);
    span.l1_origin_check.bytes[19] ^= 1;
    expect(span, Validity::Drop, BatchRule::EpochHash);
    span = make_span(1'016, 1);
    span.blocks = {{101, 0, 0}, {101, 0, 0}, {106, 0, 0}};
    expect(span, Validity::Drop, BatchRule::EpochHash);  // an origin that L1 does not have yet
    span.blocks = {{102, 0, 0}};
    expect(span, Validity::Drop, BatchRule::EpochTooNew);
    span.blocks = {{99, 0, 0}, {100, 0, 0}};
    expect(span, Validity::Drop, BatchRule::EpochTooOld);
    span.blocks = {{100, 0, 0}, {101, 0, 0}};
    span.l1_origin_check = prefix_of(l1_blocks[1].hash);
    expect(span, Validity::Accept, BatchRule::None);
    config.seq_window_size = 4;
    expect(span, Validity::Drop, BatchRule::IncludedTooLate);
}

TEST_F(CheckBatchTest, ASpanWaitsForAProvider) {
    l2.fails = true;
    EXPECT_EQ(check_span_prefix(config, l1_blocks, parent, make_span(1'008, 9), l1_blocks.back(), l2).error(),
              FetchError::Temporary);
}

TEST(RollupConfig, OnlyWhatIsImplementedIsAccepted) {
    RollupConfig config;
    EXPECT_EQ(validate(config).error(), RollupConfigError::NotOpStack);
    config.l2 = chain::ChainConfig::op_all_active(901);
    EXPECT_TRUE(validate(config).has_value());
    config.block_time = 0;
    EXPECT_EQ(validate(config).error(), RollupConfigError::ZeroBlockTime);
    config.block_time = 1;
    config.seq_window_size = 0;
    EXPECT_EQ(validate(config).error(), RollupConfigError::ZeroWindow);
    config.seq_window_size = 1;
    config.l2.op->fork_times[static_cast<std::size_t>(chain::OpFork::Jovian)] = 5;
    EXPECT_EQ(validate(config).error(), RollupConfigError::ForkAfterGenesis);
    config.l2 = chain::ChainConfig::op_all_active(901, chain::OpFork::Granite);
    EXPECT_EQ(validate(config).error(), RollupConfigError::HoloceneNotActive);
}

}  // namespace
}  // namespace entresol::derive
