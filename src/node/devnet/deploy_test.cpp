// The genesis that the build's plan gives, beside the same plan deployed by real transactions on a chain that begins without it.
#include "node/devnet/deploy.hpp"

#include <future>

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "node/devnet/accounts.hpp"
#include "node/devnet/chain_node.hpp"
#include "node/devnet/configuration.hpp"
#include "node/io/failure.hpp"
#include "node/l1/in_process_transport.hpp"
#include "node/rpc/service.hpp"
#include "node/store/block_store.hpp"

namespace entresol::devnet {
namespace {

class Unlinked final : public BothLayers {
public:
    std::uint64_t snapshot() override { return 0; }
    bool revert(std::uint64_t) override { return false; }
    Bytes dump() override { return {}; }
    Result<void, std::string> load(Bytes) override { return fail(std::string("not here")); }
    void clock_moved() override {}
    void head_moved() override {}
};

// An L1 that holds rich accounts and what the EIPs put into a genesis, and a block for each transaction.
class BareL1 {
public:
    BareL1() {
        const auto full = make_configuration({}, genesis::load_contracts(), clock_.now_ms() / 1000);
        chain::Genesis genesis = full.l1_genesis;
        genesis.alloc.clear();
        for (const auto& account : dev_accounts())
            genesis.alloc[account.address].balance = U256{1'000'000'000'000'000'000ULL} * U256{1000};
        for (const auto& contract : genesis::load_contracts().system)
            if (contract.on_l1)
                genesis.alloc[contract.address] = {.balance = {}, .nonce = 1, .code = contract.code, .storage = {}};
        node_ = std::make_unique<ChainNode>(
            sequencer::Options{.mode = sequencer::SealMode::Automine, .mini_blocks = false}, full.l1_config, genesis,
            std::make_shared<store::BlockStore>(store::make_memory_store()), clock_, unlinked_,
            [](const ledger::StoredBlock& parent, std::uint64_t timestamp) {
                return std::optional(sequencer::BlockTemplate{.timestamp = timestamp,
                                                              .gas_limit = parent.block.header.gas_limit,
                                                              .parent_beacon_block_root = Hash32{}});
            });
        rpc_ = rpc::make_dispatcher(
            {.ledger = node_->ledger(), .loop = node_->loop(), .sequencer = &node_->sequencer(), .now_ms = [this] {
                 return clock_.now_ms();
             }});
        const auto transport = std::make_shared<l1::InProcessTransport>(
            [this](std::string_view body) {
                std::promise<std::string> promise;
                auto future = promise.get_future();
                rpc_->handle(body, {}, [&promise](std::string text) { promise.set_value(std::move(text)); });
                return future.get();
            },
            [](std::string_view) { return std::string(); });
        client = std::make_unique<l1::L1Client>(transport, nullptr, std::function<const crypto::Kzg&()>());
        node_->start();
    }
    [[nodiscard]] std::unique_ptr<state::StateView> state() {
        return node_->ledger().state_at(node_->ledger().head()).open();
    }
    [[nodiscard]] L1Start start_here(const Address& deployer) {
        const auto head = node_->ledger().head();
        return {
            {head->hash, head->number()}, head->block.header.timestamp, node_->ledger().config().chain_id, deployer, 0};
    }
    std::unique_ptr<l1::L1Client> client;

private:
    DevClock clock_;
    Unlinked unlinked_;
    std::unique_ptr<ChainNode> node_;
    std::shared_ptr<rpc::Dispatcher> rpc_;
};

// Times and block numbers of the deployment stand in a few slots: small differences of values that both have.
bool is_of_its_time(const U256& genesis, const U256& deployed) {
    const auto differs_late = [&](unsigned limb) { return genesis.limb[limb] != deployed.limb[limb]; };
    return !deployed.is_zero() && !genesis.is_zero() &&
           (differs_late(0) || differs_late(1) || differs_late(2) || differs_late(3));
}

TEST(Deployment, GivesWhatTheGenesisHolds) {
    BareL1 l1;
    const auto& deployer = dev_accounts()[0];
    const auto contracts = genesis::load_contracts();
    const auto configuration = make_foreign_configuration({}, contracts, l1.start_here(deployer.address));
    std::size_t steps = 0;
    const auto chain = deploy(*l1.client, {}, deployer.key, [&](const std::string&) { ++steps; });
    EXPECT_EQ(steps, genesis::deployment_steps(contracts, configuration.params).size() + 2);
    EXPECT_EQ(chain.rollup.l2_genesis.hash, configuration.chain.rollup.l2_genesis.hash);

    const auto expected =
        genesis::build_l1_alloc(contracts, configuration.params, configuration.chain.rollup.l2_genesis_timestamp);
    const auto view = l1.state();
    std::size_t slots = 0, of_their_time = 0;
    for (const auto& [name, address] : configuration.chain.contracts) {
        SCOPED_TRACE(name);
        const auto it = expected.find(address);
        ASSERT_NE(it, expected.end());
        const auto account = view->find_account(address);
        ASSERT_TRUE(account.has_value());
        EXPECT_EQ(account->code_hash, crypto::keccak256(it->second.code));
        EXPECT_EQ(account->nonce, it->second.nonce);
        for (const auto& [slot, value] : it->second.storage) {
            const U256 found = view->load_storage(address, slot);
            ++slots;
            if (found == value) continue;
            ++of_their_time;
            EXPECT_TRUE(is_of_its_time(value, found))
                << to_decimal(slot) << ": " << to_decimal(value) << ", deployed " << to_decimal(found);
        }
    }
    EXPECT_GT(slots, 40U);
    EXPECT_LE(of_their_time, 3U);
}

TEST(Deployment, ADeployerWithoutEtherIsTold) {
    BareL1 l1;
    try {
        (void)deploy(*l1.client, {}, service_account("nobody").key, [](const std::string&) {});
        FAIL() << "deployed";
    } catch (const io::Failure& failure) {
        EXPECT_NE(std::string(failure.what()).find("too little ether"), std::string::npos) << failure.what();
    }
    Options same;
    same.l2_chain_id = 1337;
    EXPECT_THROW((void)deploy(*l1.client, same, dev_accounts()[0].key, [](const std::string&) {}), io::Failure);
}

}  // namespace
}  // namespace entresol::devnet
