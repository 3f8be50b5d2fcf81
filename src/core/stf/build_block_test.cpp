#include "core/stf/build_block.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "core/base/hex.hpp"
#include "core/stf/op_stack.hpp"
#include "core/stf/requests.hpp"
#include "core/stf/state_root.hpp"
#include "core/stf/transaction_testing.hpp"
#include "core/stf/validate_body.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;

/// A chain of one genesis block over a state that holds a funded key and the system contracts' addresses with trivial code.
struct Chain {
    explicit Chain(const chain::ChainConfig& c) : config(c), sender(crypto::address_of_key(key()).value()) {
        state.accounts[sender].account.balance = ETHER;
        for (const auto& contract :
             {"00000961Ef480Eb55e80D19ad83579A64c007002", "0000BBdDc7CE488642fb579F8B00f3a590007251"}) {
            const auto a = parse_fixed<Address>(contract).value();
            state.accounts[a].account.nonce = 1;
            state.set_code(a, Bytes{0x00});  // STOP: no requests
        }
        parent.state_root = state::compute_state_root(nodes, crypto::EMPTY_TRIE_ROOT, state.as_diff(), nodes).value();
        parent.gas_limit = 30'000'000;
        parent.timestamp = 1'000;
        parent.base_fee_per_gas = U256{1'000};
        parent.blob_gas_used = parent.excess_blob_gas = 0;
        const auto rules = config.rules_at(1, 1'002);
        attributes.timestamp = 1'002;
        attributes.gas_limit = 30'000'000;
        attributes.coinbase = MINER;
        attributes.parent_beacon_block_root = Hash32{};
        if (rules.is_op())
            attributes.extra_data = parent.extra_data = {1, 0, 0, 0, 250, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0};
        else
            attributes.withdrawals = {{0, 1, CONTRACT, 3}};
    }

    static Hash32 key() {
        Hash32 k;
        k.bytes[31] = 7;
        return k;
    }
    chain::Transaction signed_transfer(std::uint64_t nonce) const {
        auto tx = transfer(1);
        tx.nonce = nonce;
        tx.chain_id = config.chain_id;
        tx.max_fee_per_gas = tx.max_priority_fee_per_gas = U256{2'000};
        CHECK(chain::sign_transaction(tx, key()));
        return tx;
    }
    SealedBlock build(std::uint64_t transactions) {
        BlockBuilder builder(state, config, parent, attributes);
        for (std::uint64_t i = 0; i < transactions; ++i) {
            const auto added = builder.add(signed_transfer(i), sender);
            CHECK(added.has_value());
            EXPECT_EQ((*added)->receipt.cumulative_gas_used, 21'000 * (i + 1));
        }
        EXPECT_FALSE(builder.add(signed_transfer(99), sender).has_value());
        EXPECT_EQ(builder.transactions().size(), transactions) << "a refused transaction leaves no trace";
        EXPECT_EQ(builder.gas_left(), 30'000'000 - 21'000 * transactions);
        auto sealed = builder.seal(nodes, parent.state_root, nodes);
        CHECK(sealed.has_value());
        return std::move(*sealed);
    }

    const chain::ChainConfig config;
    const Address sender;
    state::MemoryState state;
    state::MemoryNodes nodes;
    chain::Header parent;
    BlockAttributes attributes;
};

TEST(BlockBuilder, WhatItSealsIsAccepted) {
    for (const auto& config : {chain::ChainConfig::all_active(1), chain::ChainConfig::op_all_active(10)}) {
        Chain chain(config);
        const SealedBlock sealed = chain.build(3);
        const auto applied = apply_block(chain.state, chain.config, chain.parent, sealed.block);
        ASSERT_TRUE(applied) << to_string(applied.error().error) << " " << applied.error().detail;
        const auto rules = config.rules_at(1, 1'002);
        EXPECT_TRUE(
            check_state_root(chain.nodes, chain.parent.state_root, sealed.block.header, *applied, rules, chain.nodes));
        EXPECT_EQ(sealed.hash, chain::header_hash(sealed.block.header));
        EXPECT_EQ(sealed.block.header.gas_used, 63'000U);
        chain.state.apply(applied->diff);
        EXPECT_EQ(chain.state.compute_root(), sealed.block.header.state_root);
        EXPECT_EQ(chain.state.accounts[CONTRACT].account.balance, config.op ? U256{3} : U256{3'000'000'003})
            << "transfers and withdrawal";
    }
}

TEST(BlockBuilder, SealsTheOpStacksHeader) {
    Chain chain(chain::ChainConfig::op_all_active(10));
    const auto header = chain.build(2).block.header;
    EXPECT_EQ(header.withdrawals_root, crypto::EMPTY_TRIE_ROOT) << "the message passer is absent";
    EXPECT_EQ(header.requests_hash, compute_requests_hash({}));
    EXPECT_EQ(header.blob_gas_used, 2 * 100 * DA_FOOTPRINT_GAS_SCALAR_DEFAULT);
    EXPECT_EQ(header.excess_blob_gas, 0U);
}

struct Spoiled {
    BlockError error;
    std::function<void(chain::Block&)> spoil;
};

TEST(ApplyBlock, RefusesEachFalseField) {
    Chain chain(chain::ChainConfig::all_active(1));
    const SealedBlock sealed = chain.build(2);
    const std::vector<Spoiled> cases = {
        {BlockError::ParentHash, [](auto& b) { b.header.parent_hash.bytes[0] ^= 1; }},
        {BlockError::Number, [](auto& b) { ++b.header.number; }},
        {BlockError::Timestamp, [](auto& b) { b.header.timestamp = 1'000; }},
        {BlockError::GasLimit, [](auto& b) { b.header.gas_limit += 30'000'000 / 1024; }},
        {BlockError::BaseFee, [](auto& b) { *b.header.base_fee_per_gas += U256{1}; }},
        {BlockError::ExtraData, [](auto& b) { b.header.extra_data.assign(33, 0); }},
        {BlockError::MissingField, [](auto& b) { b.header.requests_hash.reset(); }},
        {BlockError::Difficulty, [](auto& b) { b.header.difficulty = 1; }},
        {BlockError::Ommers, [](auto& b) { b.header.ommers_hash = {}; }},
        {BlockError::Ommers, [](auto& b) { b.ommers.resize(1); }},
        {BlockError::ExcessBlobGas, [](auto& b) { b.header.excess_blob_gas = 1; }},
        {BlockError::BlobGasUsed, [](auto& b) { b.header.blob_gas_used = 131'072; }},
        {BlockError::BlobGasLimit, [](auto& b) { b.header.blob_gas_used = 131'072 * 100; }},
        {BlockError::GasUsed, [](auto& b) { ++b.header.gas_used; }},
        {BlockError::TransactionsRoot, [](auto& b) { b.transactions.pop_back(); }},
        {BlockError::WithdrawalsRoot, [](auto& b) { (*b.withdrawals)[0].amount_gwei = 4; }},
        {BlockError::MissingField, [](auto& b) { b.withdrawals.reset(); }},
        {BlockError::ReceiptsRoot, [](auto& b) { b.header.receipts_root = {}; }},
        {BlockError::LogsBloom, [](auto& b) { b.header.logs_bloom.bytes[0] = 1; }},
        {BlockError::RequestsHash, [](auto& b) { b.header.requests_hash = Hash32{}; }},
    };
    for (const auto& [error, spoil] : cases) {
        chain::Block block = sealed.block;
        spoil(block);
        const auto applied = apply_block(chain.state, chain.config, chain.parent, block);
        ASSERT_FALSE(applied) << to_string(error);
        EXPECT_STREQ(to_string(applied.error().error), to_string(error)) << applied.error().detail;
    }
    chain::Block other_root = sealed.block;
    other_root.header.state_root = {};
    const auto applied = apply_block(chain.state, chain.config, chain.parent, other_root);
    ASSERT_TRUE(applied) << "the state root is checked apart";
    const auto checked = check_state_root(chain.nodes, chain.parent.state_root, other_root.header, *applied,
                                          chain.config.rules_at(1, 1'002), chain.nodes);
    EXPECT_EQ(checked.error().error, BlockError::StateRoot);
}

TEST(ApplyBlock, NamesTheTransactionThatIsInvalid) {
    Chain chain(chain::ChainConfig::all_active(1));
    chain::Block block = chain.build(2).block;
    std::swap(block.transactions[0], block.transactions[1]);
    block.header.transactions_root = chain::compute_transactions_root(block.transactions);
    const auto applied = apply_block(chain.state, chain.config, chain.parent, block);
    ASSERT_FALSE(applied);
    EXPECT_EQ(applied.error().error, BlockError::InvalidTransaction);
    EXPECT_EQ(applied.error().tx_error, TxError::NonceTooHigh);
    EXPECT_EQ(applied.error().tx_index, 0U);
}

TEST(ApplyBlock, RefusesABlockAboveTheSizeLimit) {
    Chain chain(chain::ChainConfig::all_active(1));
    chain::Block block = chain.build(0).block;
    auto tx = chain.signed_transfer(0);
    tx.data.resize(MAX_RLP_BLOCK_SIZE);
    block.transactions = {tx};
    EXPECT_EQ(apply_block(chain.state, chain.config, chain.parent, block).error().error, BlockError::SizeLimit);
}

TEST(EndBlock, FailsWithoutTheRequestContracts) {
    Chain chain(chain::ChainConfig::all_active(1));
    state::MemoryState bare;
    BlockBuilder builder(bare, chain.config, chain.parent, chain.attributes);
    const auto sealed = builder.seal(chain.nodes, crypto::EMPTY_TRIE_ROOT, chain.nodes);
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().error, BlockError::SystemCallFailed);
}

TEST(EndBlock, PaysRewardsAndOmmersBeforeTheMerge) {
    chain::Block block;
    block.header.number = 10;
    block.header.coinbase = MINER;
    block.ommers.resize(1);
    block.ommers[0].number = 8;
    block.ommers[0].coinbase = ALICE;
    const std::pair<Fork, std::uint64_t> rewards[] = {
        {Fork::Frontier, 5}, {Fork::Byzantium, 3}, {Fork::Constantinople, 2}, {Fork::London, 2}};
    for (const auto& [fork, ether] : rewards) {
        state::MemoryState state;
        state::Journal journal(state);
        const auto rules = l1_rules(fork);
        const auto context = make_block_context(block.header, rules);
        evm::Vm vm(journal, context);
        ASSERT_TRUE(end_block(journal, vm, block, rules, chain::ChainConfig::all_active(1, fork), {}));
        const U256 reward = U256{ether} * U256{ETHER};
        EXPECT_EQ(journal.balance(MINER), reward + reward / U256{32});
        EXPECT_EQ(journal.balance(ALICE), reward * U256{6} / U256{8});
    }
}

TEST(Requests, HashIsThatOfEip7685) {
    EXPECT_EQ(to_hex(compute_requests_hash({})), "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(compute_requests_hash({{0x00}}), compute_requests_hash({})) << "a type without content does not count";
}

TEST(Requests, DepositEventsMustHaveTheOneLayout) {
    const std::string signature = "DepositEvent(bytes,bytes,bytes,bytes,bytes)";
    chain::Log log;
    log.address = CONTRACT;
    log.topics = {crypto::keccak256({reinterpret_cast<const std::uint8_t*>(signature.data()), signature.size()})};
    log.data.resize(576);
    const std::pair<std::size_t, std::uint64_t> words[] = {{0, 160},  {32, 256}, {64, 320}, {96, 384}, {128, 512},
                                                           {160, 48}, {256, 32}, {320, 8},  {384, 96}, {512, 8}};
    for (const auto& [at, value] : words) store_be256(&log.data[at], U256{value});
    log.data[192] = 0xaa;  // first byte of the public key
    log.data[544] = 0xbb;  // first byte of the index
    TxOutcome outcome;
    outcome.receipt.logs = {log};
    const auto deposits = collect_deposit_requests(CONTRACT, {outcome});
    ASSERT_TRUE(deposits);
    ASSERT_EQ(deposits->size(), 192U);
    EXPECT_EQ((*deposits)[0], 0xaa);
    EXPECT_EQ((*deposits)[184], 0xbb);
    EXPECT_TRUE(collect_deposit_requests(ALICE, {outcome})->empty()) << "another contract's events do not count";
    for (const auto& [at, value] : words) {
        TxOutcome spoiled = outcome;
        spoiled.receipt.logs[0].data[at + 31] ^= 1;
        EXPECT_EQ(collect_deposit_requests(CONTRACT, {spoiled}).error().error, BlockError::RequestsInvalid) << at;
    }
    outcome.receipt.logs[0].data.pop_back();
    EXPECT_FALSE(collect_deposit_requests(CONTRACT, {outcome}));
}

}  // namespace
}  // namespace entresol::stf
