// L1 is reorganised under a replica: it must end where a replica that never saw the old chain ends.
#include <gtest/gtest.h>

#include "core/derive/chains_testing.hpp"

namespace entresol::derive {
namespace {

using testing::Replica;
using testing::Sequencer;

class ReorgTest : public ::testing::Test {
protected:
    void run_epochs(Sequencer& sequencer, std::size_t l1_blocks) {
        for (std::size_t i = 0; i < l1_blocks; ++i) {
            l1.mine();
            for (std::size_t b = 0; b < 6; ++b) sequencer.sequence(1);
        }
    }
    void post(Sequencer& sequencer, std::uint64_t first, std::uint64_t last) {
        testing::post(rollup, l1, testing::make_channel(rollup, sequencer.batches(first, last), ++next_id));
        l1.mine();
    }
    void expect_like_a_new_replica(Replica& replica) {
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        Replica fresh(rollup, l1);
        EXPECT_EQ(fresh.run(), Stall::NeedsL1);
        ASSERT_EQ(replica.l2.head(), fresh.l2.head());
        for (std::uint64_t n = 0; n <= fresh.l2.head().number; ++n) ASSERT_EQ(replica.l2.at(n), fresh.l2.at(n)) << n;
    }

    testing::MemoryL1 l1{1'700'000'000};
    testing::Rollup rollup{l1};
    std::uint8_t next_id = 0;
};

TEST_F(ReorgTest, OriginsThatVanishAreReplaced) {
    for (const bool keeps_sources : {true, false}) {
        Sequencer old_sequencer(rollup, l1);
        run_epochs(old_sequencer, 4);
        post(old_sequencer, 1, 24);
        Replica replica(rollup, l1);
        replica.l2.keeps_sources = keeps_sources;
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        ASSERT_EQ(replica.l2.head().number, 24U);

        l1.reorganise(2);
        Sequencer new_sequencer(rollup, l1);
        for (int i = 0; i < 17; ++i) new_sequencer.sequence(1);
        run_epochs(new_sequencer, 5);
        post(new_sequencer, 1, new_sequencer.l2.head().number);
        expect_like_a_new_replica(replica);
        EXPECT_EQ(replica.l2.head().hash, new_sequencer.l2.head().hash);
        EXPECT_GE(replica.resets, 1U);
        l1.reorganise(0);
    }
}

TEST_F(ReorgTest, ABatchThatVanishesUnmakesItsBlocksAlthoughTheirOriginsStand) {
    for (const bool keeps_sources : {true, false}) {
        Sequencer sequencer(rollup, l1);
        run_epochs(sequencer, 2);
        for (int i = 0; i < 4; ++i) l1.mine();
        post(sequencer, 1, 12);  // L1 block 7 holds the batch of epochs 0 to 2
        Replica replica(rollup, l1);
        replica.l2.keeps_sources = keeps_sources;
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        ASSERT_EQ(replica.l2.head().number, 12U);
        l1.reorganise(5);
        for (int i = 0; i < 4; ++i) l1.mine();
        expect_like_a_new_replica(replica);
        EXPECT_EQ(replica.l2.head().number, 0U) << "nothing on the new chain says anything about these blocks";
        l1.reorganise(0);
    }
}

TEST_F(ReorgTest, AShorterChainIsNoticedBeforeItGrows) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 3);
    post(sequencer, 1, 18);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 18U);
    l1.reorganise(2);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head().number, 0U);
}

TEST_F(ReorgTest, ARewindGoesExactlyAsFarAsL1Did) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 2);
    post(sequencer, 1, 6);   // L1 block 3
    post(sequencer, 7, 12);  // L1 block 4
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    l1.reorganise(3);
    l1.mine();
    const auto start = find_sync_start(rollup.config, l1, replica.l2, 12, 0).value();
    EXPECT_EQ(start.safe_head.number, 6U);
    replica.l2.keeps_sources = false;
    EXPECT_EQ(find_sync_start(rollup.config, l1, replica.l2, 12, 0)->safe_head.number, 0U)
        << "without sources: by a sequencing window";
    EXPECT_EQ(find_sync_start(rollup.config, l1, replica.l2, 12, 4)->safe_head.number, 4U)
        << "never below what is final";
}

// An L1 that answers every third question only: a search that began again each time would never get past its third block.
TEST_F(ReorgTest, ASearchGoesOnWhereItWasInterrupted) {
    class Reluctant final : public L1Provider {
    public:
        explicit Reluctant(L1Provider& l1) : l1_(l1) {}
        Fetched<chain::Header> header_by_number(std::uint64_t number) override {
            if (++asked % 3 != 0) return fail(FetchError::Temporary);
            return l1_.header_by_number(number);
        }
        Fetched<chain::Header> header_by_hash(const Hash32& hash) override {
            if (++asked % 3 != 0) return fail(FetchError::Temporary);
            return l1_.header_by_hash(hash);
        }
        Fetched<std::vector<chain::Receipt>> receipts(const Hash32& hash) override { return l1_.receipts(hash); }
        Fetched<std::vector<chain::Transaction>> transactions(const Hash32& hash) override {
            return l1_.transactions(hash);
        }
        std::size_t asked = 0;

    private:
        L1Provider& l1_;
    };
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 8);
    post(sequencer, 1, 6);
    post(sequencer, 7, 48);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 48U);
    l1.reorganise(1);
    for (int i = 0; i < 12; ++i) l1.mine();
    for (const bool keeps_sources : {true, false}) {
        replica.l2.keeps_sources = keeps_sources;
        const auto expected = find_sync_start(rollup.config, l1, replica.l2, 48, 0).value();
        Reluctant reluctant(l1);
        SyncStartSearch search(rollup.config, reluctant, replica.l2, 48, 0);
        auto found = search.run();
        std::size_t rounds = 1;
        for (; !found && rounds < 1'000; ++rounds) {
            ASSERT_EQ(found.error(), Stall::Temporary);
            found = search.run();
        }
        ASSERT_TRUE(found.has_value()) << rounds;
        EXPECT_EQ(found->safe_head, expected.safe_head);
        EXPECT_EQ(found->l1_base.hash, expected.l1_base.hash);
        EXPECT_EQ(found->consumed_l1, expected.consumed_l1);
        EXPECT_GT(rounds, 4U);
        do found = search.run();
        while (!found);
        EXPECT_EQ(found->safe_head, expected.safe_head) << "and says it again";
    }
}

TEST_F(ReorgTest, AReplicaRestartsInTheMiddleOfASpan) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 8);
    post(sequencer, 1, 48);
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 48U);
    for (const std::uint64_t number : {0UL, 1UL, 5UL, 17UL, 40UL, 47UL, 48UL}) {
        replica.restart(number);
        EXPECT_EQ(replica.l2.head().number, 0U) << "all blocks come from one L1 block, which is read anew";
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        EXPECT_EQ(replica.l2.head().hash, sequencer.l2.head().hash) << "from block " << number;
    }
}

// A span is dropped behind a block that was invalid. A replica that starts behind that block must not take the span up again.
TEST_F(ReorgTest, WhereAReplicaStartsDoesNotChangeWhatWasDropped) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 1);
    chain::Transaction tx = sequencer.transfer();
    tx.nonce += 7;
    ASSERT_TRUE(chain::sign_transaction(tx, rollup.user_key));
    sequencer.sequence_with(chain::encode(tx));
    for (int i = 0; i < 5; ++i) sequencer.sequence(0);
    post(sequencer, 1, 12);
    l1.mine();
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 7U);
    post(sequencer, 8, 10);
    post(sequencer, 11, 12);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 12U);
    std::vector<L2BlockRef> expected;
    for (std::uint64_t n = 0; n <= 12; ++n) expected.push_back(replica.l2.at(n));
    for (std::uint64_t number = 0; number <= 12; ++number) {
        replica.restart(number);
        EXPECT_EQ(replica.l2.head().number, number <= 7 ? 0U : number <= 10 ? 7U : 10U) << "from " << number;
        EXPECT_EQ(replica.run(), Stall::NeedsL1);
        ASSERT_EQ(replica.l2.head(), expected.back()) << "from " << number;
    }
    // Seen while nothing but the dropped span is there: behind block 7 the chain ends.
    l1.reorganise(3);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    EXPECT_EQ(replica.l2.head(), expected[7]);
}

TEST_F(ReorgTest, BaseIsAChannelTimeoutBeforeTheSafeOrigin) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 10);
    post(sequencer, 1, 60);
    Replica replica(rollup, l1);
    run_epochs(sequencer, 1);
    post(sequencer, 61, 66);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    const auto start = find_sync_start(rollup.config, l1, replica.l2, 66, 0).value();
    EXPECT_EQ(start.safe_head.number, 60U);
    EXPECT_EQ(start.consumed_l1, 11U);
    EXPECT_EQ(start.l1_base.number, start.safe_head.l1_origin.number - rollup.config.channel_timeout);
}

// Branch A completes a channel that began before the fork; on B its other half never comes, and the same blocks are posted otherwise.
TEST_F(ReorgTest, L1FlipsBackAndForth) {
    Sequencer a(rollup, l1), b(rollup, l1);
    run_epochs(a, 2);
    ChannelOptions options;
    options.max_frame_bytes = 300;
    const auto channel = testing::make_channel(rollup, a.batches(1, 12), 0xa0, options);
    const std::span<const Frame> frames(channel.frames);
    ASSERT_GE(frames.size(), 2U);
    testing::post_frames(rollup, l1, frames.first(1));
    const std::uint64_t fork = l1.mine().header.number;
    testing::post_frames(rollup, l1, frames.subspan(1));
    run_epochs(a, 3);
    post(a, 13, a.l2.head().number);
    const Hash32 tip_a = l1.head().hash;

    l1.reorganise(fork);
    for (int i = 0; i < 12; ++i) b.sequence(1);
    ASSERT_EQ(b.l2.head(), a.l2.at(12));
    post(b, 1, 8);
    run_epochs(b, 4);
    post(b, 9, b.l2.head().number);
    const Hash32 tip_b = l1.head().hash;
    ASSERT_NE(a.l2.at(30), b.l2.at(30));

    for (const bool keeps_sources : {true, false}) {
        Replica replica(rollup, l1);
        replica.l2.keeps_sources = keeps_sources;
        for (int i = 0; i < 3; ++i) {
            l1.switch_to(tip_a);
            expect_like_a_new_replica(replica);
            EXPECT_EQ(replica.l2.head(), a.l2.head());
            l1.switch_to(tip_b);
            expect_like_a_new_replica(replica);
            EXPECT_EQ(replica.l2.head(), b.l2.head());
        }
        EXPECT_GE(replica.resets, 5U);
    }
    // And at any moment, also to where neither branch is complete.
    std::mt19937 random(5);
    const Hash32 tips[] = {tip_a, tip_b, l1.at(fork).hash, l1.at(fork + 2).hash};
    Replica replica(rollup, l1);
    for (int i = 0; i < 200; ++i) {
        l1.switch_to(tips[random() % 4]);
        (void)replica.run(random() % 12);
    }
    l1.switch_to(tip_b);
    expect_like_a_new_replica(replica);
}

TEST_F(ReorgTest, AReorgAcrossAFinalizedBlockIsRefused) {
    Sequencer sequencer(rollup, l1);
    run_epochs(sequencer, 2);
    post(sequencer, 1, 6);   // L1 block 3
    post(sequencer, 7, 12);  // L1 block 4
    Replica replica(rollup, l1);
    EXPECT_EQ(replica.run(), Stall::NeedsL1);
    ASSERT_EQ(replica.l2.head().number, 12U);
    constexpr std::uint64_t SAFE = 12, FINALIZED = 6;
    l1.reorganise(3);
    l1.mine();
    EXPECT_EQ(find_sync_start(rollup.config, l1, replica.l2, SAFE, FINALIZED)->safe_head.number, FINALIZED)
        << "only what was not final is gone";
    l1.reorganise(2);
    for (int i = 0; i < 3; ++i) l1.mine();
    EXPECT_EQ(find_sync_start(rollup.config, l1, replica.l2, SAFE, FINALIZED).error(), Stall::Broken)
        << "the L1 block that block 6 was derived from";
    l1.reorganise(0);
    for (int i = 0; i < 5; ++i) l1.mine();
    replica.l2.keeps_sources = false;
    EXPECT_EQ(find_sync_start(rollup.config, l1, replica.l2, SAFE, FINALIZED).error(), Stall::Broken)
        << "the L1 origin of block 6";
}

TEST_F(ReorgTest, AnotherL1IsRefused) {
    testing::MemoryL1 other(1'600'000'000);
    testing::MemoryL2 l2(rollup);
    EXPECT_EQ(find_sync_start(rollup.config, other, l2, 0, 0).error(), Stall::Broken);
}

}  // namespace
}  // namespace entresol::derive
