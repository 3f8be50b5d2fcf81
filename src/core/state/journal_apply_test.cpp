#include <gtest/gtest.h>

#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::state {
namespace {

Address named(std::uint8_t last) {
    Address a;
    a.bytes[19] = last;
    return a;
}
const Address MINER = named(1), OTHER = named(2);

chain::Rules rules_of(chain::Fork fork) {
    chain::Rules rules;
    rules.fork = fork;
    return rules;
}
const chain::Rules RULES = rules_of(chain::Fork::Cancun);

void pay(Journal& journal, const Address& address, const U256& amount) {
    journal.begin_transaction();
    journal.credit(address, amount);
    journal.finish_transaction(RULES);
}

TEST(JournalCredits, AtOnceUnlessDeferred) {
    MemoryState state;
    Journal journal(state);
    pay(journal, MINER, 5);
    EXPECT_EQ(journal.balance(MINER), U256{5});
    EXPECT_TRUE(journal.take_credits()->empty());
}

TEST(JournalCredits, DeferredOnesAreNoChange) {
    MemoryState state;
    Journal journal(state, Credits::Deferred);
    pay(journal, MINER, 5);
    pay(journal, MINER, 6);
    EXPECT_TRUE(journal.take_diff().is_empty());
    const auto credits = journal.take_credits();
    ASSERT_TRUE(credits && credits->size() == 1);
    EXPECT_EQ(credits->front().amount, U256{11});
    Journal other(state);
    other.apply(credits->front(), RULES);
    EXPECT_EQ(other.take_diff().accounts.at(MINER).account->balance, U256{11});
}

TEST(JournalCredits, WhoAsksGetsThemPaid) {
    MemoryState state;
    state.accounts[MINER].account.balance = 100;
    Journal journal(state, Credits::Deferred);
    pay(journal, MINER, 5);
    EXPECT_EQ(journal.balance(MINER), U256{105});
    pay(journal, MINER, 6);
    EXPECT_TRUE(journal.take_credits()->empty());
    EXPECT_EQ(journal.take_diff().accounts.at(MINER).account->balance, U256{111});
}

// EIP-161: a credit of nothing deletes an empty account, if nothing in the same transaction fills it.
TEST(JournalCredits, NothingIsATouch) {
    MemoryState state;
    state.accounts[MINER];
    for (const bool filled_at_once : {false, true}) {
        Journal journal(state, Credits::Deferred);
        journal.begin_transaction();
        journal.credit(MINER, 0);
        if (filled_at_once) journal.credit(MINER, 7);
        journal.finish_transaction(RULES);
        const auto credits = journal.take_credits();
        Journal other(state);
        other.apply(credits->front(), RULES);
        const auto diff = other.take_diff();
        EXPECT_EQ(diff.accounts.at(MINER).account.has_value(), filled_at_once);
        EXPECT_EQ(diff.accounts.at(MINER).storage_cleared, !filled_at_once);
    }
    Journal journal(state, Credits::Deferred);
    pay(journal, MINER, 0);
    EXPECT_TRUE(journal.is_empty(MINER));
    EXPECT_FALSE(journal.take_credits()) << "whether it was deleted before, only the order of all can tell";
}

TEST(JournalApply, TakesWhatRanElsewhere) {
    MemoryState state;
    state.accounts[OTHER].account.nonce = 1;
    state.accounts[OTHER].storage = {{1, 10}, {2, 20}};
    Journal elsewhere(state);
    elsewhere.begin_transaction();
    elsewhere.set_code(OTHER, Bytes{0x5b});
    elsewhere.store_storage(OTHER, 1, 11);
    elsewhere.store_storage(OTHER, 2, 0);
    elsewhere.finish_transaction(RULES);
    Journal journal(state);
    journal.apply(elsewhere.take_diff());
    EXPECT_EQ(journal.load_storage(OTHER, 1), U256{11});
    EXPECT_EQ(journal.load_original_storage(OTHER, 1), U256{11});
    EXPECT_EQ(journal.code(OTHER)->size, 1U);
    journal.begin_transaction();
    journal.store_storage(OTHER, 1, 10);
    journal.finish_transaction(RULES);
    const auto diff = journal.take_diff();
    EXPECT_EQ(diff.accounts.at(OTHER).storage, (std::map<U256, U256>{{2, 0}})) << "slot 1 is back where it was";
    EXPECT_EQ(diff.codes.size(), 1U);
}

TEST(JournalApply, ADestroyedAccountThatCameBackKeepsItsCode) {
    MemoryState state;
    state.set_code(OTHER, Bytes{0x5b});
    state.accounts[OTHER].storage = {{1, 10}};
    StateDiff diff;  // as after SELFDESTRUCT and CREATE2 with the same code
    diff.accounts[OTHER] = {state.accounts[OTHER].account, true, {}};
    Journal journal(state);
    EXPECT_EQ(journal.code(OTHER)->size, 1U);
    journal.apply(diff);
    EXPECT_EQ(journal.code(OTHER)->size, 1U);
    EXPECT_EQ(journal.load_storage(OTHER, 1), U256{});
    EXPECT_TRUE(journal.take_diff().accounts.at(OTHER).storage_cleared);
}

}  // namespace
}  // namespace entresol::state
