// What the tests and benchmarks of the machine share: an assembler for small programs and a world to run them in.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>

#include "core/evm/opcodes.hpp"
#include "core/evm/vm.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::evm::testing {

/// Builds byte code: Asm().push(1).push(2).op(OP_ADD). Jump targets are labels, pushed as two bytes and filled in by build().
class Asm {
public:
    Asm& op(std::initializer_list<int> opcodes) {
        for (const int opcode : opcodes) code_.push_back(static_cast<std::uint8_t>(opcode));
        return *this;
    }
    Asm& op(int opcode) { return op({opcode}); }
    Asm& push(const U256& value) {
        const unsigned size = value.is_zero() ? 1 : value.byte_length();
        std::uint8_t word[32];
        store_be256(word, value);
        code_.push_back(static_cast<std::uint8_t>(OP_PUSH1 + size - 1));
        code_.insert(code_.end(), word + 32 - size, word + 32);
        return *this;
    }
    Asm& push(const Address& address) { return push(to_u256(address)); }
    Asm& label(const std::string& name) {
        labels_[name] = code_.size();
        return op(OP_JUMPDEST);
    }
    Asm& push_label(const std::string& name) {
        op(OP_PUSH2);
        uses_[code_.size()] = name;
        return op({0, 0});
    }
    Asm& jump(const std::string& name) { return push_label(name).op(OP_JUMP); }
    Asm& jump_if(const std::string& name) { return push_label(name).op(OP_JUMPI); }
    Asm& append(const Asm& other) {
        const Bytes more = other.build();
        code_.insert(code_.end(), more.begin(), more.end());
        return *this;
    }
    /// Stores the top of the stack at memory 0 and returns that word.
    Asm& return_top() { return push(0).op(OP_MSTORE).push(32).push(0).op(OP_RETURN); }

    [[nodiscard]] Bytes build() const {
        Bytes code = code_;
        for (const auto& [offset, name] : uses_)
            store_be16(code.data() + offset, static_cast<std::uint16_t>(labels_.at(name)));
        return code;
    }

private:
    Bytes code_;
    std::map<std::string, std::size_t> labels_;
    std::map<std::size_t, std::string> uses_;
};

inline Address address(std::uint64_t number) { return to_address(U256{0xaa00000000ULL + number}); }
inline const Address ALICE = address(1);
inline const Address CONTRACT = address(2);
inline const Address OTHER = address(3);
inline constexpr std::uint64_t ETHER = 1'000'000'000'000'000'000;

inline chain::Rules rules_of(chain::Fork fork) {
    return chain::ChainConfig::all_active(1, fork).rules_at(1'000, 10'000);
}
inline chain::Rules rules_of(chain::OpFork fork) {
    return chain::ChainConfig::op_all_active(10, fork).rules_at(1'000, 10'000);
}

/// A state in memory, a block, a journal and a machine over them.
struct World {
    explicit World(const chain::Rules& rules, Tracer* with_tracer = nullptr) : tracer(with_tracer) {
        state.accounts[ALICE].account.balance = ETHER;
        block.number = 1'000;
        block.timestamp = 10'000;
        block.gas_limit = 30'000'000;
        block.coinbase = address(99);
        block.base_fee = 7;
        block.blob_base_fee = 3;
        block.difficulty = 0x20000;
        block.prev_randao.bytes.fill(0xdd);
        block.rules = rules;
    }
    explicit World(chain::Fork fork) : World(rules_of(fork)) {}

    void put(const Address& at, const Asm& code) { state.set_code(at, code.build()); }

    /// Runs a message in a transaction of its own, which stays open for a look at the journal.
    CallResult run(const Message& message) {
        journal.emplace(state);
        Vm vm(*journal, block, tracer);
        vm.set_transaction({ALICE, 11, blob_hashes});
        if (block.rules.at_least(chain::Fork::Berlin)) {
            (void)journal->warm_account(message.caller);
            (void)journal->warm_account(message.recipient);
        }
        return vm.execute(message);
    }
    CallResult call(const Address& to, std::uint64_t gas, ByteView input = {}, const U256& value = {}) {
        return run({.gas = gas, .recipient = to, .code_address = to, .caller = ALICE, .value = value, .input = input});
    }
    /// Runs code as the account CONTRACT.
    CallResult run_code(const Asm& code, std::uint64_t gas = 1'000'000, ByteView input = {}, const U256& value = {}) {
        put(CONTRACT, code);
        return call(CONTRACT, gas, input, value);
    }

    state::MemoryState state;
    BlockContext block;
    std::vector<Hash32> blob_hashes;
    std::optional<state::Journal> journal;
    Tracer* tracer;
};

}  // namespace entresol::evm::testing
