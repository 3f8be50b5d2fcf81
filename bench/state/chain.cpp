#include "chain.hpp"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/resource.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/secp256k1.hpp"
#include "core/stf/build_block.hpp"
#include "node/genesis/geth_genesis.hpp"
#include "node/ledger/ledger.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/store/block_store.hpp"

namespace entresol::bench {
namespace {

constexpr std::uint64_t CHAIN_ID = 4242, SENDERS = 500, GAS_LIMIT = 120'000'000;
// sstore(calldata[0], calldata[32]): PUSH1 32 CALLDATALOAD PUSH0 CALLDATALOAD SSTORE STOP
const char* const TOKEN_CODE = "0x6020355f355500";

double now_s() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double cpu_s() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto s = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return s(usage.ru_utime) + s(usage.ru_stime);
}

struct Sender {
    Hash32 key;
    Address address;
    std::uint64_t nonce = 0;
};
std::vector<Sender> make_senders() {
    std::vector<Sender> senders;
    for (std::uint64_t i = 0; i < SENDERS; ++i) {
        const Hash32 key = crypto::keccak256({reinterpret_cast<const std::uint8_t*>(&i), sizeof i});
        senders.push_back({key, crypto::address_of_key(key).value(), 0});
    }
    return senders;
}

void write_genesis(const std::string& path, const Shape& shape, const std::vector<Sender>& senders) {
    std::ofstream out(path);
    out << R"({"config":{"chainId":)" << CHAIN_ID;
    for (const char* fork : {"homestead", "eip150", "eip155", "eip158", "byzantium", "constantinople", "petersburg",
                             "istanbul", "berlin", "london"})
        out << ",\"" << fork << "Block\":0";
    out << R"(,"mergeNetsplitBlock":0,"terminalTotalDifficulty":0,"shanghaiTime":0},"nonce":"0x0","timestamp":"0x65000000",)"
        << R"("extraData":"0x","gasLimit":")" << "0x" << std::hex << GAS_LIMIT << std::dec
        << R"(","difficulty":"0x0","mixHash":"0x0000000000000000000000000000000000000000000000000000000000000000",)"
        << R"("coinbase":"0x0000000000000000000000000000000000000000","baseFeePerGas":"0x7","alloc":{)";
    for (const auto& sender : senders)
        out << '"' << to_hex(sender.address) << "\":{\"balance\":\"0xffffffffffffffffffff\"},\n";
    for (std::uint64_t i = 0; i < shape.accounts; ++i) {
        const auto account = shape.account(i);
        out << (i == 0 ? "\"" : ",\n\"") << to_hex(Shape::address(i)) << "\":{\"balance\":\""
            << to_hex(to_hash32(account.balance)) << "\",\"nonce\":\"0x" << std::hex << account.nonce << std::dec
            << '"';
        const std::uint64_t slots = shape.slots_of(i);
        if (slots != 0) {
            out << ",\"code\":\"" << TOKEN_CODE << "\",\"storage\":{";
            for (std::uint64_t n = 0; n < slots; ++n)
                out << (n == 0 ? "\"" : ",\"") << to_hex(to_hash32(Shape::slot_key(i, n))) << "\":\""
                    << to_hex(to_hash32(Shape::slot_value(i, n))) << '"';
            out << '}';
        }
        out << '}';
    }
    out << "}}\n";
}

genesis::GethGenesis read_genesis(const std::string& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    auto parsed = genesis::parse_geth_genesis(text.str());
    if (!parsed) throw std::runtime_error("genesis.json: " + parsed.error());
    return std::move(*parsed);
}

chain::Transaction make_transaction(const Shape& shape, Sender& sender, std::uint64_t lot, bool is_transfer) {
    chain::Transaction tx;
    tx.type = chain::TxType::DynamicFee;
    tx.chain_id = CHAIN_ID;
    tx.nonce = sender.nonce++;
    tx.max_fee_per_gas = U256{1'000'000'000'000};
    tx.gas_limit = is_transfer ? 21'000 : 60'000;
    if (is_transfer) {
        std::uint64_t to = lot % shape.accounts;
        while (to == Shape::TOKEN || shape.is_contract(to)) ++to;
        tx.to = Shape::address(to % shape.accounts);
        tx.value = U256{lot % 1'000 + 1};
    } else {
        tx.to = Shape::address(Shape::TOKEN);
        tx.data = to_bytes(to_hash32(Shape::slot_key(Shape::TOKEN, mix(lot) % shape.slots_of(Shape::TOKEN))).view());
        append(tx.data, to_hash32(U256{lot | 1}).view());
    }
    if (!chain::sign_transaction(tx, sender.key)) throw std::runtime_error("cannot sign");
    return tx;
}

Bytes add_block(ledger::Ledger& ledger, const Shape& shape, std::vector<Sender>& senders, std::uint64_t transactions) {
    const auto parent = ledger.head();
    const auto view = ledger.state_at(parent).open();
    const stf::BlockAttributes attributes{.timestamp = parent->block.header.timestamp + 12,
                                          .coinbase = Shape::address(1),
                                          .prev_randao = {},
                                          .gas_limit = GAS_LIMIT,
                                          .parent_beacon_block_root = std::nullopt,
                                          .extra_data = {},
                                          .withdrawals = std::vector<chain::Withdrawal>{},
                                          .base_fee_override = std::nullopt};
    stf::BlockBuilder builder(*view, ledger.config(), parent->block.header, attributes);
    for (std::uint64_t i = 0; i < transactions; ++i) {
        const std::uint64_t number = parent->number() * transactions + i;
        Sender& sender = senders[number % senders.size()];
        const auto added =
            builder.add(make_transaction(shape, sender, mix(number ^ 0x5555), i % 2 == 0), sender.address);
        if (!added) throw std::runtime_error(stf::to_string(added.error()));
    }
    ledger::NodeOverlay nodes(*ledger.store());
    auto sealed = builder.seal(nodes, parent->block.header.state_root, nodes);
    if (!sealed) throw std::runtime_error(sealed.error().detail);
    Bytes rlp = chain::encode(sealed->block);
    ledger.commit({.block = std::move(sealed->block),
                   .outcome = std::move(sealed->outcome),
                   .senders = std::move(sealed->senders),
                   .state = nodes.take()});
    return rlp;
}

std::vector<chain::Block> read_blocks(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    ByteView rest(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    std::vector<chain::Block> blocks;
    codec::RlpReader reader(rest);
    while (!reader.empty()) {
        const auto raw = reader.read_raw();
        if (!raw) throw std::runtime_error("blocks.rlp is damaged");
        auto block = chain::decode_block(*raw);
        if (!block) throw std::runtime_error("blocks.rlp holds what is no block");
        blocks.push_back(std::move(*block));
    }
    return blocks;
}

}  // namespace

void make_chain(const std::string& folder, const Shape& shape, std::uint64_t blocks, std::uint64_t transactions) {
    std::filesystem::create_directories(folder);
    auto senders = make_senders();
    write_genesis(folder + "/genesis.json", shape, senders);
    auto genesis = read_genesis(folder + "/genesis.json");
    ledger::Ledger ledger(genesis.config, genesis.genesis,
                          std::make_shared<store::BlockStore>(store::make_memory_store()));
    std::ofstream out(folder + "/blocks.rlp", std::ios::binary);
    std::uint64_t gas = 0;
    for (std::uint64_t i = 0; i < blocks; ++i) {
        const Bytes rlp = add_block(ledger, shape, senders, transactions);
        gas += ledger.head()->block.header.gas_used;
        out.write(reinterpret_cast<const char*>(rlp.data()), static_cast<std::streamsize>(rlp.size()));
    }
    std::printf("{\"blocks\":%s,\"transactions\":%s,\"gas\":%s,\"head\":\"%s\"}\n", std::to_string(blocks).c_str(),
                std::to_string(blocks * transactions).c_str(), std::to_string(gas).c_str(),
                to_hex(ledger.head()->hash).c_str());
}

void import_chain(const std::string& folder) {
    std::filesystem::remove_all(folder + "/ours");
    const auto genesis = read_genesis(folder + "/genesis.json");
    const auto blocks = read_blocks(folder + "/blocks.rlp");
    const double begin = now_s();
    const auto store = std::make_shared<store::BlockStore>(store::open_rocks_store(folder + "/ours"));
    ledger::Ledger ledger(genesis.config, genesis.genesis, store);
    const double ready = now_s(), cpu_begin = cpu_s();
    for (const auto& block : blocks) {
        const auto imported = ledger.import_block(block);
        if (!imported)
            throw std::runtime_error("block " + std::to_string(block.header.number) + ": " + imported.error().detail);
    }
    store->flush();
    std::printf("{\"genesis_seconds\":%.3f,\"import_seconds\":%.3f,\"import_cpu_seconds\":%.3f,\"head\":\"%s\"}\n",
                ready - begin, now_s() - ready, cpu_s() - cpu_begin, to_hex(ledger.head()->hash).c_str());
}

}  // namespace entresol::bench
