// Each checker alone: what it lets pass, and what it does not.
#include <gtest/gtest.h>

#include "node/pool/pool.hpp"
#include "node/sim/check_derived_chain.hpp"
#include "node/sim/check_finalized_head.hpp"
#include "node/sim/check_safe_head.hpp"
#include "node/sim/check_supply.hpp"
#include "node/sim/check_transactions.hpp"

namespace entresol::sim {
namespace {

Hash32 hash_of(std::uint8_t branch, std::uint64_t number) {
    Hash32 hash;
    hash.bytes[0] = branch;
    hash.bytes[31] = static_cast<std::uint8_t>(number);
    return hash;
}

class SafeHead : public testing::Test {
protected:
    // Blocks of branch 1, from `fork` on of another one; block n is derived from L1 block 100 + n of `l1_branch`.
    std::optional<std::string> observe(std::uint64_t number, std::uint64_t fork = 1'000, std::uint8_t branch = 2,
                                       std::uint8_t l1_branch = 1, const char* node = "node") {
        const auto block_at = [=](std::uint64_t n) {
            const bool is_forked = n >= fork;
            return SafeBlock{.number = n,
                             .hash = hash_of(is_forked ? branch : 1, n),
                             .origin = {hash_of(is_forked ? l1_branch : 1, 50 + n), 50 + n},
                             .source = derive::BlockId{hash_of(is_forked ? l1_branch : 1, 100 + n), 100 + n}};
        };
        return check.observe(node, number, block_at(number).hash, block_at);
    }
    std::optional<Hash32> gone;
    SafeHeadCheck check{[this](const Hash32& hash) { return gone == hash; }};
};

TEST_F(SafeHead, GoesForward) {
    EXPECT_FALSE(observe(0));
    EXPECT_FALSE(observe(5));
    EXPECT_FALSE(observe(5));
    EXPECT_FALSE(observe(6));
}
TEST_F(SafeHead, DoesNotGoBack) {
    EXPECT_FALSE(observe(5));
    EXPECT_TRUE(observe(4));
}
TEST_F(SafeHead, IsNotReplaced) {
    EXPECT_FALSE(observe(5));
    EXPECT_TRUE(observe(7, 4));
}
TEST_F(SafeHead, GoesBackWithL1) {
    EXPECT_FALSE(observe(5));
    gone = hash_of(1, 104);  // what block 4 came from
    EXPECT_FALSE(observe(3));
    EXPECT_FALSE(observe(6, 4, 2, 2));
    gone = hash_of(2, 54);  // the origin of block 4
    EXPECT_FALSE(observe(3));
    EXPECT_TRUE(observe(2)) << "block 3 is of an L1 block that is still there";
}
TEST_F(SafeHead, IsTheSameForEveryoneFromTheSameL1Block) {
    EXPECT_FALSE(observe(5));
    EXPECT_FALSE(observe(5, 1'000, 2, 1, "other"));
    EXPECT_TRUE(observe(6, 3, 2, 1, "third"));
}
TEST_F(SafeHead, MayBeOlderAfterARestart) {
    EXPECT_FALSE(observe(5));
    check.restarted("node");
    EXPECT_FALSE(observe(3));
    EXPECT_TRUE(observe(5, 5)) << "but not another one";
}

std::optional<std::string> finalize(FinalizedHeadCheck& check, const char* node, std::uint64_t number,
                                    std::uint64_t fork = 1'000) {
    const auto at = [fork](std::uint64_t n) { return std::optional(hash_of(n >= fork ? 2 : 1, n)); };
    return check.observe(node, number, *at(number), at);
}

TEST(FinalizedHead, GoesForwardForAll) {
    FinalizedHeadCheck check;
    EXPECT_FALSE(finalize(check, "a", 0));
    EXPECT_FALSE(finalize(check, "a", 7));
    EXPECT_FALSE(finalize(check, "b", 3));
    EXPECT_FALSE(finalize(check, "b", 9));
    EXPECT_FALSE(finalize(check, "a", 9));
}
TEST(FinalizedHead, NeverGoesBack) {
    FinalizedHeadCheck check;
    EXPECT_FALSE(finalize(check, "a", 7));
    EXPECT_TRUE(finalize(check, "a", 6));
}
TEST(FinalizedHead, IsOneChain) {
    FinalizedHeadCheck check;
    EXPECT_FALSE(finalize(check, "a", 0));
    EXPECT_FALSE(finalize(check, "b", 0));
    EXPECT_FALSE(finalize(check, "a", 7));
    EXPECT_TRUE(finalize(check, "b", 5, 4));
    EXPECT_TRUE(finalize(check, "a", 8, 7)) << "its own block was replaced";
}

struct DroppedBlocks : testing::Test {
    std::optional<Hash32> gone;
    DerivedChainCheck check{10, [this](const Hash32& hash) { return gone == hash; }};
    static DerivedChainCheck::Sealed block(std::uint64_t number, std::uint64_t fork = 1) {
        return {number, hash_of(fork, number), {hash_of(fork, 100), 100}};
    }
    // Blocks FROM to TO of that fork are dropped, and one of another fork comes in place of the lowest.
    bool is_fault(std::uint64_t from, std::uint64_t to, std::uint64_t l1_head, std::uint64_t fork = 1,
                  std::uint64_t instead = 9) {
        std::vector<DerivedChainCheck::Sealed> blocks;
        for (auto number = from; number <= to; ++number) blocks.push_back(block(number, fork));
        check.dropped(blocks, l1_head);
        return check.added(from, hash_of(instead, from)).has_value();
    }
};

TEST_F(DroppedBlocks, NeedAReason) { EXPECT_TRUE(is_fault(7, 7, 109)); }
TEST_F(DroppedBlocks, MayComeBack) { EXPECT_FALSE(is_fault(7, 8, 109, 1, 1)); }
TEST_F(DroppedBlocks, AreExcusedByTheirWindowAndSoIsWhatIsSealedInTheirPlace) {
    EXPECT_FALSE(is_fault(7, 9, 110));
    EXPECT_FALSE(is_fault(9, 9, 109, 2));
    EXPECT_TRUE(is_fault(10, 10, 109, 2));
}
TEST_F(DroppedBlocks, AreExcusedByTheDisk) {
    check.lost(6);
    EXPECT_TRUE(is_fault(7, 7, 109));
    check.lost(7);
    EXPECT_FALSE(is_fault(7, 7, 109));
}
TEST_F(DroppedBlocks, AreExcusedByAReorganisation) {
    gone = hash_of(1, 100);
    EXPECT_FALSE(is_fault(7, 7, 109));
}
TEST_F(DroppedBlocks, GiveWayToThoseOfABranchThatL1ReturnsTo) {
    gone = hash_of(1, 100);
    EXPECT_FALSE(is_fault(7, 8, 101, 1, 2)) << "L1 leaves the branch on which the first fork was posted";
    EXPECT_FALSE(is_fault(7, 9, 103, 2, 1)) << "and returns to it";
    EXPECT_FALSE(is_fault(7, 8, 104, 1, 2)) << "and leaves it again";
    EXPECT_TRUE(is_fault(7, 8, 105, 2, 3)) << "but nobody sealed the third";
}
TEST_F(DroppedBlocks, AreJudgedByWhatReplacesTheLowestOfThem) {
    check.dropped({block(8), block(9)}, 109);
    check.dropped({block(7)}, 109);
    EXPECT_TRUE(check.added(7, hash_of(2, 7)));
    EXPECT_FALSE(check.added(8, hash_of(2, 8))) << "one fault is told once";
}

TEST(DerivedChain, BlocksStandABlockTimeApart) {
    EXPECT_FALSE(DerivedChainCheck::sealed(7, 100, 102, 2));
    EXPECT_TRUE(DerivedChainCheck::sealed(7, 100, 103, 2));
    EXPECT_TRUE(DerivedChainCheck::sealed(7, 100, 170, 2));
}

TEST(DerivedChain, EveryoneHasTheSame) {
    const auto chain = [](std::uint64_t fork, std::uint64_t end) {
        return [fork, end](std::uint64_t n) {
            return n < end ? std::optional(hash_of(n >= fork ? 2 : 1, n)) : std::nullopt;
        };
    };
    EXPECT_FALSE(DerivedChainCheck::compare("a", chain(100, 100), "b", chain(100, 100), 9));
    EXPECT_FALSE(DerivedChainCheck::compare("a", chain(10, 100), "b", chain(100, 100), 9));
    EXPECT_TRUE(DerivedChainCheck::compare("a", chain(9, 100), "b", chain(100, 100), 9));
    EXPECT_TRUE(DerivedChainCheck::compare("a", chain(100, 9), "b", chain(100, 100), 9));
}

TEST(Supply, IsConservedOnBothLayers) {
    const SupplyL2 l2{.balances = U256{110}, .genesis = U256{100}, .minted = U256{10}, .deposited = U256{10}};
    EXPECT_FALSE(check_supply(l2));
    auto more = l2, unknown = l2;
    more.balances += U256{1};
    EXPECT_TRUE(check_supply(more));
    unknown.deposited = U256{9};
    EXPECT_TRUE(check_supply(unknown));

    const SupplyL1 l1{.portal = U256{105}, .portal_genesis = U256{100}, .deposited = U256{10}, .paid_out = U256{5}};
    EXPECT_FALSE(check_supply(l1, U256{5}));
    EXPECT_TRUE(check_supply(l1, U256{4})) << "more was paid out than was withdrawn";
    auto less = l1;
    less.portal = U256{104};
    EXPECT_TRUE(check_supply(less, U256{5}));
}

TEST(Transactions, AreIncludedOrHaveAReason) {
    using State = pool::Whereabouts::State;
    TransactionCheck check;
    check.accepted(hash_of(1, 1));
    const auto judge = [&check](bool is_in_chain, const pool::Whereabouts& where) {
        return check.judge([&](const Hash32&) { return TransactionCheck::Fate{is_in_chain, &where}; });
    };
    EXPECT_FALSE(judge(true, {}));
    EXPECT_FALSE(judge(false, {.state = State::NonceGap, .reason = "waits for nonce 7"}));
    EXPECT_TRUE(judge(false, {}));
    EXPECT_TRUE(judge(false, {.state = State::Dropped, .reason = ""}));
    EXPECT_TRUE(judge(false, {.state = State::Included, .reason = "in block 7"}));
    check.restarted();
    EXPECT_FALSE(judge(false, {}));
}

}  // namespace
}  // namespace entresol::sim
