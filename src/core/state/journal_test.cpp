#include "core/state/journal.hpp"

#include <gtest/gtest.h>

#include "core/state/memory_state.hpp"

namespace entresol::state {
namespace {

using chain::Fork;

Address address(std::uint8_t last) {
    Address a;
    a.bytes[19] = last;
    return a;
}
chain::Rules rules(Fork fork) {
    chain::Rules r;
    r.fork = fork;
    return r;
}

class JournalTest : public ::testing::Test {
protected:
    void fund(const Address& a, std::uint64_t balance) { base.accounts[a].account.balance = balance; }

    MemoryState base;
    Journal journal{base};
    const Address alice = address(0xa1);
    const Address bob = address(0xb0);
};

TEST_F(JournalTest, TellsOriginalCurrentAndWarmthOfAStore) {
    base.accounts[alice].storage[7] = 1;
    base.accounts[alice].account.nonce = 1;
    journal.begin_transaction();
    const auto first = journal.store_storage(alice, 7, 2);
    EXPECT_EQ(first.original, U256{1});
    EXPECT_EQ(first.current, U256{1});
    EXPECT_EQ(first.warmth, Warmth::Cold);
    const auto second = journal.store_storage(alice, 7, 0);
    EXPECT_EQ(second.original, U256{1});
    EXPECT_EQ(second.current, U256{2});
    EXPECT_EQ(second.warmth, Warmth::Warm);
    journal.finish_transaction(rules(Fork::Osaka));

    journal.begin_transaction();
    EXPECT_EQ(journal.load_original_storage(alice, 7), U256{});
    Warmth warmth{};
    EXPECT_EQ(journal.load_storage(alice, 7, warmth), U256{});
    EXPECT_EQ(warmth, Warmth::Cold) << "warmth must not outlive its transaction";
}

TEST_F(JournalTest, DiffKeepsASlotThatIsWrittenAsBeforeAfterAWipe) {
    base.accounts[alice].account.nonce = 1;
    base.accounts[alice].storage[7] = 1;
    base.accounts[alice].storage[8] = 2;
    journal.begin_transaction();
    EXPECT_EQ(journal.load_storage(alice, 7), U256{1});
    journal.clear_storage(alice);
    journal.store_storage(alice, 7, 1);
    journal.finish_transaction(rules(Fork::Osaka));
    base.apply(journal.take_diff());
    EXPECT_EQ(base.accounts[alice].storage, (std::map<U256, U256>{{7, 1}}));
}

TEST_F(JournalTest, RevertRestoresValuesWarmthLogsAndRefund) {
    fund(alice, 10);
    journal.begin_transaction();
    const auto checkpoint = journal.checkpoint();
    journal.add_balance(alice, 5);
    journal.set_nonce(alice, 9);
    journal.set_code(bob, Bytes{0x60, 0x00});
    journal.store_storage(bob, 1, 2);
    journal.store_transient(bob, 1, 3);
    journal.add_log({bob, {}, {}});
    journal.add_refund(4800);
    EXPECT_EQ(journal.warm_account(alice), Warmth::Cold);
    journal.revert_to(checkpoint);
    EXPECT_EQ(journal.balance(alice), U256{10});
    EXPECT_EQ(journal.nonce(alice), 0U);
    EXPECT_FALSE(journal.exists(bob));
    EXPECT_EQ(journal.code(bob)->size, 0U);
    EXPECT_EQ(journal.load_storage(bob, 1), U256{});
    EXPECT_EQ(journal.load_transient(bob, 1), U256{});
    EXPECT_TRUE(journal.logs().empty());
    EXPECT_EQ(journal.refund(), 0);
    EXPECT_EQ(journal.warm_account(alice), Warmth::Cold);
    journal.finish_transaction(rules(Fork::Osaka));
    EXPECT_TRUE(journal.take_diff().is_empty());
}

TEST_F(JournalTest, DeletesTouchedEmptyAccountsFromSpuriousDragonOn) {
    for (const auto fork : {Fork::TangerineWhistle, Fork::SpuriousDragon}) {
        MemoryState state;
        state.accounts[alice];  // empty, from the time before EIP-161
        Journal j(state);
        j.begin_transaction();
        j.touch(alice);
        j.touch(bob);
        j.finish_transaction(rules(fork));
        EXPECT_EQ(j.exists(alice), fork == Fork::TangerineWhistle);
        EXPECT_EQ(j.exists(bob), fork == Fork::TangerineWhistle);
        state.apply(j.take_diff());
        EXPECT_EQ(state.accounts.size(), fork == Fork::TangerineWhistle ? 2U : 0U);
    }
}

TEST_F(JournalTest, TouchOfRipemdOutlivesRevert) {
    const Address ripemd = address(3), other = address(4);
    base.accounts[ripemd];
    base.accounts[other];
    journal.begin_transaction();
    const auto checkpoint = journal.checkpoint();
    journal.touch(ripemd);
    journal.touch(other);
    journal.revert_to(checkpoint);
    journal.finish_transaction(rules(Fork::SpuriousDragon));
    EXPECT_FALSE(journal.exists(ripemd));
    EXPECT_TRUE(journal.exists(other));
}

TEST_F(JournalTest, SelfDestructFollowsEip6780) {
    for (const auto fork : {Fork::Shanghai, Fork::Cancun}) {
        MemoryState state;
        state.accounts[alice].account.nonce = 1;
        state.accounts[alice].storage[1] = 1;
        Journal j(state);
        j.begin_transaction();
        j.create_contract(bob);
        j.set_nonce(bob, 1);
        j.store_storage(bob, 5, 6);
        EXPECT_TRUE(j.mark_self_destructed(alice));
        EXPECT_FALSE(j.mark_self_destructed(alice));
        EXPECT_TRUE(j.mark_self_destructed(bob));
        j.finish_transaction(rules(fork));
        EXPECT_EQ(j.exists(alice), fork == Fork::Cancun);
        EXPECT_EQ(j.load_storage(alice, 1), fork == Fork::Cancun ? U256{1} : U256{});
        EXPECT_FALSE(j.exists(bob));
        EXPECT_FALSE(j.has_storage(bob));
        const auto diff = j.take_diff();
        EXPECT_EQ(diff.accounts.count(bob), 0U) << "came and went";
        EXPECT_EQ(diff.accounts.count(alice), fork == Fork::Cancun ? 0U : 1U);
    }
}

TEST_F(JournalTest, RecreatedContractStartsWithoutItsOldStorage) {
    base.accounts[alice].account.nonce = 1;
    base.accounts[alice].storage = {{1, 11}, {2, 22}};
    journal.begin_transaction();
    journal.mark_self_destructed(alice);
    journal.finish_transaction(rules(Fork::Shanghai));
    journal.begin_transaction();
    EXPECT_TRUE(journal.is_free_for_creation(alice));
    journal.create_contract(alice);
    journal.set_nonce(alice, 1);
    EXPECT_EQ(journal.load_storage(alice, 2), U256{});
    journal.store_storage(alice, 3, 33);
    journal.finish_transaction(rules(Fork::Shanghai));
    base.apply(journal.take_diff());
    EXPECT_EQ(base.accounts[alice].storage, (std::map<U256, U256>{{3, 33}}));
}

TEST_F(JournalTest, ClearedStorageComesBackOnRevert) {
    base.accounts[alice].storage = {{1, 11}, {2, 22}};
    journal.begin_transaction();
    journal.store_storage(alice, 1, 12);
    const auto checkpoint = journal.checkpoint();
    journal.clear_storage(alice);
    EXPECT_FALSE(journal.has_storage(alice));
    EXPECT_EQ(journal.load_storage(alice, 2), U256{});
    journal.revert_to(checkpoint);
    EXPECT_EQ(journal.load_storage(alice, 1), U256{12});
    EXPECT_EQ(journal.load_storage(alice, 2), U256{22});
    EXPECT_EQ(journal.load_original_storage(alice, 2), U256{22});
}

TEST_F(JournalTest, RefusesToOverdraw) {
    fund(alice, 3);
    EXPECT_FALSE(journal.sub_balance(alice, 4));
    EXPECT_EQ(journal.balance(alice), U256{3});
    EXPECT_TRUE(journal.sub_balance(alice, 3));
    EXPECT_TRUE(journal.balance(alice).is_zero());
}

TEST_F(JournalTest, WarmingDoesNotReadTheView) {
    class Blind final : public StateView {
    public:
        std::optional<Account> find_account(const Address&) override { return failed = true, std::nullopt; }
        U256 load_storage(const Address&, const U256&) override { return failed = true, U256{}; }
        bool has_storage(const Address&) override { return failed = true; }
        CodePtr load_code(const Hash32&) override { return failed = true, nullptr; }
        Hash32 load_block_hash(std::uint64_t) override { return failed = true, Hash32{}; }
        bool has_failed() const override { return failed; }
        bool failed = false;
    } blind;
    Journal j(blind);
    j.begin_transaction();
    j.warm_account(alice);
    j.warm_slot(alice, 1);
    EXPECT_FALSE(j.has_failed());
    (void)j.balance(alice);
    EXPECT_TRUE(j.has_failed());
}

TEST_F(JournalTest, MarksSplitWhatTakeDiffTellsAsAWhole) {
    fund(alice, 100);
    StateDiff merged;
    for (std::uint64_t i = 1; i <= 3; ++i) {
        journal.begin_transaction();
        ASSERT_TRUE(journal.sub_balance(alice, i));
        journal.store_storage(alice, i % 2, i);
        journal.finish_transaction(rules(Fork::Osaka));
        const auto part = journal.diff_since_mark();
        EXPECT_EQ(part.accounts.at(alice).storage, (std::map<U256, U256>{{i % 2, i}}));
        merged.merge(part);
    }
    EXPECT_TRUE(journal.diff_since_mark().is_empty());
    const auto whole = journal.take_diff();
    EXPECT_EQ(merged.accounts.at(alice).account, whole.accounts.at(alice).account);
    EXPECT_EQ(merged.accounts.at(alice).storage, whole.accounts.at(alice).storage);
    EXPECT_TRUE(journal.take_diff().is_empty());
}

}  // namespace
}  // namespace entresol::state
