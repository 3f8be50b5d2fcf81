// An L1 of contracts alone: the deployment plan on our own EVM in this process, fault games over the real step, time set by the test.
#pragma once

#include <stdexcept>
#include <string>

#include "core/base/hex.hpp"
#include "core/chain/transaction.hpp"
#include "core/codec/abi.hpp"
#include "core/crypto/keccak.hpp"
#include "core/evm/vm.hpp"
#include "core/state/journal.hpp"
#include "core/state/memory_state.hpp"
#include "node/challenge/game.hpp"
#include "node/genesis/build_genesis.hpp"
#include "node/genesis/contracts.hpp"

namespace entresol::challenge::testing {

inline constexpr std::uint64_t FAULT = 0xE002;
inline constexpr std::uint64_t CREATOR_BOND_WEI = 200'000;

inline Address account(std::uint8_t n) {
    Address address;
    address.bytes.fill(n);
    return address;
}

class GameChain {
public:
    GameChain(const Rules& rules, const Hash32& program_root, std::uint64_t entry)
        : rules_(rules), contracts_(genesis::load_contracts()) {
        const std::string anyone = to_hex(account(0x0e));
        genesis::Params params{
            {"l2_chain_id", "901"}, {"l2_genesis_output_root", to_hex(account_word(7))}, {"batch_inbox", anyone}};
        for (const char* role :
             {"owner", "guardian", "batcher", "proposer", "unsafe_block_signer", "sequencer_fee_recipient",
              "base_fee_recipient", "l1_fee_recipient", "operator_fee_recipient"})
            params[role] = anyone;
        for (const auto& [address, entry_of] : genesis::build_l1_alloc(contracts_, params, time_s)) {
            auto& stored = state_.accounts[address];
            stored.account.balance = entry_of.balance;
            stored.account.nonce = entry_of.nonce;
            stored.storage = {entry_of.storage.begin(), entry_of.storage.end()};
            if (!entry_of.code.empty()) state_.set_code(address, entry_of.code);
        }
        addresses_ = genesis::deployment_addresses(contracts_, params);
        journal_.emplace(state_);
        time_s += 10;
        const Address published = create("PublishedPreimages", {});
        const Address step = create("MachineStep", codec::AbiWriter().address(published).encode());
        const Address game = create("FaultGame", codec::AbiWriter()
                                                     .uint(U256{rules.clock_s})
                                                     .uint(U256{rules.extension_s})
                                                     .address(addresses_.at("anchor_state_registry"))
                                                     .address(step)
                                                     .word(program_root)
                                                     .uint(U256{entry})
                                                     .uint(U256{rules.levels})
                                                     .uint(U256{rules.log2_k})
                                                     .uint(rules.list_bond_wei)
                                                     .encode());
        const Address owner = addresses_.at("upgrade_timelock");  // as if the change had waited
        must(factory(), codec::AbiWriter().uint(U256{FAULT}).address(game).call("setImplementation(uint32,address)"),
             owner);
        must(factory(),
             codec::AbiWriter().uint(U256{FAULT}).uint(U256{CREATOR_BOND_WEI}).call("setInitBond(uint32,uint256)"),
             owner);
    }

    /// What the next game about that block would be about: keccak256 of the program's input.
    [[nodiscard]] Hash32 input_hash_of(std::uint64_t l2_block) {
        Bytes preimage = to_bytes(account_word(7).view());
        append(preimage, state_.load_block_hash(number_ - 1).view());
        append(preimage, to_hash32(U256{l2_block}).view());
        return crypto::keccak256(preimage);
    }

    Address create_game(const Hash32& root_claim, std::uint64_t l2_block) {
        const auto result = must(factory(),
                                 codec::AbiWriter()
                                     .uint(U256{FAULT})
                                     .word(root_claim)
                                     .bytes(to_hash32(U256{l2_block}).view())
                                     .call("create(uint32,bytes32,bytes)"),
                                 account(0xc0), U256{CREATOR_BOND_WEI});
        return to_address(from_bytes<Hash32>(result));
    }

    /// One transaction; nothing if it reverts. Its events are put to `game`, if there is one.
    std::optional<Bytes> send(const Address& to, ByteView data, const Address& from, const U256& value = {},
                              Game* game = nullptr) {
        Logs logs;
        evm::BlockContext block;
        block.number = number_;
        block.timestamp = time_s;
        block.gas_limit = 1'000'000'000;
        block.rules = {.fork = chain::Fork::Osaka, .op = chain::OpFork::None, .chain_id = 1, .blobs = {}};
        journal_->begin_transaction();
        journal_->set_balance(from, journal_->balance(from) + value);
        evm::Vm vm(*journal_, block, &logs);
        vm.set_transaction({.origin = from, .gas_price = {}, .blob_hashes = {}});
        auto result = vm.execute(
            {.gas = GAS, .recipient = to, .code_address = to, .caller = from, .value = value, .input = data});
        journal_->finish_transaction(block.rules);
        gas_used = GAS - result.gas_left;
        if (result.status != evm::Status::Success) {
            last_error = to_hex(result.output);
            return std::nullopt;
        }
        for (const auto& log : logs.all)
            if (game != nullptr && log.address == to && !apply_event(*game, log, time_s))
                throw std::runtime_error("an event that was not understood");
        return std::move(result.output);
    }

    [[nodiscard]] U256 balance(const Address& address) { return journal_->balance(address); }
    [[nodiscard]] Address factory() const { return addresses_.at("dispute_game_factory"); }

    std::uint64_t time_s = 1'700'000'000;
    std::uint64_t gas_used = 0;
    std::string last_error;

private:
    static constexpr std::uint64_t GAS = 16'000'000;
    // Of calls that succeed as a whole; ours catch no reverts.
    struct Logs final : evm::Tracer {
        std::vector<chain::Log> all;
        void on_enter(const evm::Message&, ByteView) override {}
        void on_exit(const evm::CallResult&, std::uint64_t) override {}
        void on_log(const chain::Log& log) override { all.push_back(log); }
    };
    static Hash32 account_word(std::uint8_t n) {
        Hash32 word;
        word.bytes.fill(n);
        return word;
    }
    Bytes must(const Address& to, ByteView data, const Address& from, const U256& value = {}) {
        auto result = send(to, data, from, value);
        if (!result) throw std::runtime_error("reverted: " + last_error);
        return std::move(*result);
    }
    Address create(const std::string& name, const Bytes& arguments) {
        Bytes code = contracts_.by_name.at(name).initcode;
        append(code, arguments);
        const Address deployer = account(0xd0);
        evm::BlockContext block;
        block.timestamp = time_s;
        block.gas_limit = 1'000'000'000;
        block.rules = {.fork = chain::Fork::Osaka, .op = chain::OpFork::None, .chain_id = 1, .blobs = {}};
        journal_->begin_transaction();
        const auto nonce = journal_->nonce(deployer);
        const Address at = chain::create_address(deployer, nonce);
        journal_->set_nonce(deployer, nonce + 1);
        evm::Vm vm(*journal_, block);
        vm.set_transaction({.origin = deployer, .gas_price = {}, .blob_hashes = {}});
        const auto result = vm.execute({.kind = evm::CallKind::Create,
                                        .gas = 100'000'000,
                                        .recipient = at,
                                        .code_address = at,
                                        .caller = deployer,
                                        .input = code});
        journal_->finish_transaction(block.rules);
        if (result.status != evm::Status::Success)
            throw std::runtime_error(name + " was not created: " + to_hex(result.output));
        return at;
    }

    Rules rules_;
    genesis::Contracts contracts_;
    std::map<std::string, Address> addresses_;
    state::MemoryState state_;
    std::optional<state::Journal> journal_;
    std::uint64_t number_ = 1;
};

}  // namespace entresol::challenge::testing
