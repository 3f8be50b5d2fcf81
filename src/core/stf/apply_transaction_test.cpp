#include <gtest/gtest.h>

#include <functional>

#include "core/stf/op_stack.hpp"
#include "core/stf/transaction_testing.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;
using chain::OpFork;
using chain::TxType;

TEST(ApplyTransaction, PaysTheTipAndBurnsTheBaseFee) {
    World world(l1_rules(Fork::Osaka));
    auto tx = transfer(100);
    tx.type = TxType::DynamicFee;
    tx.chain_id = 1;
    tx.max_fee_per_gas = U256{20};
    tx.max_priority_fee_per_gas = U256{2};
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome) << to_string(outcome.error());
    EXPECT_TRUE(outcome->receipt.succeeded);
    EXPECT_EQ(outcome->gas_used, 21'000U);
    EXPECT_EQ(outcome->effective_gas_price, U256{12});
    EXPECT_EQ(world.balance(CONTRACT), U256{100});
    EXPECT_EQ(world.balance(MINER), U256{2 * 21'000});
    EXPECT_EQ(world.balance(ALICE), U256{ETHER - 100 - 12 * 21'000});
    EXPECT_EQ(world.nonce(ALICE), 1U);
    EXPECT_EQ(world.progress.gas_used, 21'000U);
}

TEST(ApplyTransaction, PaysEverythingToTheMinerBeforeLondon) {
    World world(l1_rules(Fork::Berlin));
    ASSERT_TRUE(world.apply(transfer(1)));
    EXPECT_EQ(world.balance(MINER), U256{15 * 21'000});
}

TEST(ApplyTransaction, RevertKeepsFeeAndNonce) {
    World world(l1_rules(Fork::Osaka));
    world.state.set_code(CONTRACT,
                         Bytes{0x60, 0x01, 0x60, 0x00, 0x55, 0x5f, 0x5f, 0xfd});  // SSTORE(0, 1) then REVERT(0, 0)
    auto tx = transfer(5);
    tx.gas_limit = 100'000;
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome);
    EXPECT_FALSE(outcome->receipt.succeeded);
    EXPECT_EQ(outcome->status, evm::Status::Revert);
    EXPECT_EQ(world.nonce(ALICE), 1U);
    EXPECT_TRUE(world.balance(CONTRACT).is_zero());
    EXPECT_TRUE(world.state.accounts[CONTRACT].storage.empty());
    EXPECT_EQ(world.balance(ALICE), U256{ETHER - 15 * outcome->gas_used});
}

TEST(ApplyTransaction, CapsTheRefundByFork) {
    for (const auto fork : {Fork::Berlin, Fork::London}) {
        World world(l1_rules(fork));
        world.state.set_code(CONTRACT, Bytes{0x60, 0x00, 0x60, 0x00, 0x55});  // SSTORE(0, 0)
        world.state.accounts[CONTRACT].storage[0] = 1;
        auto tx = transfer(0);
        tx.gas_limit = 100'000;
        const auto outcome = world.apply(tx);
        ASSERT_TRUE(outcome);
        // 21000 + 2 * 3 + 5000 (cold slot, cleared); the refund is 15000 capped to a half, then 4800 below a fifth.
        EXPECT_EQ(outcome->gas_refunded, fork == Fork::Berlin ? 26'006U / 2 : 4'800U);
        EXPECT_EQ(outcome->gas_used, 26'006 - outcome->gas_refunded);
    }
}

TEST(ApplyTransaction, ChargesTheFloorOfEip7623) {
    World world(l1_rules(Fork::Prague));
    auto tx = transfer(0);
    tx.data.assign(1'000, 1);
    tx.gas_limit = 100'000;
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->gas_used, 21'000U + 40 * 1'000);
}

TEST(ApplyTransaction, CreatesAContract) {
    World world(l1_rules(Fork::Osaka));
    auto tx = transfer(3);
    tx.to.reset();
    tx.gas_limit = 200'000;
    tx.data = {0x60, 0xfe, 0x5f, 0x53, 0x60, 0x01, 0x5f, 0xf3};  // MSTORE8(0, 0xfe), RETURN(0, 1)
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome);
    ASSERT_TRUE(outcome->created.has_value());
    EXPECT_EQ(*outcome->created, chain::create_address(ALICE, 0));
    EXPECT_EQ(world.state.accounts[*outcome->created].account.code_hash, crypto::keccak256(Bytes{0xfe}));
    EXPECT_EQ(world.nonce(*outcome->created), 1U);
    EXPECT_EQ(world.balance(*outcome->created), U256{3});
}

TEST(ApplyTransaction, BurnsTheBlobFee) {
    World world(l1_rules(Fork::Cancun));
    auto tx = transfer(0);
    tx.type = TxType::Blob;
    tx.chain_id = 1;
    tx.max_fee_per_blob_gas = U256{4};
    tx.blob_hashes.resize(2);
    for (auto& hash : tx.blob_hashes) hash.bytes[0] = 1;
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome) << to_string(outcome.error());
    EXPECT_EQ(outcome->blob_gas_used, 2 * GAS_PER_BLOB);
    EXPECT_EQ(world.balance(ALICE), U256{ETHER - 15 * 21'000 - 3 * 2 * GAS_PER_BLOB});
}

TEST(ApplyTransaction, PaysTheVaultsOfTheOpStack) {
    World world(op_rules(OpFork::Isthmus));
    world.block.coinbase = SEQUENCER_FEE_VAULT;
    auto& l1_block = world.state.accounts[L1_BLOCK];
    l1_block.account.nonce = 1;
    l1_block.storage[1] = 1'000'000'000;                       // L1 base fee
    l1_block.storage[3] = U256{1'000} << 96U;                  // its scalar
    l1_block.storage[8] = (U256{2'000'000} << 64U) | U256{5};  // operator fee: 2 wei a gas and 5
    auto tx = transfer(0);
    tx.gas_limit = 50'000;
    const auto outcome = world.apply(tx);
    ASSERT_TRUE(outcome) << to_string(outcome.error());
    EXPECT_EQ(outcome->l1_fee, U256{1'600'000'000});  // 100 bytes * 16 * 1e9 * 1000 / 1e6
    EXPECT_EQ(outcome->operator_fee, U256{2 * 21'000 + 5});
    EXPECT_EQ(world.balance(BASE_FEE_VAULT), U256{10 * 21'000});
    EXPECT_EQ(world.balance(SEQUENCER_FEE_VAULT), U256{5 * 21'000});
    EXPECT_EQ(world.balance(L1_FEE_VAULT), outcome->l1_fee);
    EXPECT_EQ(world.balance(OPERATOR_FEE_VAULT), outcome->operator_fee);
    EXPECT_EQ(world.balance(ALICE) + outcome->l1_fee + outcome->operator_fee + U256{15 * 21'000}, U256{ETHER})
        << "nothing is lost";
}

TEST(ApplyTransaction, JovianLimitsTheFootprint) {
    World world(op_rules(OpFork::Jovian));
    world.state.accounts[L1_BLOCK].account.nonce = 1;
    world.state.accounts[L1_BLOCK].storage[8] = U256{65'535} << 96U;  // bytes 18 and 19 of the word
    ASSERT_TRUE(world.apply(transfer(0)));
    EXPECT_EQ(world.progress.da_footprint, 100U * 65'535U);
    auto tx = transfer(0);
    for (std::uint64_t nonce = 1; nonce < 4; ++nonce) {
        tx.nonce = nonce;
        ASSERT_TRUE(world.apply(tx));
    }
    tx.nonce = 4;
    EXPECT_EQ(world.apply(tx).error(), TxError::BlockGasLimitExceeded) << "five times 6,553,500 is above 30 million";
}

/// One row a way to be refused; each starts from a transaction that is valid.
struct Refusal {
    TxError error;
    std::function<void(World&, chain::Transaction&)> spoil;
};

TEST(ApplyTransaction, RefusesWithEachErrorAndChangesNothing) {
    const auto blob = [](chain::Transaction& tx) {
        tx.type = TxType::Blob;
        tx.chain_id = 1;
        tx.max_fee_per_blob_gas = U256{100};
        tx.blob_hashes.resize(1);
        tx.blob_hashes[0].bytes[0] = 1;
    };
    const std::vector<Refusal> refusals = {
        {TxError::TypeNotSupported,
         [](World& w, auto& tx) { tx.type = TxType::SetCode, w.block.rules = l1_rules(Fork::Cancun); }},
        {TxError::TypeNotSupported, [](World&, auto& tx) { tx.type = TxType::Deposit; }},
        {TxError::WrongChainId, [](World&, auto& tx) { tx.chain_id = 2; }},
        {TxError::NonceTooLow, [](World& w, auto&) { w.state.accounts[ALICE].account.nonce = 1; }},
        {TxError::NonceTooHigh, [](World&, auto& tx) { tx.nonce = 1; }},
        {TxError::NonceOverflow, [](World& w, auto& tx) { w.state.accounts[ALICE].account.nonce = tx.nonce = ~0ULL; }},
        {TxError::SenderNotEoa, [](World& w, auto&) { w.state.set_code(ALICE, Bytes{0x00}); }},
        {TxError::InsufficientFunds, [](World&, auto& tx) { tx.value = U256{ETHER - 15 * 21'000 + 1}; }},
        {TxError::FeeOverflow, [](World&, auto& tx) { tx.max_fee_per_gas = U256::max(); }},
        {TxError::IntrinsicGasTooLow, [](World&, auto& tx) { tx.gas_limit = 20'999; }},
        {TxError::FloorDataGasTooLow, [](World&, auto& tx) { tx.data.assign(1'000, 1), tx.gas_limit = 60'999; }},
        {TxError::GasLimitTooHigh, [](World&, auto& tx) { tx.gas_limit = (1U << 24U) + 1; }},
        {TxError::BlockGasLimitExceeded, [](World& w, auto&) { w.progress.gas_used = w.block.gas_limit - 20'999; }},
        {TxError::FeeCapBelowBaseFee,
         [](World&, auto& tx) { tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{9}; }},
        {TxError::PriorityFeeAboveFeeCap, [](World&, auto& tx) { tx.max_priority_fee_per_gas = U256{16}; }},
        {TxError::InitcodeTooLarge,
         [](World&, auto& tx) { tx.to.reset(), tx.data.assign(49'153, 0), tx.gas_limit = 1'000'000; }},
        {TxError::BlobFeeCapTooLow, [&](World&, auto& tx) { blob(tx), tx.max_fee_per_blob_gas = U256{2}; }},
        {TxError::NoBlobs, [&](World&, auto& tx) { blob(tx), tx.blob_hashes.clear(); }},
        {TxError::TooManyBlobs, [&](World&, auto& tx) { blob(tx), tx.blob_hashes.resize(7, tx.blob_hashes[0]); }},
        {TxError::InvalidBlobVersion, [&](World&, auto& tx) { blob(tx), tx.blob_hashes[0].bytes[0] = 2; }},
        {TxError::BlobCreate, [&](World&, auto& tx) { blob(tx), tx.to.reset(); }},
        {TxError::BlobGasLimitExceeded,
         [&](World& w, auto& tx) { blob(tx), w.progress.blob_gas_used = w.block.rules.blobs.max * GAS_PER_BLOB; }},
        {TxError::SetCodeCreate,
         [](World&, auto& tx) { tx.type = TxType::SetCode, tx.to.reset(), tx.authorizations.resize(1); }},
        {TxError::EmptyAuthorizations, [](World&, auto& tx) { tx.type = TxType::SetCode; }},
        {TxError::BlobOnL2,
         [&](World& w, auto& tx) { blob(tx), w.block.rules = op_rules(OpFork::Isthmus), tx.chain_id = 10; }},
    };
    for (const auto& refusal : refusals) {
        World world(l1_rules(Fork::Osaka));
        auto tx = transfer(1);
        refusal.spoil(world, tx);
        const auto outcome = world.apply(tx);
        ASSERT_FALSE(outcome) << to_string(refusal.error);
        EXPECT_STREQ(to_string(outcome.error()), to_string(refusal.error));
        EXPECT_TRUE(world.diff.is_empty()) << to_string(refusal.error);
        EXPECT_EQ(world.progress.transactions, 0U);
        EXPECT_STRNE(geth_message(refusal.error), "");
    }
}

TEST(ApplyTransaction, ADelegatingAccountMaySend) {
    World world(l1_rules(Fork::Prague));
    Bytes delegation = {0xef, 0x01, 0x00};
    append(delegation, CONTRACT.view());
    world.state.set_code(ALICE, delegation);
    EXPECT_TRUE(world.apply(transfer(1)));
}

TEST(ApplyTransaction, CallOptionsLoosenTheChecks) {
    World world(l1_rules(Fork::Osaka));
    auto tx = transfer(0);
    tx.nonce = 99;
    tx.max_fee_per_gas = tx.max_priority_fee_per_gas = {};
    tx.gas_limit = 25'000'000;
    world.state.set_code(ALICE, Bytes{0x00});
    const auto outcome = world.apply(tx, {true, true, true, true, true, false});
    ASSERT_TRUE(outcome) << to_string(outcome.error());
    EXPECT_EQ(world.balance(ALICE), U256{ETHER});
}

/// EIP-7702 with keys of our own: the authority's nonce rises, its code points to the target, an existing authority earns a refund.
TEST(ApplyTransaction, AppliesAuthorizations) {
    World world(l1_rules(Fork::Osaka));
    Hash32 key;
    key.bytes[31] = 42;
    const Address authority = crypto::address_of_key(key).value();
    const auto sign = [&](U256 chain_id, const Address& target, std::uint64_t nonce) {
        chain::Authorization a{chain_id, target, nonce, {}, {}};
        a.signature = crypto::sign(chain::authorization_hash(a), key).value();
        a.y_parity = a.signature.y_parity;
        return a;
    };
    auto tx = transfer(0);
    tx.type = TxType::SetCode;
    tx.gas_limit = 200'000;
    tx.authorizations = {sign(U256{1}, CONTRACT, 0), sign(U256{2}, MINER, 1),
                         sign(U256{}, MINER, 7)};  // the last two are skipped
    const auto first = world.apply(tx);
    ASSERT_TRUE(first) << to_string(first.error());
    EXPECT_EQ(first->gas_refunded, 0U);
    EXPECT_EQ(first->gas_used, 21'000U + 3 * 25'000);
    Bytes delegation = {0xef, 0x01, 0x00};
    append(delegation, CONTRACT.view());
    EXPECT_EQ(world.state.accounts[authority].account.code_hash, crypto::keccak256(delegation));
    EXPECT_EQ(world.nonce(authority), 1U);

    tx.nonce = 1;
    tx.authorizations = {sign(U256{}, Address{}, 1)};  // clears
    const auto second = world.apply(tx);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->gas_refunded, (21'000U + 25'000) / 5);
    EXPECT_EQ(world.state.accounts[authority].account.code_hash, crypto::EMPTY_CODE_HASH);
    EXPECT_EQ(world.nonce(authority), 2U);
}

TEST(ApplyTransaction, AMissingStateIsAnError) {
    World world(l1_rules(Fork::Osaka));
    world.state.accounts[CONTRACT].account.code_hash.bytes[0] ^= 1;  // code that nobody has
    EXPECT_EQ(world.apply(transfer(1)).error(), TxError::MissingState);
    EXPECT_TRUE(world.diff.is_empty());
}

}  // namespace
}  // namespace entresol::stf
