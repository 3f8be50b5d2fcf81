#include "node/settlement/claim_terms.hpp"

#include <gtest/gtest.h>

namespace entresol::settlement {
namespace {

Hash32 root(std::uint64_t block, std::uint8_t branch = 1) {
    Hash32 out;
    out.bytes[0] = branch;
    out.bytes[31] = static_cast<std::uint8_t>(block);
    return out;
}
Address address(std::uint64_t n) {
    Address out;
    out.bytes[19] = static_cast<std::uint8_t>(n);
    return out;
}
// The n-th game claims block 10 · n and starts from game n - 1, the first from the anchor at block 5.
Proposal claim(std::uint64_t n) {
    Proposal out{
        .index = n, .l2_block_number = 10 * n, .output_root = root(10 * n), .game = address(n), .l1_tx_hash = {}};
    out.game_type = FAULT_GAME;
    out.start_block = n == 1 ? 5 : 10 * (n - 1);
    out.start_root = root(out.start_block);
    if (n > 1) out.parent = address(n - 1);
    return out;
}
std::optional<Hash32> root_of(std::uint64_t block) { return block <= 100 ? std::optional(root(block)) : std::nullopt; }

class Claims : public testing::Test {
protected:
    std::vector<Proposal> games{claim(1), claim(2), claim(3)};
    [[nodiscard]] bool is_last_sound() const { return is_sound(games.back(), games, root_of); }
};

TEST_F(Claims, ARightOneOnRightOnesIsSound) { EXPECT_TRUE(is_last_sound()); }

TEST_F(Claims, AWrongRootIsNot) {
    games[2].output_root = root(30, 2);
    EXPECT_FALSE(is_last_sound());
}

TEST_F(Claims, NorARightRootOnAWrongOne) {
    games[0].output_root = root(10, 2);
    EXPECT_FALSE(is_last_sound());
}

TEST_F(Claims, NorOneThatStartsFromAnotherRootThanItsBlocks) {
    games[1].start_root = root(10, 2);
    EXPECT_FALSE(is_last_sound());
}

TEST_F(Claims, NorOneWhoseParentFell) {
    games[0].status = GameStatus::ChallengerWins;
    EXPECT_FALSE(is_last_sound());
}

TEST_F(Claims, WhatStandsNeedsNothingBelow) {
    games[0].output_root = root(10, 2);
    games[1].status = GameStatus::DefenderWins;
    EXPECT_TRUE(is_last_sound());
}

TEST_F(Claims, NorOneWhoseParentIsUnknownOrNewer) {
    games[1].parent = address(9);
    EXPECT_FALSE(is_last_sound());
    games[1].parent = address(3);
    EXPECT_FALSE(is_last_sound());
}

TEST_F(Claims, NorABlockThatTheChainDoesNotHave) {
    games[2].l2_block_number = 101;
    games[2].output_root = root(101);
    EXPECT_FALSE(is_last_sound());
}

TEST(ExtraData, TheBlockAndThePlaceOfTheParent) {
    const Proposal parent = claim(3);
    EXPECT_EQ(encode_extra_data(40, nullptr).size(), 32U);
    const auto with_parent = encode_extra_data(40, &parent);
    ASSERT_EQ(with_parent.size(), 64U);
    EXPECT_EQ(with_parent[31], 40);
    EXPECT_EQ(with_parent[63], 3);
}

}  // namespace
}  // namespace entresol::settlement
