// What an L1 that answers late, or not, must not do to the heads. Each was found by the simulation (src/node/sim).
#include "node/devnet/rollup_testing.hpp"

namespace entresol::devnet {
namespace {

/// The rollup's L1, which does something before each question for a number, or does not answer.
class Disturbed final : public derive::L1Provider {
public:
    Disturbed(derive::L1Provider& l1, std::function<bool()> answers) : l1_(l1), answers_(std::move(answers)) {}
    derive::Fetched<chain::Header> header_by_number(std::uint64_t number) override {
        if (!answers_()) return fail(derive::FetchError::Temporary);
        return l1_.header_by_number(number);
    }
    derive::Fetched<chain::Header> header_by_hash(const Hash32& hash) override { return l1_.header_by_hash(hash); }
    derive::Fetched<std::vector<chain::Receipt>> receipts(const Hash32& hash) override { return l1_.receipts(hash); }
    derive::Fetched<std::vector<chain::Transaction>> transactions(const Hash32& hash) override {
        return l1_.transactions(hash);
    }

private:
    derive::L1Provider& l1_;
    std::function<bool()> answers_;
};

// One question remains without an answer, whichever it is.
TEST(NoAnswer, IsNoReorganisation) {
    Rollup rollup(false);
    rollup.live(6);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    const auto safe = rollup.l2.ledger().safe();
    for (int unanswered = 0; unanswered < 12; ++unanswered) {
        int questions = 0;
        Disturbed l1(rollup.l1_direct, [&] { return questions++ != unanswered; });
        sync::Deriver deriver(rollup.config.rollup, l1, rollup.l1_remote, rollup.l2.ledger(), rollup.l2.loop(),
                              &rollup.l2.sequencer());
        for (int i = 0; i < 3; ++i) {
            (void)deriver.step(1);
            ASSERT_EQ(rollup.l2.ledger().safe()->hash, safe->hash) << "question " << unanswered;
        }
        EXPECT_EQ(deriver.problem(), "");
    }
}

// While derivation starts and asks L1 about the head, another block is sealed.
TEST(AReset, DropsNoBlockThatIsSealedMeanwhile) {
    Rollup rollup(false);
    rollup.live(3);
    ASSERT_TRUE(rollup.seal_l2());
    int left = 5;
    Disturbed l1(rollup.l1_direct, [&] {
        if (left-- > 0) (void)rollup.seal_l2();
        return true;
    });
    std::vector<Hash32> removed;
    const auto token = rollup.l2.ledger().subscribe([&](const ledger::HeadChange& change) {
        for (const auto& block : change.removed) removed.push_back(block->hash);
    });
    sync::Deriver deriver(rollup.config.rollup, l1, rollup.l1_remote, rollup.l2.ledger(), rollup.l2.loop(),
                          &rollup.l2.sequencer());
    (void)deriver.step(0);
    EXPECT_LE(left, 3);
    EXPECT_TRUE(removed.empty());
    rollup.l2.ledger().unsubscribe(token);
}

// L1's finality is known by a number; the safe head may still be of the branch that L1 has left.
TEST(Finality, IsNotOfABranchThatL1HasLeft) {
    Rollup rollup(false);
    rollup.live(6);
    const auto safe = rollup.l2.ledger().safe();
    const auto source = rollup.deriver.derived_from(safe->number());
    ASSERT_TRUE(source.has_value());
    ASSERT_TRUE(rollup.l1.reorg(rollup.l1.ledger().head()->number() - source->number + 1));
    rollup.deriver.advance_finalized(rollup.l1.ledger().head()->number());  // before a step has seen it
    EXPECT_EQ(rollup.l2.ledger().finalized()->number(), 0U);
    rollup.derive(rollup.deriver);
    EXPECT_EQ(rollup.deriver.problem(), "");
}

// A batch's transaction is no valid one, so its block was derived without. When derivation starts again it comes to the same block, which is final.
TEST(ARestart, KeepsABlockThatWasDerivedWithoutItsBatch) {
    Rollup rollup(false);
    rollup.live(2);
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());
    const auto poor = service_account("poor");  // but on the sequencer, where a development method makes it rich
    rollup.l2.set_account(poor.address, {.balance = U256{1'000'000'000'000'000'000}}, std::nullopt);
    rollup.send(rollup.l2, poor, dev_accounts()[1].address, U256{1});
    ASSERT_TRUE(rollup.seal_l2());
    rollup.settle_until_safe(rollup.l2.ledger().head()->number());

    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    replica.deriver->advance_finalized(rollup.l1.ledger().head()->number());
    const auto block = replica.ledger.finalized();
    ASSERT_EQ(block->number(), rollup.l2.ledger().head()->number());
    ASSERT_EQ(block->block.transactions.size(), 1U);
    std::size_t removed = 0;
    replica.ledger.subscribe([&removed](const ledger::HeadChange& change) { removed += change.removed.size(); });
    replica.deriver = std::make_unique<sync::Deriver>(rollup.config.rollup, replica.l1, replica.l1, replica.ledger,
                                                      replica.loop, nullptr);
    rollup.derive(*replica.deriver);
    EXPECT_EQ(removed, 0U);
    EXPECT_EQ(replica.ledger.finalized()->hash, block->hash);
    EXPECT_EQ(replica.ledger.safe()->hash, block->hash);
}

// Its block is taken back, and its place in the pool is taken.
TEST(ATransactionTakenBack, HasAReasonWhenThePoolRefusesIt) {
    Rollup rollup(false);
    rollup.mine_l1();
    const auto old_tx = rollup.make_transaction(rollup.l2, dev_accounts()[0], dev_accounts()[1].address, U256{1});
    auto instead = std::make_shared<pool::CheckedTransaction>(*old_tx);
    instead->tx.max_fee_per_gas *= U256{2};
    instead->tx.max_priority_fee_per_gas *= U256{2};
    ASSERT_TRUE(chain::sign_transaction(instead->tx, dev_accounts()[0].key));
    instead->hash = chain::transaction_hash(instead->tx);
    rollup.l2.sequencer().submit(old_tx, [](const auto&) {});
    ASSERT_TRUE(rollup.seal_l2());
    const auto block = rollup.l2.ledger().head();
    ASSERT_TRUE(rollup.l2.ledger().find_transaction(old_tx->hash).has_value());
    rollup.l2.loop().run_and_wait([&] {
        rollup.l2.ledger().set_head(block->block.header.parent_hash);
        rollup.l2.sequencer().drop_and_restart();
        EXPECT_TRUE(rollup.l2.sequencer().pool().add(instead).has_value());
        rollup.l2.sequencer().restart_from_head({block});
        const auto where = rollup.l2.sequencer().pool().why(old_tx->hash);
        EXPECT_EQ(where.state, pool::Whereabouts::State::Dropped);
        EXPECT_NE(where.reason.find("underpriced"), std::string::npos) << where.reason;
    });
}

}  // namespace
}  // namespace entresol::devnet
