// Sequencer, batcher and proposer against the embedded L1, and a replica that knows only that L1 and the rollup's configuration. Real parts throughout;
// blocks are made by hand and each service is stepped by hand, so that a run is repeatable.
#include "core/derive/columns_channel.hpp"
#include "core/derive/frame.hpp"
#include "node/devnet/rollup_testing.hpp"

namespace entresol::devnet {
namespace {

class RollupTest : public testing::TestWithParam<bool> {};

TEST_P(RollupTest, ReplicaDerivesWhatWasSequenced) {
    Rollup rollup(GetParam());
    const auto lucky = service_account("nobody yet").address;
    rollup.mine_l1();
    rollup.deposit(lucky, 77);
    rollup.live(15);
    const auto head = rollup.l2.ledger().head()->number();
    EXPECT_EQ(head, 30U);
    rollup.settle_until_safe(head);
    EXPECT_EQ(rollup.l2.ledger().safe()->hash, rollup.l2.ledger().head()->hash);  // its own blocks were recognised

    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    EXPECT_EQ(replica.ledger.head()->number(), head);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
    const auto account = replica.ledger.state_at(replica.ledger.head()).open()->find_account(lucky);
    ASSERT_TRUE(account.has_value());
    EXPECT_EQ(account->balance, U256{77});

    for (std::uint64_t n = 1; n <= head; ++n) {
        const auto position = rollup.batcher.find_position(n);
        ASSERT_TRUE(position.has_value()) << n;
        EXPECT_EQ(position->in_blobs, GetParam());
        const auto posted = rollup.l1.ledger().find_transaction(position->l1_tx_hash);
        ASSERT_TRUE(posted.has_value());
        EXPECT_EQ(posted->block->number(), position->l1_block_number);
        EXPECT_EQ(replica.deriver->derived_from(n)->hash, position->l1_block_hash);
    }
    // A batcher that is made over the same store, as after a restart, knows the same.
    EXPECT_EQ(settlement::PositionLog(*rollup.l2.ledger().store()).load(1000), rollup.batcher.recent_positions(1000));
}

TEST_P(RollupTest, AgreesAgainAfterAnL1Reorg) {
    Rollup rollup(GetParam());
    Replica replica(rollup);
    rollup.live(12);
    rollup.derive(*replica.deriver);
    ASSERT_GT(replica.ledger.head()->number(), 10U);
    const auto before = rollup.l2.ledger().head();

    ASSERT_TRUE(rollup.l1.reorg(10));
    rollup.derive(rollup.deriver);
    EXPECT_GE(rollup.deriver.resets(), 2U);
    EXPECT_NE(rollup.l2.ledger().find_block_hash(before->number()), before->hash);  // stood on L1 blocks that are gone
    rollup.live(6);
    const auto head = rollup.l2.ledger().head()->number();
    rollup.settle_until_safe(head);
    rollup.derive(*replica.deriver);
    EXPECT_EQ(replica.ledger.head()->number(), rollup.l2.ledger().safe()->number());
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
    // Nobody's transfer was lost: each is one wei.
    const auto state = replica.ledger.state_at(replica.ledger.head()).open();
    EXPECT_EQ(state->find_account(dev_accounts()[0].address)->nonce, 36U);
}

INSTANTIATE_TEST_SUITE_P(Batches, RollupTest, testing::Bool(),
                         [](const auto& batches) { return batches.param ? "Blobs" : "Calldata"; });

TEST(RollupPosting, BlocksWaitTogetherUntilTheDeadline) {
    Options options;
    options.posting = {.data = settlement::DataChoice::Cheapest, .deadline_ms = 600'000};
    Rollup rollup(false, options);
    rollup.live(8);
    EXPECT_EQ(rollup.l2.ledger().safe()->number(), 0U);
    EXPECT_TRUE(rollup.batcher.recent_positions(9).empty());

    rollup.clock.advance_ms(900'000);
    rollup.settle_until_safe(16);
    const auto positions = rollup.batcher.recent_positions(9);
    ASSERT_EQ(positions.size(), 1U);  // all of them in one channel
    EXPECT_EQ(positions[0].first_l2_block, 1U);
    EXPECT_EQ(positions[0].last_l2_block, 16U);
    EXPECT_TRUE(positions[0].in_blobs);  // this L1 gives blobs away
}

// Half a megabyte that does not compress, in ten L2 blocks.
void make_large_blocks(Rollup& rollup) {
    std::uint64_t state = 1;
    for (int i = 0; i < 10; ++i) {
        Bytes data(50'000);
        for (auto& byte : data)
            byte = static_cast<std::uint8_t>((state = state * 6364136223846793005U + 1442695040888963407U) >> 56);
        rollup.send(rollup.l2, dev_accounts()[0], dev_accounts()[1].address, U256{1}, std::move(data), 2'500'000);
        ASSERT_TRUE(rollup.seal_l2());
    }
}

TEST_P(RollupTest, AChannelOfSeveralTransactionsIsUnderWayAtOnce) {
    Options options;
    options.posting.deadline_ms = 600'000;
    Rollup rollup(GetParam(), options);
    rollup.mine_l1();
    make_large_blocks(rollup);
    rollup.clock.advance_ms(900'000);
    rollup.settle_until_safe(10);
    const auto position = rollup.batcher.find_position(1);
    ASSERT_TRUE(position.has_value());
    EXPECT_EQ(position->last_l2_block, GetParam() ? 10U : 9U);  // what would begin a sixth transaction waits for more
    EXPECT_EQ(position->l1_tx_hashes.size(), GetParam() ? 1U : 5U);
    for (const auto& hash : position->l1_tx_hashes)
        EXPECT_EQ(rollup.l1.ledger().find_transaction(hash)->block->number(), position->l1_block_number);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), 10);
}

TEST_P(RollupTest, AReorgTakesBackAPartOfAChannel) {
    Rollup rollup(GetParam());
    rollup.live(6);
    make_large_blocks(rollup);
    ASSERT_TRUE(rollup.batcher.step().has_value());
    rollup.mine_l1();
    ASSERT_TRUE(rollup.batcher.step().has_value());
    ASSERT_TRUE(rollup.l1.reorg(2));
    rollup.derive(rollup.deriver);
    rollup.live(3);
    const auto head = rollup.l2.ledger().head()->number();
    rollup.settle_until_safe(head);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
}

TEST(RollupPosting, WhatWaitsIsOfTheBranchThatStands) {
    Options options;
    options.posting = {.data = settlement::DataChoice::Calldata, .deadline_ms = 600'000};
    Rollup rollup(false, options);
    rollup.live(8);
    ASSERT_TRUE(rollup.l1.reorg(6));
    rollup.derive(rollup.deriver);
    rollup.live(4);
    rollup.clock.advance_ms(900'000);
    const auto head = rollup.l2.ledger().head()->number();
    rollup.settle_until_safe(head);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
}

TEST(RollupRestart, AReplicaGoesOnWhereItWas) {
    Rollup rollup(false);
    Replica replica(rollup);
    rollup.live(5);
    rollup.derive(*replica.deriver);
    const auto safe = replica.ledger.safe();
    ASSERT_GT(safe->number(), 2U);
    replica.deriver = std::make_unique<sync::Deriver>(rollup.config.rollup, replica.l1, replica.l1, replica.ledger,
                                                      replica.loop, nullptr);
    rollup.live(5);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    rollup.derive(*replica.deriver);
    EXPECT_EQ(replica.ledger.find_block_hash(safe->number()), safe->hash);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), rollup.l2.ledger().head()->number());
}

// As after a restart, when L1 is read again from further back: what was told to be safe stays so.
TEST(RollupRestart, TheSafeHeadStaysWhereItWas) {
    Rollup rollup(false);
    rollup.live(6);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    const auto safe = rollup.l2.ledger().safe();
    sync::Deriver again(rollup.config.rollup, rollup.l1_direct, rollup.l1_remote, rollup.l2.ledger(), rollup.l2.loop(),
                        &rollup.l2.sequencer());
    (void)again.step(0);
    EXPECT_EQ(rollup.l2.ledger().safe()->number(), safe->number());
    while (again.step(1)) ASSERT_GE(rollup.l2.ledger().safe()->number(), safe->number());
    EXPECT_EQ(again.problem(), "");
    EXPECT_EQ(again.resets(), 1U);
    EXPECT_EQ(rollup.l2.ledger().safe()->hash, safe->hash);
    for (int block = 0; block < 3; ++block) ASSERT_TRUE(rollup.seal_l2());
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(rollup.batcher.step().has_value());
        rollup.mine_l1();
        while (again.step(64)) {
        }
    }
    EXPECT_EQ(rollup.l2.ledger().safe()->hash, rollup.l2.ledger().head()->hash);
}

// But what came from L1 blocks that are gone meanwhile is not safe any more.
TEST(RollupRestart, TheSafeHeadGoesBackWithL1) {
    Rollup rollup(false);
    rollup.live(6);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    const auto safe = rollup.l2.ledger().safe();
    const auto source = rollup.deriver.derived_from(safe->number());
    ASSERT_TRUE(source.has_value());
    ASSERT_TRUE(rollup.l1.reorg(rollup.l1.ledger().head()->number() - source->number + 1));
    sync::Deriver again(rollup.config.rollup, rollup.l1_direct, rollup.l1_remote, rollup.l2.ledger(), rollup.l2.loop(),
                        &rollup.l2.sequencer());
    (void)again.step(0);
    EXPECT_LT(rollup.l2.ledger().safe()->number(), safe->number());
}

TEST(RollupFinality, FollowsTheL1BlocksThatBlocksCameFrom) {
    Rollup rollup(false);
    rollup.live(6);
    const auto safe = rollup.l2.ledger().safe();
    const auto source = rollup.deriver.derived_from(safe->number());
    ASSERT_TRUE(source.has_value());
    rollup.deriver.advance_finalized(source->number - 1);
    EXPECT_LT(rollup.l2.ledger().finalized()->number(), safe->number());
    rollup.deriver.advance_finalized(source->number);
    EXPECT_EQ(rollup.l2.ledger().finalized()->hash, safe->hash);
}

TEST(RollupFinality, AReorgAcrossAFinalizedBlockIsRefused) {
    Rollup rollup(false);
    rollup.live(6);
    const auto safe = rollup.l2.ledger().safe();
    rollup.deriver.advance_finalized(rollup.deriver.derived_from(safe->number())->number);
    ASSERT_EQ(rollup.l2.ledger().finalized()->hash, safe->hash);
    ASSERT_TRUE(rollup.l1.reorg(rollup.l1.ledger().head()->number() - 2));
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(rollup.deriver.step(64));
    EXPECT_NE(rollup.deriver.problem().find("finalized"), std::string::npos) << rollup.deriver.problem();
    EXPECT_EQ(rollup.l2.ledger().safe()->hash, safe->hash);
    EXPECT_EQ(rollup.l2.ledger().finalized()->hash, safe->hash);
}

// A development method moved the clock, and the block after it begins a channel.
TEST(RollupTime, AJumpAtAChannelsStartIsDerived) {
    Rollup rollup(false);
    rollup.live(3);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    rollup.l2.loop().run_and_wait([&] {
        const auto later = rollup.l2.ledger().head()->block.header.timestamp + 500;
        ASSERT_TRUE(rollup.l2.sequencer().seal_now(later).has_value());
    });
    const auto jumped = rollup.l2.ledger().head();
    rollup.settle_until_safe(jumped->number());
    EXPECT_EQ(rollup.l2.ledger().find_block_hash(jumped->number()), jumped->hash);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), jumped->number());
}

// The clock jumped beyond the sequencer drift and L1 is ahead by some blocks: what is sent is in a block when it is answered.
TEST(RollupTime, AutomineCatchesUpWithL1) {
    Rollup rollup(false);
    rollup.live(2);
    for (int i = 0; i < 5; ++i) rollup.mine_l1();
    rollup.l2.set_automine(true);
    rollup.l2.increase_time(365 * 24 * 3600);
    rollup.l1.loop().run_and_wait([&] { ASSERT_TRUE(rollup.l1.sequencer().seal_now(rollup.clock.now_ms() / 1000)); });
    rollup.transfer();
    const auto head = rollup.l2.ledger().head();
    ASSERT_EQ(head->block.transactions.size(), 2U);  // the L1 attributes and the transfer
    rollup.settle_until_safe(head->number());
    EXPECT_EQ(rollup.l2.ledger().find_block_hash(head->number()), head->hash);
}

// Nothing can be sealed before L1 has a block of the new time: the transaction waits for that.
TEST(RollupTime, AutomineWaitsForL1) {
    Rollup rollup(false);
    rollup.live(1);
    rollup.l2.set_automine(true);
    rollup.l2.increase_time(365 * 24 * 3600);
    std::promise<bool> answered;
    rollup.submit_transfer([&answered](const auto& result) { answered.set_value(result.has_value()); });
    rollup.l1.loop().run_and_wait([&] { ASSERT_TRUE(rollup.l1.sequencer().seal_now(rollup.clock.now_ms() / 1000)); });
    ASSERT_TRUE(answered.get_future().get());
    EXPECT_EQ(rollup.l2.ledger().head()->block.transactions.size(), 2U);
}

// L1's next block is later than the L2 block after the jump: empty blocks go to meet it, else both would wait for each other.
TEST(RollupTime, AutomineReachesALaterL1Block) {
    Rollup rollup(false);
    rollup.live(1);
    rollup.l2.set_automine(true);
    rollup.l2.increase_time(365 * 24 * 3600);
    ASSERT_TRUE(rollup.seal_l2());
    rollup.clock.advance_ms(5'000);
    rollup.l1.loop().run_and_wait([&] { ASSERT_TRUE(rollup.l1.sequencer().seal_now(rollup.clock.now_ms() / 1000)); });
    ASSERT_GT(rollup.l1.ledger().head()->block.header.timestamp, rollup.l2.ledger().head()->block.header.timestamp + 1);
    rollup.transfer();
    const auto head = rollup.l2.ledger().head();
    ASSERT_EQ(head->block.transactions.size(), 2U);
    rollup.settle_until_safe(head->number());
    EXPECT_EQ(rollup.l2.ledger().find_block_hash(head->number()), head->hash);
}

// Automine switched off: blocks come by time again only where they did before.
TEST(RollupTime, AutomineOffLeavesWhatWasAskedFor) {
    Rollup rollup(false);
    using sequencer::SealMode;
    rollup.l2.set_automine(true);
    rollup.l2.set_automine(false);
    EXPECT_EQ(rollup.l2.sequencer().mode(), SealMode::Manual);
    rollup.l2.set_interval_ms(1000);
    rollup.l2.set_automine(true);
    rollup.l2.set_automine(false);
    EXPECT_EQ(rollup.l2.sequencer().mode(), SealMode::Interval);
}

// The L2 block's origin is reorganised away before derivation has read that L1 block.
TEST(RollupReorg, ABlockOnAnOriginThatWasNeverReadIsDropped) {
    Rollup rollup(false);
    rollup.live(3);
    const auto safe_before = rollup.l2.ledger().safe()->number();
    rollup.mine_l1();
    ASSERT_TRUE(rollup.seal_l2());
    ASSERT_TRUE(rollup.seal_l2());
    const auto doomed = rollup.l2.ledger().head();
    const auto origin = derive::make_l2_block_ref(rollup.config.rollup, doomed->block)->l1_origin;
    ASSERT_EQ(origin.hash, rollup.l1.ledger().head()->hash);
    ASSERT_TRUE(rollup.l1.reorg(1));
    EXPECT_FALSE(rollup.seal_l2());  // waits for the reset
    rollup.derive(rollup.deriver);
    EXPECT_NE(rollup.l2.ledger().find_block_hash(doomed->number()), doomed->hash);
    EXPECT_TRUE(rollup.seal_l2());
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    EXPECT_GT(rollup.l2.ledger().safe()->number(), safe_before);
}

// evm_revert with a batch under way, and time that has travelled meanwhile: the batch waited long, but is not to be sent again.
TEST(RollupRewind, NothingOfTheOldBranchComesBack) {
    Rollup rollup(false);
    rollup.live(4);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    const auto l1_start = rollup.l1.ledger().head(), l2_start = rollup.l2.ledger().head();
    rollup.transfer();
    ASSERT_TRUE(rollup.seal_l2());
    const auto old_branch = rollup.l2.ledger().head();
    ASSERT_TRUE(rollup.batcher.step().has_value());
    rollup.mine_l1();  // it is on L1, and the batcher has not seen it there

    rollup.l2.move_head(l2_start->hash, false);
    rollup.l1.move_head(l1_start->hash, false);
    rollup.clock.advance_ms(60'000);
    rollup.l2.move_head(l2_start->hash, false);
    rollup.nonces.clear();
    for (int block = 0; block < 3; ++block) ASSERT_TRUE(rollup.seal_l2());
    const auto head = rollup.l2.ledger().head();
    ASSERT_NE(rollup.l2.ledger().find_block_hash(old_branch->number()), old_branch->hash);
    rollup.settle_until_safe(head->number());
    EXPECT_EQ(rollup.l2.ledger().find_block_hash(head->number()), head->hash);
}

// A sequencer whose L1 is remote builds from what was read ahead.
TEST(RollupFollower, KeepsOriginsAtHandAndLeavesABranch) {
    Rollup rollup(false);
    for (int i = 0; i < 5; ++i) rollup.mine_l1();
    sync::L1Follower follower(rollup.l1_remote);
    const auto templates = sync::make_l2_templates(rollup.config.rollup, follower);
    const auto genesis = rollup.l2.ledger().head();
    const auto time = genesis->block.header.timestamp + 1;
    EXPECT_FALSE(templates(*genesis, time).has_value());  // nothing is here yet, and nobody is asked
    EXPECT_FALSE(follower.follow(0));
    EXPECT_TRUE(templates(*genesis, time).has_value());
    const auto head = rollup.l1.ledger().head();
    EXPECT_EQ(chain::header_hash(*follower.header_by_number(5)), head->hash);
    EXPECT_TRUE(follower.receipts(head->hash).has_value());

    ASSERT_TRUE(rollup.l1.reorg(3));
    EXPECT_FALSE(follower.follow(0));
    EXPECT_EQ(follower.reorgs(), 3U);
    const auto tip = rollup.l1.ledger().head();
    EXPECT_EQ(chain::header_hash(*follower.header_by_number(tip->number())), tip->hash);
    EXPECT_FALSE(follower.header_by_hash(head->hash).has_value());
}

TEST(OwnChannels, AReplicaDerivesThemFromL1) {
    Options options;
    options.columns = true;
    Rollup rollup(false, options);
    rollup.live(12);
    const auto head = rollup.l2.ledger().head()->number();
    rollup.settle_until_safe(head);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
    const auto position = rollup.batcher.find_position(head);
    ASSERT_TRUE(position.has_value());
    const auto posted = rollup.l1.ledger().find_transaction(position->l1_tx_hash);
    ASSERT_TRUE(posted.has_value());
    const auto frames = derive::decode_frames(posted->block->block.transactions[posted->index].data);
    ASSERT_TRUE(frames.has_value());
    EXPECT_TRUE(derive::is_columns_channel((*frames)[0].data));
}

}  // namespace
}  // namespace entresol::devnet
