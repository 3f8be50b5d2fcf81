// The Ethereum virtual machine: executes a message over a journal. Pure; one Vm a thread.
#pragma once

#include <memory>
#include <span>

#include "core/chain/forks.hpp"
#include "core/state/journal.hpp"

namespace entresol::evm {

/// Simulations alone move precompiles: which one answers at an address, or none (then the account's code runs).
struct PrecompileMove {
    Address at;
    std::optional<Address> runs;
};

/// What the block gives to every opcode that asks.
struct BlockContext {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;
    std::uint64_t gas_limit = 0;
    Address coinbase;
    U256 base_fee;
    U256 blob_base_fee;
    U256 difficulty;     // before Paris
    Hash32 prev_randao;  // from Paris on (EIP-4399)
    chain::Rules rules;
    std::span<const PrecompileMove> precompile_moves;  // empty on a chain
};

struct TxContext {
    Address origin;
    U256 gas_price;  // effective
    std::span<const Hash32> blob_hashes;
};

enum class CallKind : std::uint8_t { Call, CallCode, DelegateCall, StaticCall, Create, Create2 };

struct Message {
    CallKind kind = CallKind::Call;
    bool is_static = false;
    int depth = 0;
    std::uint64_t gas = 0;
    Address recipient;     // whose storage; for creations: the new address
    Address code_address;  // whose code (after EIP-7702 resolution the delegate's code runs)
    Address caller;
    U256 value;      // DELEGATECALL: the apparent value
    ByteView input;  // call data, or initcode
};

/// How a frame ended. Everything but Success and Revert consumes all gas.
enum class Status : std::uint8_t {
    Success,
    Revert,
    OutOfGas,
    InvalidOpcode,
    StackUnderflow,
    StackOverflow,
    BadJump,
    StaticViolation,
    ReturnDataOutOfBounds,
    CallDepth,
    InsufficientBalance,
    AddressCollision,
    CodeSize,
    InitcodeSize,
    CodeFirstByte,
    NonceOverflow,
    PrecompileFailure,
};
[[nodiscard]] const char* to_string(Status status);

/// The instruction at which a frame failed, for whoever must say why. Of a frame that neither ran code nor failed in it: all zero.
struct Fault {
    std::uint8_t opcode = 0;
    std::uint16_t stack_height = 0;     // before it
    bool is_reentrancy_sentry = false;  // SSTORE with no more than the stipend left (EIP-2200)
};

struct CallResult {
    Status status = Status::Success;
    std::uint64_t gas_left = 0;
    Bytes output;
    Fault fault = {};
};

/// Sees each step; null when nobody looks (no cost then). Depth is 1 at the top frame in traces (EIP-3155).
class Tracer {
public:
    struct Step {
        std::uint64_t pc;
        std::uint8_t opcode;
        std::uint64_t gas;            // before the instruction
        int depth;                    // 0 at the top
        std::span<const U256> stack;  // bottom first
        ByteView memory;
        const Message* message;
        ByteView return_data;
    };
    virtual ~Tracer() = default;
    virtual void on_enter(const Message& message, ByteView code) = 0;  // every frame, precompiles too
    virtual void on_exit(const CallResult& result, std::uint64_t gas_used) = 0;
    /// Asked once a frame: false spares the per-step cost.
    [[nodiscard]] virtual bool wants_steps() const { return false; }
    /// Before each instruction, whether or not it can be paid for.
    virtual void on_step(const Step&) {}
    /// After each instruction; of a call or creation before its frame begins. The cost of a call includes the gas it gives away, that of a creation does
    /// not (as in geth's struct logs). A status other than Success ends the frame; the cost may then exceed the gas there was.
    virtual void on_step_result(std::uint64_t /*gas_cost*/, Status /*status*/) {}
    virtual void on_self_destruct(const Address& /*from*/, const Address& /*to*/, const U256& /*balance*/) {}
    virtual void on_log(const chain::Log& /*log*/) {}
};

class Vm {
public:
    Vm(state::Journal& journal, const BlockContext& block, Tracer* tracer = nullptr);
    ~Vm();
    Vm(const Vm&) = delete;
    Vm& operator=(const Vm&) = delete;

    void set_transaction(const TxContext& tx);
    /// Runs a call or creation with its sub-calls: value transfer, precompiles, code deposit, roll-back on failure. For creations the caller's nonce
    /// is already raised and message.recipient is the new address.
    [[nodiscard]] CallResult execute(const Message& message);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// EIP-7702: the delegate when code is 0xef0100 || address.
[[nodiscard]] std::optional<Address> parse_delegation(ByteView code);
/// Is this a precompile under the rules? Such addresses start warm (EIP-2929).
[[nodiscard]] bool is_precompile(const Address& address, const chain::Rules& rules);
void for_each_precompile(const chain::Rules& rules, void (*visit)(void* context, const Address& address),
                         void* context);

}  // namespace entresol::evm
