#include "node/pool/pool.hpp"

#include <gtest/gtest.h>

namespace entresol::pool {
namespace {

TxPtr make(std::uint8_t sender, std::uint64_t nonce, std::uint64_t tip) {
    auto checked = std::make_shared<CheckedTransaction>();
    checked->tx.type = chain::TxType::DynamicFee;
    checked->tx.nonce = nonce;
    checked->tx.max_priority_fee_per_gas = U256{tip};
    checked->tx.max_fee_per_gas = U256{1'000};
    checked->tx.gas_limit = 21'000;
    checked->sender.bytes[19] = sender;
    checked->hash.bytes[0] = sender;
    checked->hash.bytes[1] = static_cast<std::uint8_t>(nonce);
    checked->hash.bytes[2] = static_cast<std::uint8_t>(tip);
    return checked;
}

class PoolTest : public testing::Test {
protected:
    Pool make_pool(Limits limits = {}) {
        return {limits, [](const Address&) { return SenderState{.nonce = 0, .balance = U256{1'000'000'000}}; },
                [] { return std::uint64_t{1}; }};
    }
    static std::vector<int> take_all(Pool& pool) {
        std::vector<int> senders;
        while (const auto next = pool.best()) {
            senders.push_back(next->sender.bytes[19]);
            pool.mark_included(next->hash, 1);
        }
        return senders;
    }
};

// A new block reads the senders anew, in the order of a hash table.
TEST_F(PoolTest, WhoCameFirstIsFirstInALaterBlockToo) {
    auto pool = make_pool();
    std::vector<int> expected;
    for (int i = 0; i < 60; ++i) {
        const auto sender = static_cast<std::uint8_t>(200 - 3 * i);
        ASSERT_TRUE(pool.add(make(sender, 0, 5)).has_value());
        expected.push_back(sender);
    }
    pool.next_round(U256{10}, {});
    pool.next_round(U256{20}, {});
    EXPECT_EQ(take_all(pool), expected);
}

TEST_F(PoolTest, AHigherTipGoesBefore) {
    auto pool = make_pool();
    ASSERT_TRUE(pool.add(make(1, 0, 5)).has_value());
    ASSERT_TRUE(pool.add(make(2, 0, 6)).has_value());
    ASSERT_TRUE(pool.add(make(3, 0, 5)).has_value());
    EXPECT_EQ(take_all(pool), (std::vector<int>{2, 1, 3}));
}

TEST_F(PoolTest, OfEqualsTheLastThatCameMakesRoom) {
    auto pool = make_pool({.max_transactions = 20});
    for (std::uint8_t sender = 100; sender > 80; --sender) ASSERT_TRUE(pool.add(make(sender, 0, 5)).has_value());
    ASSERT_TRUE(pool.add(make(1, 0, 6)).has_value());
    EXPECT_EQ(pool.why(make(81, 0, 5)->hash).state, Whereabouts::State::Evicted);
    EXPECT_EQ(pool.size(), 20U);
}

}  // namespace
}  // namespace entresol::pool
