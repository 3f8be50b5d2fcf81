#include <gtest/gtest.h>

#include <functional>

#include "core/stf/transaction_testing.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT
using chain::OpFork;

chain::Transaction deposit() {
    chain::Transaction tx;
    tx.type = chain::TxType::Deposit;
    tx.from = ALICE;
    tx.to = CONTRACT;
    tx.gas_limit = 100'000;
    tx.mint = U256{50};
    tx.value = U256{20};
    return tx;
}

TEST(ApplyDeposit, MintsCallsAndPaysNoFee) {
    World world(op_rules(OpFork::Isthmus));
    const auto outcome = world.apply(deposit());
    ASSERT_TRUE(outcome) << to_string(outcome.error());
    EXPECT_TRUE(outcome->receipt.succeeded);
    EXPECT_EQ(outcome->gas_used, 21'000U);
    EXPECT_EQ(outcome->receipt.deposit_nonce, 0U);
    EXPECT_EQ(outcome->receipt.deposit_receipt_version, 1U);
    EXPECT_EQ(world.balance(ALICE), U256{ETHER + 50 - 20});
    EXPECT_EQ(world.balance(CONTRACT), U256{20});
    EXPECT_EQ(world.nonce(ALICE), 1U);
    EXPECT_TRUE(world.balance(MINER).is_zero());
}

TEST(ApplyDeposit, FailureKeepsTheMintAndBumpsTheNonce) {
    const std::pair<const char*, std::function<void(World&, chain::Transaction&)>> cases[] = {
        {"revert", [](World& w, auto&) { w.state.set_code(CONTRACT, Bytes{0x5f, 0x5f, 0xfd}); }},
        {"more value than balance", [](World&, auto& tx) { tx.value = U256{2} * U256{ETHER}; }},
        {"intrinsic gas", [](World&, auto& tx) { tx.gas_limit = 20'000; }},
        {"initcode", [](World&, auto& tx) { tx.to.reset(), tx.data.assign(50'000, 0), tx.gas_limit = 5'000'000; }},
    };
    for (const auto& [name, spoil] : cases) {
        World world(op_rules(OpFork::Isthmus));
        auto tx = deposit();
        spoil(world, tx);
        const auto outcome = world.apply(tx);
        ASSERT_TRUE(outcome) << name;
        EXPECT_FALSE(outcome->receipt.succeeded) << name;
        EXPECT_EQ(world.balance(ALICE), U256{ETHER + 50}) << name;
        EXPECT_EQ(world.nonce(ALICE), 1U) << name;
        const bool never_ran = std::string_view(name) != "revert";
        EXPECT_EQ(outcome->gas_used == tx.gas_limit, never_ran) << name;
    }
}

TEST(ApplyDeposit, CountsGasByRegolith) {
    for (const auto fork : {OpFork::Bedrock, OpFork::Regolith}) {
        World world(op_rules(fork));
        const auto outcome = world.apply(deposit());
        ASSERT_TRUE(outcome);
        EXPECT_EQ(outcome->gas_used, fork == OpFork::Bedrock ? 100'000U : 21'000U);
        EXPECT_EQ(outcome->receipt.deposit_nonce.has_value(), fork == OpFork::Regolith);
        EXPECT_FALSE(outcome->receipt.deposit_receipt_version.has_value());
        auto system = deposit();
        system.is_system = true;
        system.gas_limit = 1'000'000'000;  // drew on no block gas
        const auto second = world.apply(system);
        if (fork == OpFork::Regolith) {
            EXPECT_EQ(second.error(), TxError::SystemDepositForbidden);
        } else {
            ASSERT_TRUE(second);
            EXPECT_EQ(second->gas_used, 0U);
        }
    }
}

TEST(ApplyDeposit, IsRefusedOnL1AfterUsersAndAboveTheBlockGasLimit) {
    World l1(l1_rules(chain::Fork::Osaka));
    EXPECT_EQ(l1.apply(deposit()).error(), TxError::TypeNotSupported);
    World late(op_rules(OpFork::Isthmus));
    late.progress.saw_user_transaction = true;
    EXPECT_EQ(late.apply(deposit()).error(), TxError::DepositNotFirst);
    World full(op_rules(OpFork::Isthmus));
    full.progress.gas_used = full.block.gas_limit - 99'999;
    EXPECT_EQ(full.apply(deposit()).error(), TxError::BlockGasLimitExceeded);
    EXPECT_TRUE(full.diff.is_empty());
}

TEST(ApplyDeposit, CreatesAtTheNonceBefore) {
    World world(op_rules(OpFork::Isthmus));
    world.state.accounts[ALICE].account.nonce = 5;
    auto tx = deposit();
    tx.to.reset();
    tx.data = {0x00};
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->created, chain::create_address(ALICE, 5));
    EXPECT_EQ(outcome->receipt.deposit_nonce, 5U);
    EXPECT_EQ(world.nonce(ALICE), 6U);
}

}  // namespace
}  // namespace entresol::stf
