// The whole rollup on all its threads: both layers' loops, derivation, batcher, proposer, a replica and senders. What it asserts holds for any order of
// them.
#include <boost/json.hpp>

#include <atomic>
#include <chrono>
#include <sstream>
#include <thread>

#include "core/base/hex.hpp"
#include "node/devnet/rollup_testing.hpp"
#include "node/devnet/system.hpp"

namespace entresol::devnet {
namespace {

namespace json = boost::json;

constexpr std::uint64_t DEPTH = 10;
constexpr int PATIENCE_S = 90;

Options quick_blocks() {
    Options options;
    options.l1_block_time_ms = 1000;
    options.l1_finalized_lag = 32;
    return options;
}

std::unique_ptr<System> make_system(const Options& options) {
    io::set_log_level(io::LogLevel::Error);
    auto config = make_configuration(options, genesis::load_contracts(), DevClock().now_ms() / 1000);
    return std::make_unique<System>(options, std::move(config), SystemStores{memory_store(), memory_store(), false}, 0,
                                    [](const Bytes&) { return fail(std::string("not here")); });
}

json::value ask(const rpc::Dispatcher& node, std::string_view method, const json::array& params) {
    const auto answer = node.call(method, params);
    EXPECT_TRUE(answer.has_value()) << method << ": " << answer.error().message;
    return answer ? *answer : json::value();
}
json::object block_at(const rpc::Dispatcher& node, const json::value& tag) {
    const auto block = ask(node, "eth_getBlockByNumber", {tag, false});
    return block.is_object() ? block.as_object() : json::object();
}
std::string quantity(std::uint64_t n) {
    std::ostringstream text;
    text << "0x" << std::hex << n;
    return text.str();
}
std::uint64_t number_of(const rpc::Dispatcher& node, const char* tag) {
    return std::stoull(std::string(block_at(node, tag).at("number").as_string()), nullptr, 16);
}
std::string hash_of(const rpc::Dispatcher& node, std::uint64_t number) {
    const auto block = block_at(node, json::string(quantity(number)));
    return block.empty() ? std::string() : std::string(block.at("hash").as_string());
}

testing::AssertionResult comes_true(const std::function<bool()>& what) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(PATIENCE_S);
    while (!what()) {
        if (std::chrono::steady_clock::now() > end) return testing::AssertionFailure() << PATIENCE_S << " s passed";
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return testing::AssertionSuccess();
}

/// Senders, each on a thread of its own; a refusal is kept.
class Load {
public:
    explicit Load(System& system) : system_(system) {
        for (const std::size_t i : {3U, 4U, 5U}) threads_.emplace_back([this, i] { send(dev_accounts()[i]); });
    }
    ~Load() { stop(); }
    void stop() {
        running_ = false;
        for (auto& thread : threads_)
            if (thread.joinable()) thread.join();
    }
    std::vector<std::string> taken, refused;  // after stop()

private:
    void send(const DevAccount& from) {
        chain::Transaction tx;
        tx.type = chain::TxType::DynamicFee;
        tx.chain_id = system_.config().l2_config.chain_id;
        tx.max_priority_fee_per_gas = U256{1'000'000};
        tx.max_fee_per_gas = U256{20'000'000'000};
        tx.gas_limit = 21'000;
        tx.to = dev_accounts()[0].address;
        tx.value = U256{1};
        for (tx.nonce = 0; running_; ++tx.nonce) {
            CHECK(chain::sign_transaction(tx, from.key));
            const auto answer =
                system_.l2_rpc()->call("eth_sendRawTransaction", {json::string(to_hex(chain::encode(tx)))});
            {
                const std::lock_guard lock(mutex_);
                if (answer)
                    taken.emplace_back(answer->as_string());
                else
                    refused.push_back(answer.error().message);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(15));
        }
    }
    System& system_;
    std::atomic<bool> running_{true};
    std::mutex mutex_;
    std::vector<std::thread> threads_;
};

std::shared_ptr<l1::L1Client> make_client(System& system) {
    const auto transport = std::make_shared<l1::InProcessTransport>(
        [&system](std::string_view body) {
            std::promise<std::string> answer;
            system.l1_rpc()->handle(body, {}, [&](std::string text) { answer.set_value(std::move(text)); });
            return answer.get_future().get();
        },
        [&system](std::string_view path) {
            const auto response = system.get_l1(std::string(path));
            return response.status == 200 ? response.body : std::string();
        });
    return std::make_shared<l1::L1Client>(transport, transport, []() -> const crypto::Kzg& { return kzg(); });
}

/// Derives on a thread of its own, knowing the L1's JSON-RPC and the configuration.
class LiveReplica {
public:
    explicit LiveReplica(System& system)
        : loop_([] { return DevClock().now_ms(); }),
          ledger(system.config().l2_config, system.config().l2_genesis, memory_store()),
          client_(make_client(system)),
          l1_(client_),
          node({.config = system.config().rollup,
                .batcher_key = {},
                .proposer_key = {},
                .batcher = {},
                .proposer = {},
                .poll_ms = 50,
                .kzg = []() -> const crypto::Kzg& { return kzg(); },
                .now_ms = [] { return DevClock().now_ms(); }},
               client_, l1_, l1_, ledger, loop_, nullptr) {
        loop_.start();
        node.start();
    }
    ~LiveReplica() {
        node.stop();
        loop_.stop();
    }
    [[nodiscard]] std::uint64_t safe() const { return ledger.safe()->number(); }

private:
    io::Loop loop_;

public:
    ledger::Ledger ledger;

private:
    std::shared_ptr<l1::L1Client> client_;
    sync::ClientL1Provider l1_;

public:
    settlement::RollupNode node;
};

class Threads : public testing::TestWithParam<bool> {};

TEST_P(Threads, TenL1BlocksAreReplacedUnderLoad) {
    auto options = quick_blocks();
    options.posting.data = GetParam() ? settlement::DataChoice::Blobs : settlement::DataChoice::Calldata;
    const auto system = make_system(options);
    system->start();
    const auto l1 = system->l1_rpc();
    const auto l2 = system->l2_rpc();
    {
        LiveReplica replica(*system);
        Load load(*system);
        ASSERT_TRUE(comes_true([&] { return number_of(*l1, "latest") >= DEPTH + 2 && replica.safe() + 2 >= DEPTH; }));

        const auto head = number_of(*l1, "latest");
        const auto kept = hash_of(*l1, head - DEPTH - 1), doomed = hash_of(*l1, head - DEPTH + 2);
        ask(*l1, "anvil_reorg", {DEPTH});
        EXPECT_EQ(hash_of(*l1, head - DEPTH - 1), kept);
        EXPECT_NE(hash_of(*l1, head - DEPTH + 2), doomed);

        const auto beyond = number_of(*l2, "latest") + 2;
        ASSERT_TRUE(comes_true([&] { return number_of(*l2, "safe") >= beyond && replica.safe() >= beyond; }));
        load.stop();
        EXPECT_EQ(load.refused, std::vector<std::string>{});
        EXPECT_GT(load.taken.size(), 100U);
        for (const auto& hash : load.taken)
            ASSERT_TRUE(comes_true([&] {
                const auto receipt = ask(*l2, "eth_getTransactionReceipt", {json::string(hash)});
                return receipt.is_object() && receipt.as_object().at("status") == "0x1";
            })) << hash;
        const auto last = number_of(*l2, "latest");
        ASSERT_TRUE(comes_true([&] { return number_of(*l2, "safe") >= last && replica.safe() >= last; }));
        for (std::uint64_t n = 0; n <= last; ++n)
            ASSERT_EQ(hash_of(*l2, n), to_hex(*replica.ledger.find_block_hash(n))) << "block " << n;
        EXPECT_EQ(replica.node.status().problem, "");
        EXPECT_GE(replica.node.status().resets, 2U);
    }
    system->stop();
}

INSTANTIATE_TEST_SUITE_P(Batches, Threads, testing::Bool(),
                         [](const auto& batches) { return batches.param ? "Blobs" : "Calldata"; });

// Development methods move both layers while blocks are made, transactions arrive and L1 is derived from.
TEST(RollupThreads, HeldRevertedDumpedAndStoppedUnderLoad) {
    const auto system = make_system(quick_blocks());
    system->start();
    const auto l2 = system->l2_rpc();
    Load load(*system);
    for (int i = 0; i < 4; ++i) {
        const auto id = system->snapshot();
        const auto head = number_of(*l2, "latest");
        ASSERT_TRUE(comes_true([&] { return number_of(*l2, "latest") > head; }));
        EXPECT_FALSE(system->dump().empty());
        EXPECT_TRUE(system->revert(id));
        ASSERT_TRUE(comes_true([&] { return number_of(*l2, "latest") > head; }));
    }
    load.stop();
    EXPECT_FALSE(load.taken.empty());
    system->stop();
    system->stop();
}

}  // namespace
}  // namespace entresol::devnet
