// What a node tells of disputes on the embedded L1: real games, real moves.
#include "core/crypto/keccak.hpp"
#include "node/challenge/dispute_reader.hpp"
#include "node/devnet/accounts.hpp"
#include "node/devnet/rollup_testing.hpp"

namespace entresol::devnet {
namespace {

constexpr std::uint64_t CLOCK_S = 20, L2_BLOCK = 7;
constexpr std::size_t ROOTS = 32;

Options disputable() {
    Options options;
    options.game_type = settlement::FAULT_GAME;
    options.program_root.bytes.fill(0x0a);  // never run: whoever is against it does not have to be right
    options.challenge_period_s = CLOCK_S;
    return options;
}

class RollupDisputes : public testing::Test {
protected:
    RollupDisputes()
        : rollup(false, disputable()),
          factory(rollup.config.contracts.at("dispute_game_factory")),
          reader(rollup.client, factory) {}

    void create(std::uint8_t root) {
        Hash32 claim;
        claim.bytes.fill(root);
        rollup.send(rollup.l1, dev_accounts()[3], factory, U256{200'000'000'000'000'000ULL},
                    codec::AbiWriter()
                        .uint(U256{settlement::FAULT_GAME})
                        .word(claim)
                        .bytes(to_hash32(U256{L2_BLOCK}).view())
                        .call("create(uint32,bytes32,bytes)"),
                    1'000'000);
        rollup.mine_l1();
    }
    // A machine that never ended: whatever the claim is, this list is against it.
    void join(const Address& game, std::uint8_t salt) {
        const Bytes last_state(352, salt);
        std::vector<Hash32> words(ROOTS - 1, crypto::keccak256(Bytes{salt}));
        words.push_back(crypto::keccak256(last_state));
        Bytes call = codec::AbiWriter().call("join(bytes32[],bytes,address)");
        const auto put = [&](const U256& value) { append(call, to_hash32(value).view()); };
        put(U256{96});
        put(U256{96 + 32 * (ROOTS + 1)});
        append(call, codec::AbiWriter().address(dev_accounts()[4].address).encode());
        put(U256{ROOTS});
        for (const auto& word : words) append(call, word.view());
        put(U256{last_state.size()});
        append(call, last_state);
        rollup.send(rollup.l1, dev_accounts()[4], game, U256{80'000'000'000'000'000ULL}, call, 1'000'000);
        rollup.mine_l1();
    }
    void resolve(const Address& game) {
        rollup.send(rollup.l1, dev_accounts()[5], game, {}, codec::AbiWriter().call("resolve()"), 1'000'000);
        rollup.mine_l1();
    }

    Rollup rollup;
    Address factory;
    challenge::DisputeReader reader;
};

TEST_F(RollupDisputes, AGameIsToldMoveByMoveUntilItsRootFalls) {
    EXPECT_TRUE(reader.list(100).value().empty());
    create(1);
    create(2);
    auto games = reader.list(100).value();
    ASSERT_EQ(games.size(), 2U);
    EXPECT_EQ(games[0].index, 1U);  // newest first
    EXPECT_EQ(reader.list(1).value().size(), 1U);
    EXPECT_EQ(games[1].l2_block_number, L2_BLOCK);
    EXPECT_EQ(games[1].creator, dev_accounts()[3].address);
    EXPECT_EQ(games[1].status, settlement::GameStatus::InProgress);
    const Address game = games[1].game;
    EXPECT_TRUE(reader.find(game).value()->moves.empty());

    join(game, 9);
    const auto told = reader.find(game).value();
    ASSERT_TRUE(told && told->game);
    ASSERT_EQ(told->moves.size(), 1U);
    const auto& move = told->moves[0];
    EXPECT_STREQ(move.kind, "join");
    EXPECT_EQ(move.side, challenge::CHALLENGERS);
    EXPECT_EQ(move.payee, dev_accounts()[4].address);
    EXPECT_EQ(move.roots, ROOTS);
    EXPECT_EQ(move.time_s, rollup.l1.ledger().head()->block.header.timestamp);
    EXPECT_EQ(move.clock_left_s, CLOCK_S - (move.time_s - told->claim.created_at));
    const auto& whole = told->game->matches.at(challenge::WHOLE);
    EXPECT_EQ(whole.live[challenge::CHALLENGERS], 1U);
    EXPECT_EQ(whole.deadline(challenge::DEFENDERS), move.time_s + CLOCK_S);
    EXPECT_EQ(told->now_s, move.time_s);
    EXPECT_TRUE(reader.find(games[0].game).value()->moves.empty()) << "another game";

    for (std::uint64_t s = 0; s <= CLOCK_S; s += BLOCK_SECONDS_L1) rollup.mine_l1();
    resolve(game);
    EXPECT_EQ(reader.list(100).value()[1].status, settlement::GameStatus::ChallengerWins);
    EXPECT_EQ(reader.list(100).value()[0].status, settlement::GameStatus::InProgress);
    const auto fallen = reader.find(game).value();
    ASSERT_EQ(fallen->moves.size(), 2U);
    EXPECT_STREQ(fallen->moves[1].kind, "resolve");
    EXPECT_EQ(fallen->game->status, challenge::Status::ChallengersWin);
}

// The devnet's pool brings game and move back, in later blocks: what is told is the new branch's.
TEST_F(RollupDisputes, AfterAnL1ReorgTheNewBranchIsTold) {
    create(1);
    const auto before = reader.list(100).value().at(0);
    join(before.game, 9);
    const auto move_before = reader.find(before.game).value()->moves.at(0);
    ASSERT_TRUE(rollup.l1.reorg(2));
    const auto after = reader.list(100).value();
    ASSERT_EQ(after.size(), 1U);
    EXPECT_NE(after[0].created_at, before.created_at);
    const auto told = reader.find(after[0].game).value();
    ASSERT_EQ(told->moves.size(), 1U);
    EXPECT_EQ(told->moves[0].l1_tx_hash, move_before.l1_tx_hash);
    const auto block = rollup.l1.ledger().find_block(told->moves[0].l1_block_number);
    EXPECT_EQ(told->moves[0].time_s, block->block.header.timestamp);
    EXPECT_EQ(block->tx_hashes.back(), move_before.l1_tx_hash);
    EXPECT_FALSE(reader.find(factory).value().has_value()) << "no game";
}

}  // namespace
}  // namespace entresol::devnet
