#include "node/devnet/deploy.hpp"

#include <chrono>
#include <thread>

#include "core/base/hex.hpp"
#include "core/chain/transaction.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/devnet/accounts.hpp"
#include "node/devnet/configuration.hpp"
#include "node/io/failure.hpp"
#include "node/io/log.hpp"

namespace entresol::devnet {
namespace {

constexpr std::uint64_t GAS_PER_STEP = 7'000'000;  // the portal, the largest, takes less; what is not used is not paid
constexpr std::uint64_t TRANSFER_GAS = 50'000;
constexpr std::uint64_t FIRST_ETHER = 5;  // for batcher and proposer
constexpr auto POLL = std::chrono::milliseconds(200);
constexpr auto TELL_AGAIN = std::chrono::seconds(10);
constexpr auto PATIENCE = std::chrono::minutes(10);  // for one transaction

[[noreturn]] void fail_l1(const std::string& words) { throw io::Failure(io::FailureKind::L1Endpoint, words); }

template <typename T>
T need(l1::L1Result<T> result, const std::string& what) {
    if (!result) fail_l1("the L1 endpoint, " + what + ": " + result.error().message);
    return std::move(*result);
}

U256 ether(std::uint64_t amount) { return U256{amount} * U256{1'000'000'000'000'000'000ULL}; }

// Transactions of one key, sent in a row and waited for at the end.
class Sender {
public:
    Sender(l1::L1Client& l1, const Hash32& key, std::uint64_t chain_id, std::uint64_t nonce)
        : l1_(l1), key_(key), chain_id_(chain_id), nonce_(nonce) {}

    void send(const std::string& name, const std::optional<Address>& to, Bytes data, const U256& value,
              std::uint64_t gas_limit) {
        const auto fees = need(l1_.suggest_fees(), "asked for its fees");
        chain::Transaction tx{.type = chain::TxType::DynamicFee,
                              .chain_id = chain_id_,
                              .nonce = nonce_++,
                              .max_priority_fee_per_gas = fees.tip,
                              .max_fee_per_gas = fees.base_fee * U256{3} + fees.tip,
                              .gas_limit = gas_limit,
                              .to = to,
                              .value = value,
                              .data = std::move(data)};
        CHECK(chain::sign_transaction(tx, key_));
        Bytes raw = chain::encode(tx);
        const Hash32 hash = need(l1_.send_raw(raw), "sent " + name);
        sent_.push_back({name, hash, std::move(raw)});
    }

    void wait(const std::function<void(const std::string&)>& tell) {
        for (std::size_t i = 0; i < sent_.size(); ++i) {
            const auto receipt = wait_for(sent_[i]);
            if (!receipt.succeeded) fail_l1("the deployment of " + sent_[i].name + " reverted on L1");
            tell(std::to_string(i + 1) + " of " + std::to_string(sent_.size()) + ": " + sent_[i].name +
                 " in L1 block " + std::to_string(receipt.block_number));
        }
        sent_.clear();
    }

private:
    struct Sent {
        std::string name;
        Hash32 hash;
        Bytes raw;
    };
    // A pool may forget what it took, as anvil's does with what its block has no room for: it is told again.
    l1::L1Receipt wait_for(const Sent& sent) {
        const auto begin = std::chrono::steady_clock::now();
        auto told = begin;
        while (std::chrono::steady_clock::now() < begin + PATIENCE) {
            if (const auto found = l1_.find_receipt(sent.hash); found && *found) return **found;
            if (std::chrono::steady_clock::now() > told + TELL_AGAIN) {
                told = std::chrono::steady_clock::now();
                if (const auto answer = l1_.send_raw(sent.raw); !answer)
                    io::log_debug("deploy", "sent again", {{"step", sent.name}, {"answer", answer.error().message}});
            }
            std::this_thread::sleep_for(POLL);
        }
        fail_l1("L1 did not include " + sent.name + " (" + to_hex(sent.hash) + ") within ten minutes");
    }

    l1::L1Client& l1_;
    Hash32 key_;
    std::uint64_t chain_id_, nonce_;
    std::vector<Sent> sent_;
};

void require_funds(l1::L1Client& l1, const Address& deployer) {
    const auto balance = need(l1.balance(deployer), "asked for the deployer's balance");
    if (balance < ether(3 * FIRST_ETHER))
        fail_l1("the deployer " + to_hex(deployer) + " has too little ether on that L1: give it " +
                std::to_string(3 * FIRST_ETHER) + " ETH, or name another with --deployer-key-file");
}

}  // namespace

genesis::ChainFile deploy(l1::L1Client& l1, const Options& options, const Hash32& deployer_key,
                          const std::function<void(const std::string&)>& tell) {
    const auto deployer = crypto::address_of_key(deployer_key);
    CHECK(deployer.has_value());
    const auto contracts = genesis::load_contracts();
    const auto head = need(l1.header(l1::BlockTag::Latest), "asked for its head");
    const L1Start start{.block = {head.hash, head.header.number},
                        .timestamp = head.header.timestamp,
                        .chain_id = need(l1.chain_id(), "asked for its chain id"),
                        .deployer = *deployer,
                        .deployer_nonce = need(l1.nonce(*deployer, true), "asked for the deployer's nonce")};
    if (start.chain_id == options.l2_chain_id)
        throw io::Failure(io::FailureKind::Usage, "the L1 has the L2's chain id, " + std::to_string(start.chain_id) +
                                                      "\ngive the L2 another with --chain-id");
    require_funds(l1, *deployer);

    auto configuration = make_foreign_configuration(options, contracts, start);
    const auto steps = genesis::deployment_steps(contracts, configuration.params);
    Sender sender(l1, deployer_key, start.chain_id, start.deployer_nonce);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        if (!steps[i].to)
            configuration.chain.contracts[steps[i].name] = chain::create_address(*deployer, start.deployer_nonce + i);
        sender.send(steps[i].name, steps[i].to, steps[i].data, {}, GAS_PER_STEP);
    }
    // By themselves: anvil forgets small transactions behind large ones that its block has no room for.
    sender.wait(tell);
    for (const char* role : {"batcher", "proposer"})
        sender.send(std::string("ether for the ") + role, service_account(role).address, {}, ether(FIRST_ETHER),
                    TRANSFER_GAS);
    sender.wait(tell);
    return std::move(configuration.chain);
}

}  // namespace entresol::devnet
