// The proposer against the embedded L1: claims of the proposer alone, and claims that anyone may dispute.
#include <algorithm>

#include "node/devnet/accounts.hpp"
#include "node/devnet/rollup_testing.hpp"

namespace entresol::devnet {
namespace {

class RollupProposals : public testing::Test {
protected:
    static Options quick() {
        Options options;
        options.challenge_period_s = 4;
        options.finality_delay_s = 1;
        return options;
    }
    settlement::Proposer make_proposer() {
        return {{.factory = rollup.config.contracts.at("dispute_game_factory"),
                 .portal = rollup.config.contracts.at("optimism_portal"),
                 .interval_ms = 4'000,
                 .refresh_ms = 0,
                 .challenge_period_s = 4},
                rollup.client,
                rollup.make_manager("proposer"),
                rollup.l2.ledger(),
                settlement::Clocks{[this] { return rollup.l1.ledger().head()->block.header.timestamp * 1000; },
                                   [this] { return rollup.l1.ledger().head()->block.header.timestamp * 1000; }}};
    }
    void live_with(settlement::Proposer& proposer, std::size_t rounds) {
        for (std::size_t i = 0; i < rounds; ++i) {
            rollup.live(1);
            const auto stepped = proposer.step();
            ASSERT_TRUE(stepped.has_value()) << stepped.error().message;
        }
    }
    std::uint64_t anchor_number() {
        const auto answer = rollup.client->call(rollup.config.contracts.at("anchor_state_registry"),
                                                codec::AbiWriter().call("getAnchorRoot()"));
        codec::AbiReader reader(*answer);
        (void)reader.read_word();
        return reader.read_u64().value();
    }
    explicit RollupProposals(const Options& options = quick()) : rollup(false, options) {}
    Rollup rollup;
};

// Set back by an hour, then forward by two: an output each interval all the same.
TEST_F(RollupProposals, AClockThatIsSetNeitherStopsNorHurriesThem) {
    std::int64_t jump_ms = 0;
    const auto l1_ms = [this] { return rollup.l1.ledger().head()->block.header.timestamp * 1000; };
    settlement::Proposer proposer(
        {.factory = rollup.config.contracts.at("dispute_game_factory"),
         .portal = rollup.config.contracts.at("optimism_portal"),
         .interval_ms = 8'000,
         .refresh_ms = 0,
         .challenge_period_s = 4},
        rollup.client, rollup.make_manager("proposer"), rollup.l2.ledger(),
        settlement::Clocks{[&] { return static_cast<std::uint64_t>(static_cast<std::int64_t>(l1_ms()) + jump_ms); },
                           l1_ms});
    std::size_t before = 0;
    for (const std::int64_t jump : {0LL, -3'600'000LL, 7'200'000LL}) {
        jump_ms += jump;
        const auto began_ms = l1_ms();
        live_with(proposer, 16);
        const std::size_t made = proposer.proposals().size() - std::exchange(before, proposer.proposals().size());
        EXPECT_GE(made, 2U) << jump;
        EXPECT_LE(made, 2 + (l1_ms() - began_ms) / 8'000) << jump;
    }
}

class RollupFaultProposals : public RollupProposals {
protected:
    static Options disputable() {
        Options options = quick();
        options.game_type = settlement::FAULT_GAME;
        options.program_root.bytes.fill(0x0a);  // nobody disputes here: it is not run
        return options;
    }
    RollupFaultProposals() : RollupProposals(disputable()) {}
    U256 credit_of(const settlement::Proposal& game) {
        const auto answer = rollup.client->call(
            game.game, codec::AbiWriter().address(service_account("proposer").address).call("credit(address)"));
        return codec::AbiReader(*answer).read_uint().value();
    }
};

TEST_F(RollupFaultProposals, EachStartsFromTheOneBeforeAndBondsComeBack) {
    auto proposer = make_proposer();
    live_with(proposer, 30);
    const auto games = proposer.proposals();  // newest first
    ASSERT_GE(games.size(), 4U);
    EXPECT_TRUE(games.back().parent.is_zero());
    std::size_t children = 0, paid = 0;
    for (std::size_t i = 0; i < games.size(); ++i) {
        const auto& game = games[i];
        EXPECT_EQ(game.game_type, settlement::FAULT_GAME);
        EXPECT_EQ(game.output_root,
                  settlement::compute_output_root(*rollup.l2.ledger().find_block(game.l2_block_number)));
        EXPECT_EQ(game.start_root, settlement::compute_output_root(*rollup.l2.ledger().find_block(game.start_block)));
        if (!game.parent.is_zero()) {
            ++children;
            EXPECT_EQ(game.parent, games[i + 1].game);
        }
        if (game.is_paid) {
            ++paid;
            EXPECT_EQ(game.status, settlement::GameStatus::DefenderWins);
            EXPECT_TRUE(credit_of(game).is_zero());
        }
    }
    EXPECT_GT(children, 0U);
    EXPECT_GT(paid, 0U);
    EXPECT_GE(anchor_number(), games.back().l2_block_number);
}

TEST_F(RollupFaultProposals, ARestartGoesOnWhereTheOtherStopped) {
    Address last;
    {
        auto proposer = make_proposer();
        live_with(proposer, 6);
        ASSERT_FALSE(proposer.proposals().empty());
        last = proposer.proposals().front().game;
    }
    auto again = make_proposer();
    live_with(again, 16);
    const auto games = again.proposals();
    const auto at = std::ranges::find(games, last, &settlement::Proposal::game);
    ASSERT_TRUE(at != games.end() && at != games.begin());
    EXPECT_EQ(std::prev(at)->start_block, at->l2_block_number);  // from it, or from the anchor that it has become
    std::set<std::uint64_t> numbers;
    for (const auto& game : games) EXPECT_TRUE(numbers.insert(game.l2_block_number).second);
    EXPECT_TRUE(games.back().is_paid);
}

TEST_F(RollupFaultProposals, AfterAReorgOfL1ClaimsStartFromWhatIsThere) {
    auto proposer = make_proposer();
    live_with(proposer, 10);
    ASSERT_GE(proposer.proposals().size(), 2U);
    const auto gone = proposer.proposals().front();
    rollup.l1.loop().run_and_wait([&] { rollup.l1.sequencer().pool().clear(); });  // it forgets them
    rollup.l1.move_head(*rollup.l1.ledger().find_block_hash(gone.l1_block_number - 1), false);
    rollup.mine_l1();
    rollup.derive(rollup.deriver);
    live_with(proposer, 40);
    const auto games = proposer.proposals();
    const auto root_of = [&](std::uint64_t number) -> std::optional<Hash32> {
        const auto block = rollup.l2.ledger().find_block(number);
        return block ? std::optional(settlement::compute_output_root(*block)) : std::nullopt;
    };
    const std::vector<settlement::Proposal> oldest_first(games.rbegin(), games.rend());
    EXPECT_TRUE(std::ranges::any_of(games, [&](const auto& game) {
        return game.l2_block_number > gone.l2_block_number && settlement::is_sound(game, oldest_first, root_of);
    }));
}

TEST_F(RollupProposals, OutputsAreProposedResolvedAndBecomeTheAnchor) {
    auto proposer = make_proposer();
    live_with(proposer, 24);
    const auto proposals = proposer.proposals();
    ASSERT_GE(proposals.size(), 2U);
    const auto& first = proposals.back();
    EXPECT_EQ(first.index, 0U);
    EXPECT_TRUE(first.resolved);
    EXPECT_FALSE(first.l1_tx_hash.is_zero());
    const auto block = rollup.l2.ledger().find_block(first.l2_block_number);
    EXPECT_EQ(first.output_root, settlement::compute_output_root(*block));
    EXPECT_GE(anchor_number(), first.l2_block_number);
}

TEST_F(RollupProposals, ARestartKnowsTheGamesAndProposesNoneTwice) {
    {
        auto proposer = make_proposer();
        live_with(proposer, 8);
        ASSERT_FALSE(proposer.proposals().empty());
    }
    auto again = make_proposer();
    live_with(again, 16);
    const auto proposals = again.proposals();
    std::set<std::uint64_t> numbers;
    for (const auto& proposal : proposals) EXPECT_TRUE(numbers.insert(proposal.l2_block_number).second);
    EXPECT_TRUE(proposals.back().resolved);               // made by the first one
    EXPECT_FALSE(proposals.back().l1_tx_hash.is_zero());  // kept in the store
}

TEST_F(RollupProposals, AGameThatAnL1ReorgTookIsForgotten) {
    auto proposer = make_proposer();
    live_with(proposer, 8);
    ASSERT_FALSE(proposer.proposals().empty());
    const auto made_in = proposer.proposals().front().l1_block_number;
    rollup.l1.loop().run_and_wait([&] { rollup.l1.sequencer().pool().clear(); });
    rollup.l1.move_head(*rollup.l1.ledger().find_block_hash(made_in - 1), false);
    rollup.mine_l1();
    const auto left =
        rollup.client->call(rollup.config.contracts.at("dispute_game_factory"), codec::AbiWriter().call("gameCount()"));
    rollup.derive(rollup.deriver);
    (void)proposer.step();
    (void)proposer.step();
    EXPECT_EQ(proposer.proposals().size(), codec::AbiReader(*left).read_u64().value());
}

}  // namespace
}  // namespace entresol::devnet
