#include "loads.hpp"

#include "core/base/check.hpp"
#include "testing/mainnet_block.hpp"

namespace entresol::bench {
namespace {

constexpr std::size_t TRANSACTIONS = 2'000;
constexpr std::uint64_t CHAIN_ID = 1, GAS_PRICE = 10;

Hash32 key_of(std::size_t i) {
    Hash32 key;
    key.bytes[0] = 1;
    store_be64(key.bytes.data() + 24, i + 1);
    return key;
}

Address named(std::uint8_t kind, std::size_t i) {
    Address a;
    a.bytes[0] = kind;
    store_be64(a.bytes.data() + 12, i);
    return a;
}
const Address TOKEN = named(0xe2, 0), COUNTER = named(0xc1, 0), HASHER = named(0xc2, 0);

/// The slot of mapping(address => …) at slot 0.
U256 balance_slot(const Address& holder) {
    Bytes message(64);
    std::copy(holder.bytes.begin(), holder.bytes.end(), message.begin() + 12);
    return to_u256(crypto::keccak256(message));
}

Bytes transfer_call(const Address& to) {
    Bytes data = {0xa9, 0x05, 0x9c, 0xbb};  // transfer(address,uint256)
    data.resize(4 + 64);
    std::copy(to.bytes.begin(), to.bytes.end(), data.begin() + 16);
    data[67] = 1;
    return data;
}

class Maker {
public:
    Maker(std::string name, std::string title, const Bytes& token) {
        load_.name = std::move(name);
        load_.title = std::move(title);
        load_.config = chain::ChainConfig::all_active(CHAIN_ID);
        auto& header = load_.block.header;
        header.number = 1;
        header.timestamp = 1'000;
        header.gas_limit = 4'000'000'000;
        header.base_fee_per_gas = 7;
        header.coinbase = named(0xcb, 0);
        load_.state.set_code(TOKEN, token);
        load_.state.accounts[TOKEN].storage[2] = U256{1'000'000'000};
        load_.state.set_code(COUNTER, Bytes{0x60, 0x01, 0x60, 0x00, 0x54, 0x01, 0x60, 0x00, 0x55});  // slot 0 + 1
        // 1,000 times keccak256 of 32 bytes: PUSH2 1000 JUMPDEST PUSH1 32 PUSH1 0 KECCAK256 PUSH1 0 MSTORE PUSH1 1 SWAP1 SUB DUP1 PUSH1 3 JUMPI
        load_.state.set_code(HASHER, Bytes{0x61, 0x03, 0xe8, 0x5b, 0x60, 0x20, 0x60, 0x00, 0x20, 0x60,
                                           0x00, 0x52, 0x60, 0x01, 0x90, 0x03, 0x80, 0x60, 0x03, 0x57});
    }

    void transfer() { add(named(0x77, count()), 21'000, {}, 1); }
    void erc20() {
        const Address to = named(0x88, count());
        load_.state.accounts[TOKEN].storage[balance_slot(sender())] = U256{1'000};
        load_.state.accounts[TOKEN].storage[balance_slot(to)] = U256{5};
        add(TOKEN, 80'000, transfer_call(to), 0);
    }
    void counter() { add(COUNTER, 60'000, {}, 0); }
    void hasher() { add(HASHER, 200'000, {}, 0); }
    Load take() { return std::move(load_); }

private:
    std::size_t count() const { return load_.senders.size(); }
    Address sender() const { return crypto::address_of_key(key_of(count())).value(); }

    void add(const Address& to, std::uint64_t gas, Bytes data, std::uint64_t value) {
        chain::Transaction tx;
        tx.type = chain::TxType::DynamicFee;
        tx.chain_id = CHAIN_ID;
        tx.max_fee_per_gas = GAS_PRICE;
        tx.max_priority_fee_per_gas = 1;
        tx.gas_limit = gas;
        tx.to = to;
        tx.value = value;
        tx.data = std::move(data);
        CHECK(chain::sign_transaction(tx, key_of(count())));
        const Address from = sender();
        load_.state.accounts[from].account.balance = U256{1'000'000'000'000'000'000};
        load_.senders.push_back(from);
        load_.block.transactions.push_back(std::move(tx));
    }

    Load load_;
};

template <typename Step>
Load make(const char* name, const char* title, const Bytes& token, Step step) {
    Maker maker(name, title, token);
    for (std::size_t i = 0; i < TRANSACTIONS; ++i) step(maker, i);
    return maker.take();
}

}  // namespace

std::vector<Load> make_loads(const Bytes& token) {
    std::vector<Load> loads;
    loads.push_back(
        make("transfers", "2,000 transfers, nobody twice", token, [](Maker& m, std::size_t) { m.transfer(); }));
    loads.push_back(
        make("erc20", "2,000 ERC-20 transfers, no holder twice", token, [](Maker& m, std::size_t) { m.erc20(); }));
    loads.push_back(
        make("hot_slot", "2,000 calls that raise one slot", token, [](Maker& m, std::size_t) { m.counter(); }));
    loads.push_back(make("mix", "half transfers, 3/10 ERC-20, 1/10 raise one slot, 1/10 hash 1,000 times", token,
                         [](Maker& m, std::size_t i) {
                             if (i % 10 < 5) return m.transfer();
                             if (i % 10 < 8) return m.erc20();
                             i % 10 == 8 ? m.counter() : m.hasher();
                         }));
    loads.push_back(
        make("compute", "2,000 calls that hash 1,000 times", token, [](Maker& m, std::size_t) { m.hasher(); }));
    if (const auto folder = testing::find_shared_data("mainnet-block")) {
        auto block = testing::load_mainnet_block(*folder);
        loads.push_back({"mainnet", "Ethereum block 22244135 (125 transactions)", chain::ChainConfig::mainnet(),
                         std::move(block.block), std::move(block.senders), std::move(block.state)});
    }
    return loads;
}

}  // namespace entresol::bench
