// An embedded L1, the L2 on it and its services, each stepped by hand so that a run is repeatable; and a replica that knows only that L1. Real parts throughout.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <map>
#include <set>

#include "core/codec/abi.hpp"
#include "node/devnet/blob_archive.hpp"
#include "node/devnet/chain_node.hpp"
#include "node/devnet/configuration.hpp"
#include "node/io/log.hpp"
#include "node/l1/client.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/rpc/context.hpp"
#include "node/rpc/dispatcher.hpp"
#include "node/settlement/batcher.hpp"
#include "node/settlement/proposer.hpp"
#include "node/store/block_store.hpp"
#include "node/sync/client_l1_provider.hpp"
#include "node/sync/deriver.hpp"
#include "node/sync/l1_follower.hpp"
#include "node/sync/l2_templates.hpp"
#include "node/sync/ledger_l1_provider.hpp"

namespace entresol::devnet {

inline std::shared_ptr<store::BlockStore> memory_store() {
    return std::make_shared<store::BlockStore>(store::make_memory_store());
}

inline const crypto::Kzg& kzg() {
    static const auto loaded = crypto::Kzg::ceremony();
    return loaded;
}

/// No snapshots here: the test moves heads itself.
class Unlinked final : public BothLayers {
public:
    std::uint64_t snapshot() override { return 0; }
    bool revert(std::uint64_t) override { return false; }
    Bytes dump() override { return {}; }
    Result<void, std::string> load(Bytes) override { return fail(std::string("not here")); }
    void clock_moved() override {}
    void head_moved() override {}
};

inline constexpr std::uint64_t BLOCK_SECONDS_L1 = 2;

/// Where a rollup lives: in memory, or in a directory that a later one opens again.
struct Stores {
    std::shared_ptr<store::BlockStore> l1 = memory_store(), l2 = memory_store();
    std::uint64_t genesis_time = DevClock().now_ms() / 1000;

    static Stores open(const std::string& directory, std::uint64_t genesis_time) {
        return {std::make_shared<store::BlockStore>(store::open_rocks_store(directory + "/l1")),
                std::make_shared<store::BlockStore>(store::open_rocks_store(directory + "/l2")), genesis_time};
    }
};

class Rollup {
public:
    explicit Rollup(bool use_blobs, const Options& options = {}, const Stores& stores = {})
        : config(make_configuration(options, genesis::load_contracts(), stores.genesis_time)),
          l1({.mode = sequencer::SealMode::Manual, .mini_blocks = false, .pool_limits = l1_limits()}, config.l1_config,
             config.l1_genesis, stores.l1, clock, unlinked,
             [this](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                 return std::optional(l1_template(parent, timestamp));
             }),
          l1_direct(l1.ledger()),
          l2({.block_time_ms = 1000, .exact_spacing = true, .follows_clock = true, .mode = sequencer::SealMode::Manual},
             config.l2_config, config.l2_genesis, stores.l2, clock, unlinked,
             sync::make_l2_templates(config.rollup, l1_direct)),
          l1_rpc(std::make_shared<rpc::Context>(
              rpc::Context{.ledger = l1.ledger(),
                           .loop = l1.loop(),
                           .sequencer = &l1.sequencer(),
                           .now_ms = [this] { return clock.now_ms(); },
                           .client_version = "anvil/test",
                           .limits = {},
                           .filters = {},
                           .subscriptions = {},
                           .dev = {},
                           .rollup = {},
                           .forward_transaction = {},
                           .check_sidecar = [](const auto&, const auto&) { return true; }})),
          client(make_client()),
          l1_remote(client),
          deriver(config.rollup, l1_direct, l1_remote, l2.ledger(), l2.loop(), &l2.sequencer()),
          batcher(
              {.posting = {.data = use_blobs ? settlement::DataChoice::Blobs : options.posting.data,
                           .deadline_ms = options.posting.deadline_ms},
               .interval_ms = 0,
               .channel = {.format =
                               options.columns ? derive::ChannelFormat::Columns : derive::ChannelFormat::OpStack}},
              config.rollup, make_manager("batcher"), l2.ledger(), [&]() -> const crypto::Kzg& { return kzg(); },
              settlement::Clocks{[this] { return clock.now_ms(); }, [this] { return clock.now_ms(); }}) {
        io::set_log_level(io::LogLevel::Error);
        blobs.keep_in(stores.l1);
        l1.sequencer().on_pending_transaction([this](const pool::TxPtr& tx) {
            if (tx->sidecar) blobs.add(tx->tx, *tx->sidecar);
        });
        l1.start();
        l2.start();
    }

    settlement::TxManager make_manager(const char* role) {
        return {client, service_account(role).key, config.l1_config.chain_id,
                settlement::Outbox(l2.ledger().store()->tables(), role)};
    }

    std::shared_ptr<l1::L1Client> make_client() {
        const auto transport = std::make_shared<l1::InProcessTransport>(
            [this](std::string_view body) {
                std::promise<std::string> answer;
                l1_rpc.handle(body, {}, [&](std::string text) { answer.set_value(std::move(text)); });
                return answer.get_future().get();
            },
            [this](std::string_view path) {
                const auto response = answer_beacon(std::string(path), l1.ledger(), blobs);
                return response && response->status == 200 ? response->body : std::string();
            });
        return std::make_shared<l1::L1Client>(transport, transport, []() -> const crypto::Kzg& { return kzg(); });
    }

    static pool::Limits l1_limits() {
        pool::Limits limits;
        limits.max_tx_bytes = 1024 * 1024;
        return limits;
    }

    sequencer::BlockTemplate l1_template(const ledger::StoredBlock& parent, std::uint64_t timestamp) const {
        return {.timestamp = timestamp,
                .coinbase = service_account("l1 fees").address,
                .prev_randao = parent.hash,
                .gas_limit = parent.block.header.gas_limit,
                .parent_beacon_block_root = parent.hash,
                .extra_data = l1.branch_mark(),
                .forced = {},
                .only_forced = false};
    }

    void mine_l1() {
        l1.loop().run_and_wait([this] {
            const auto time = l1.ledger().head()->block.header.timestamp + BLOCK_SECONDS_L1;
            ASSERT_TRUE(l1.sequencer().seal_now(time).has_value());
        });
    }
    bool seal_l2() {
        bool sealed = false;
        l2.loop().run_and_wait([&] { sealed = l2.sequencer().seal_now().has_value(); });
        return sealed;
    }

    /// Nonces are counted here: what a reorg put back into the pool still has its own.
    std::shared_ptr<pool::CheckedTransaction> make_transaction(ChainNode& node, const DevAccount& from,
                                                               const Address& to, const U256& value, Bytes data = {},
                                                               std::uint64_t gas = 21'000) {
        auto checked = std::make_shared<pool::CheckedTransaction>();
        auto& tx = checked->tx;
        tx.type = chain::TxType::DynamicFee;
        tx.chain_id = node.ledger().config().chain_id;
        tx.nonce = next_nonce(node, from.address)++;
        tx.max_priority_fee_per_gas = U256{1'000'000'000};
        tx.max_fee_per_gas = U256{100'000'000'000};
        tx.gas_limit = gas;
        tx.to = to;
        tx.value = value;
        tx.data = std::move(data);
        EXPECT_TRUE(chain::sign_transaction(tx, from.key));
        checked->hash = chain::transaction_hash(tx);
        checked->sender = from.address;
        checked->size_bytes = chain::encode(tx).size();
        return checked;
    }
    void send(ChainNode& node, const DevAccount& from, const Address& to, const U256& value, Bytes data = {},
              std::uint64_t gas = 21'000) {
        const auto checked = make_transaction(node, from, to, value, std::move(data), gas);
        bool accepted = false;
        node.sequencer().submit(checked, [&](const auto& result) { accepted = result.has_value(); });
        node.loop().run_and_wait([] {});
        ASSERT_TRUE(accepted);
    }
    std::uint64_t& next_nonce(ChainNode& node, const Address& sender) {
        const auto [it, is_new] = nonces.try_emplace({&node, sender}, 0);
        if (is_new)
            if (const auto account = node.sequencer().newest_state().open()->find_account(sender))
                it->second = account->nonce;
        return it->second;
    }
    void submit_transfer(sequencer::Sequencer::Submitted done) {
        l2.sequencer().submit(make_transaction(l2, dev_accounts()[0], dev_accounts()[1].address, U256{1}),
                              std::move(done));
    }
    void transfer() { send(l2, dev_accounts()[0], dev_accounts()[1].address, U256{1}); }
    void deposit(const Address& to, std::uint64_t wei) {
        send(l1, dev_accounts()[2], config.rollup.deposit_contract, U256{wei},
             codec::AbiWriter()
                 .address(to)
                 .uint(U256{wei})
                 .uint(U256{100'000})
                 .boolean(false)
                 .bytes({})
                 .call("depositTransaction(address,uint256,uint64,bool,bytes)"),
             500'000);
    }

    /// An L1 block's time: two L2 blocks with a transfer each, a round of the batcher, derivation.
    void live(std::size_t rounds) {
        for (std::size_t i = 0; i < rounds; ++i) {
            for (int block = 0; block < 2; ++block) {
                transfer();
                ASSERT_TRUE(seal_l2());
            }
            settle_round();
        }
    }
    void settle_round() {
        const auto posted = batcher.step();
        ASSERT_TRUE(posted.has_value()) << posted.error().message;
        mine_l1();
        const auto seen = batcher.step();
        ASSERT_TRUE(seen.has_value()) << seen.error().message;
        derive(deriver);
    }
    void derive(sync::Deriver& target) {
        for (int i = 0; i < 100 && target.step(64); ++i) {
        }
        ASSERT_EQ(target.problem(), "");
        if (&target == &deriver && resets != deriver.resets()) {
            resets = deriver.resets();
            batcher.restart();
        }
    }
    void settle_until_safe(std::uint64_t number) {
        for (int i = 0; i < 30 && l2.ledger().safe()->number() < number; ++i) settle_round();
        ASSERT_GE(l2.ledger().safe()->number(), number);
    }

    DevClock clock;
    Unlinked unlinked;
    BlobArchive blobs;
    Configuration config;
    ChainNode l1;
    sync::LedgerL1Provider l1_direct;
    ChainNode l2;
    rpc::Dispatcher l1_rpc;
    std::shared_ptr<l1::L1Client> client;
    sync::ClientL1Provider l1_remote;
    sync::Deriver deriver;
    settlement::Batcher batcher;
    std::uint64_t resets = 0;
    std::map<std::pair<const ChainNode*, Address>, std::uint64_t> nonces;
};

/// Knows the L1 through JSON-RPC and the rollup's configuration, nothing else.
struct Replica {
    explicit Replica(Rollup& rollup)
        : loop([&rollup] { return rollup.clock.now_ms(); }),
          ledger(rollup.config.l2_config, rollup.config.l2_genesis, memory_store()),
          l1(rollup.make_client()),
          deriver(std::make_unique<sync::Deriver>(rollup.config.rollup, l1, l1, ledger, loop, nullptr)) {}
    io::Loop loop;
    ledger::Ledger ledger;
    sync::ClientL1Provider l1;
    std::unique_ptr<sync::Deriver> deriver;
};

inline void expect_same_chain(const ledger::Ledger& a, const ledger::Ledger& b, std::uint64_t up_to) {
    for (std::uint64_t n = 0; n <= up_to; ++n) ASSERT_EQ(a.find_block_hash(n), b.find_block_hash(n)) << "block " << n;
}

}  // namespace entresol::devnet
