// The manager against a real L1 in the same process: ledger, pool, sequencer and JSON-RPC, blocks sealed by hand.
#include "node/settlement/tx_manager.hpp"

#include <future>

#include <gtest/gtest.h>

#include "core/chain/genesis.hpp"
#include "core/crypto/keccak.hpp"
#include "node/io/log.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/rpc/context.hpp"
#include "node/rpc/dispatcher.hpp"
#include "node/sequencer/sequencer.hpp"
#include "node/store/block_store.hpp"

namespace entresol::settlement {
namespace {

using State = TxManager::State;

const crypto::Kzg& kzg() {
    static const auto loaded = crypto::Kzg::ceremony();
    return loaded;
}

Hash32 test_key() { return crypto::keccak256({}); }

class L1 {
public:
    L1()
        : config(chain::ChainConfig::all_active(900, chain::Fork::Cancun)),
          loop([] { return std::uint64_t{1'700'000'000'000}; }),
          ledger(config, make_genesis(), std::make_shared<store::BlockStore>(store::make_memory_store())),
          sequencer(
              {.mode = sequencer::SealMode::Manual, .mini_blocks = false, .pool_limits = limits()}, ledger, loop,
              [] { return std::uint64_t{1'700'000'000'000}; },
              [](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                  return std::optional(sequencer::BlockTemplate{.timestamp = timestamp,
                                                                .gas_limit = parent.block.header.gas_limit,
                                                                .parent_beacon_block_root = parent.hash});
              }),
          rpc(std::make_shared<rpc::Context>(rpc::Context{
              .ledger = ledger,
              .loop = loop,
              .sequencer = &sequencer,
              .now_ms = [] { return std::uint64_t{1'700'000'000'000}; },
              .client_version = "test",
              .check_sidecar =
                  [](const chain::Transaction&, const chain::BlobSidecar& sidecar) {
                      const auto& proof = sidecar.proofs[0];
                      return kzg().verify_blob(sidecar.blobs[0], sidecar.commitments[0], proof) || sidecar.version == 1;
                  }})) {
        io::set_log_level(io::LogLevel::Error);
        const auto transport = std::make_shared<l1::InProcessTransport>(
            [this](std::string_view body) {
                if (is_cut) return std::string("gone");
                ++requests;
                std::promise<std::string> answer;
                rpc.handle(body, {}, [&](std::string text) { answer.set_value(std::move(text)); });
                return answer.get_future().get();
            },
            [](std::string_view) { return std::string(); });
        client = std::make_shared<l1::L1Client>(transport, transport, []() -> const crypto::Kzg& { return kzg(); });
        sequencer.start();
        loop.start();
    }
    ~L1() { loop.stop(); }

    static chain::Genesis make_genesis() {
        chain::Genesis genesis;
        genesis.timestamp = 1'600'000'000;
        genesis.gas_limit = 30'000'000;
        genesis.base_fee_per_gas = U256{1'000'000'000};
        genesis.alloc[*crypto::address_of_key(test_key())].balance =
            U256{1'000'000} * U256{1'000'000'000'000'000'000ULL};
        return genesis;
    }
    static pool::Limits limits() {
        pool::Limits limits;
        limits.max_tx_bytes = 1024 * 1024;
        return limits;
    }
    void mine(std::optional<U256> next_base_fee = std::nullopt) {
        loop.run_and_wait([&] {
            ASSERT_TRUE(sequencer.seal_now(ledger.head()->block.header.timestamp + 2).has_value());
            if (next_base_fee) {
                sequencer.set_next_base_fee(*next_base_fee);
                sequencer.restart_from_head();
            }
        });
    }
    pool::TxPtr pooled(std::uint64_t nonce) {
        pool::TxPtr found;
        loop.run_and_wait([&] {
            auto content = sequencer.pool().content();
            for (const auto* half : {&content.pending, &content.queued})
                for (const auto& [sender, by_nonce] : *half)
                    if (by_nonce.contains(nonce)) found = by_nonce.at(nonce);
        });
        return found;
    }
    void empty_pool() {
        loop.run_and_wait([&] {
            sequencer.pool().clear();
            sequencer.drop_and_restart();
        });
    }

    chain::ChainConfig config;
    io::Loop loop;
    ledger::Ledger ledger;
    sequencer::Sequencer sequencer;
    rpc::Dispatcher rpc;
    std::shared_ptr<l1::L1Client> client;
    std::atomic<bool> is_cut{false};
    std::atomic<int> requests{0};
};

class TxManagerTest : public testing::Test {
protected:
    TxManager make_manager(FeeCeiling ceiling = {}) {
        return {l1.client, test_key(), 900, Outbox(tables, "test"), ceiling};
    }
    static TxRequest transfer(Bytes note = {}) {
        return {
            .to = Address{}, .data = {1, 2, 3}, .gas_limit = 50'000, .sidecar = std::nullopt, .note = std::move(note)};
    }
    static TxRequest with_blob() {
        chain::BlobSidecar sidecar{.version = 0, .blobs = {Bytes(crypto::BYTES_PER_BLOB)}};
        sidecar.blobs[0][1] = 77;
        sidecar.commitments.push_back(*kzg().commit(sidecar.blobs[0]));
        sidecar.proofs.push_back(*kzg().prove_blob(sidecar.blobs[0], sidecar.commitments[0]));
        return {.to = Address{}, .data = {}, .gas_limit = 21'000, .sidecar = std::move(sidecar)};
    }
    State state_of(TxManager& manager, const TxManager::Ticket& ticket) { return manager.check(ticket)->state; }

    L1 l1;
    std::shared_ptr<store::KeyValue> tables = store::make_memory_store();
};

TEST_F(TxManagerTest, IsIncludedAndThenSettled) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    ASSERT_TRUE(ticket.has_value()) << ticket.error().message;
    EXPECT_EQ(state_of(manager, *ticket), State::Waiting);
    l1.mine();
    const auto progress = manager.check(*ticket);
    EXPECT_EQ(progress->state, State::Included);
    EXPECT_EQ(progress->receipt.block_number, 1U);
    manager.settle(*ticket);
    EXPECT_TRUE(manager.unsettled().empty());
    EXPECT_TRUE(Outbox(tables, "test").load().empty());
    EXPECT_FALSE(manager.check(*ticket).has_value());
}

// The fees of L1 have left it behind: the pool takes the replacement, and the replacement is what is included.
TEST_F(TxManagerTest, WhatIsStuckIsReplacedForTenPercentMoreAndWhatL1Asks) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    const auto first = l1.pooled(0)->tx;
    l1.empty_pool();  // so that the next block has another price without it
    l1.mine(U256{50'000'000'000});
    ASSERT_TRUE(l1.client->send_raw(chain::encode(first)).has_value());
    l1.mine(U256{50'000'000'000});
    ASSERT_EQ(state_of(manager, *ticket), State::Waiting) << "its fee was enough after all";
    ASSERT_TRUE(manager.replace(*ticket).has_value());
    const auto second = l1.pooled(0)->tx;
    EXPECT_GE(second.max_fee_per_gas * U256{100}, first.max_fee_per_gas * U256{110});
    EXPECT_GE(second.max_priority_fee_per_gas * U256{100}, first.max_priority_fee_per_gas * U256{110});
    EXPECT_GE(second.max_fee_per_gas, U256{50'000'000'000});
    EXPECT_EQ(second.data, first.data);
    l1.mine();
    const auto progress = manager.check(*ticket);
    EXPECT_EQ(progress->state, State::Included);
    EXPECT_EQ(progress->hash, chain::transaction_hash(second));
}

TEST_F(TxManagerTest, ThePoolTakesEveryReplacementInARow) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    auto before = l1.pooled(0);
    for (int i = 0; i < 8; ++i) {
        ASSERT_TRUE(manager.replace(*ticket).has_value());
        const auto now = l1.pooled(0);
        EXPECT_NE(now->hash, before->hash) << "refused at " << i;
        EXPECT_LT(now->tx.max_fee_per_gas, before->tx.max_fee_per_gas * U256{2}) << "far more than was asked";
        before = now;
    }
}

TEST_F(TxManagerTest, BlobsAreReplacedForTwiceAsMuch) {
    auto manager = make_manager();
    const auto ticket = manager.send(with_blob());
    ASSERT_TRUE(ticket.has_value()) << ticket.error().message;
    const auto first = l1.pooled(0)->tx;
    ASSERT_TRUE(manager.replace(*ticket).has_value());
    const auto second = l1.pooled(0)->tx;
    EXPECT_GE(second.max_fee_per_gas, first.max_fee_per_gas * U256{2});
    EXPECT_GE(second.max_priority_fee_per_gas, first.max_priority_fee_per_gas * U256{2});
    EXPECT_GE(second.max_fee_per_blob_gas, first.max_fee_per_blob_gas * U256{2});
    EXPECT_EQ(second.blob_hashes, first.blob_hashes);
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Included);
}

TEST_F(TxManagerTest, ACancelledTransactionDoesNothing) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    ASSERT_TRUE(manager.cancel(*ticket).has_value());
    const auto instead = l1.pooled(0)->tx;
    EXPECT_EQ(instead.to, manager.sender());
    EXPECT_TRUE(instead.data.empty());
    ASSERT_TRUE(manager.cancel(*ticket).has_value());  // again: for more
    EXPECT_GT(l1.pooled(0)->tx.max_fee_per_gas, instead.max_fee_per_gas);
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Cancelled);
}

// Its sidecar is checked by the L1: commitment and proof of the empty blob are the points they are said to be.
TEST_F(TxManagerTest, ABlobTransactionGivesWayToOneWithAnEmptyBlob) {
    auto manager = make_manager();
    const auto ticket = manager.send(with_blob());
    ASSERT_TRUE(manager.cancel(*ticket).has_value());
    const auto instead = l1.pooled(0);
    EXPECT_EQ(instead->tx.type, chain::TxType::Blob);
    ASSERT_TRUE(instead->sidecar.has_value());
    EXPECT_EQ(instead->sidecar->blobs[0], Bytes(crypto::BYTES_PER_BLOB));
    EXPECT_EQ(*kzg().commit(instead->sidecar->blobs[0]), instead->sidecar->commitments[0]);
    const auto cell_proofs = kzg().compute_cell_proofs(instead->sidecar->blobs[0]);
    for (std::size_t i = 0; i < cell_proofs->size(); ++i)
        ASSERT_EQ((*cell_proofs)[i], instead->sidecar->proofs[0].bytes[i % crypto::KzgProof::SIZE]);
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Cancelled);
}

TEST_F(TxManagerTest, NeverPaysAboveTheCeiling) {
    const FeeCeiling ceiling{.max_fee_per_gas = U256{4'000'000'000}, .max_fee_per_blob_gas = U256{10}};
    auto manager = make_manager(ceiling);
    const auto ticket = manager.send(transfer());
    for (int i = 0; i < 30; ++i) ASSERT_TRUE(manager.replace(*ticket).has_value());
    EXPECT_LE(l1.pooled(0)->tx.max_fee_per_gas, ceiling.max_fee_per_gas);
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Included);
}

TEST_F(TxManagerTest, AnotherTransactionWithItsNonceMeansLost) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    l1.empty_pool();
    TxManager stranger(l1.client, test_key(), 900, Outbox(store::make_memory_store(), "stranger"));
    auto other = transfer();
    other.data = {9};
    ASSERT_TRUE(stranger.send(other).has_value());
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Lost);
}

TEST_F(TxManagerTest, ALaterProcessSendsTheSameBytesAgain) {
    Hash32 hash;
    {
        auto manager = make_manager();
        ASSERT_TRUE(manager.send(transfer({7})).has_value());
        hash = l1.pooled(0)->hash;
    }
    l1.empty_pool();
    auto later = make_manager();
    const auto left = later.unsettled();
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].note, Bytes{7});
    EXPECT_EQ(state_of(later, left[0].ticket), State::Waiting);
    ASSERT_NE(l1.pooled(0), nullptr);
    EXPECT_EQ(l1.pooled(0)->hash, hash);
    ASSERT_TRUE(later.replace(left[0].ticket).has_value());
    l1.mine();
    EXPECT_EQ(state_of(later, left[0].ticket), State::Included);
    const auto next = later.send(transfer());  // ids go on
    EXPECT_GT(next->id, left[0].ticket.id);
}

// No answer is not a refusal: it may have arrived.
TEST_F(TxManagerTest, WhatL1DidNotAnswerIsDeliveredLater) {
    auto manager = make_manager();
    const auto ticket = manager.send(transfer());
    l1.empty_pool();
    l1.is_cut = true;
    EXPECT_FALSE(manager.replace(*ticket).has_value());
    EXPECT_FALSE(manager.check(*ticket).has_value());
    EXPECT_EQ(manager.unsettled().size(), 1U);
    l1.is_cut = false;
    ASSERT_TRUE(manager.replace(*ticket).has_value());
    l1.mine();
    EXPECT_EQ(state_of(manager, *ticket), State::Included);
}

TEST_F(TxManagerTest, WhatL1sPoolForgotIsDeliveredAgain) {
    auto manager = make_manager();
    const auto ticket = *manager.send(transfer());
    l1.empty_pool();
    ASSERT_EQ(l1.pooled(0), nullptr);
    EXPECT_EQ(state_of(manager, ticket), State::Waiting);
    EXPECT_NE(l1.pooled(0), nullptr);
    l1.mine();
    EXPECT_EQ(state_of(manager, ticket), State::Included);
}

// The earlier one is settled, so nobody would send its nonce again.
TEST_F(TxManagerTest, ANonceThatAReorgTookIsFilledForWhatWaitsBehindIt) {
    auto manager = make_manager();
    const auto earlier = *manager.send(transfer());
    l1.mine();
    ASSERT_EQ(state_of(manager, earlier), State::Included);
    manager.settle(earlier);
    const auto later = *manager.send(transfer());
    l1.loop.run_and_wait([&] {
        l1.ledger.set_head(l1.ledger.genesis()->hash);
        l1.sequencer.pool().clear();
        l1.sequencer.drop_and_restart();
    });
    EXPECT_EQ(state_of(manager, later), State::Waiting);
    l1.mine();
    EXPECT_EQ(state_of(manager, later), State::Included);
}

TEST_F(TxManagerTest, ARefusalLeavesNothingBehind) {
    auto manager = make_manager();
    auto poor = transfer();
    poor.gas_limit = 20'000;  // below the intrinsic gas
    const auto refused = manager.send(poor);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, l1::L1ErrorKind::Rejected);
    EXPECT_TRUE(manager.unsettled().empty());
}

}  // namespace
}  // namespace entresol::settlement
