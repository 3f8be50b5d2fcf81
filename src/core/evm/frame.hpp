// One call frame, and the machine that holds a stack of them. Nested calls push a frame instead of recursing: the native stack stays as it is.
#pragma once

#include <memory>
#include <vector>

#include "core/evm/arena.hpp"
#include "core/evm/keccak_cache.hpp"
#include "core/evm/vm.hpp"

namespace entresol::evm {

inline constexpr int MAX_CALL_DEPTH = 1024;

/// Call or creation, done: what the caller gets. The output is in the machine's return data.
struct FrameResult {
    Status status = Status::Success;
    std::int64_t gas_left = 0;
    Fault fault = {};
};

struct Machine;

struct Frame {
    // What the interpreter keeps in registers while it runs this frame; up to date whenever it leaves the main loop.
    std::int64_t gas = 0;
    const std::uint8_t* pc = nullptr;
    U256* sp = nullptr;  // top item; `base` when empty. Items lie in base[1 … 1024]

    U256* base = nullptr;
    std::uint8_t* memory = nullptr;
    std::uint64_t memory_size = 0;  // bytes, a multiple of 32
    const std::uint8_t* code = nullptr;
    const std::uint8_t* runs = nullptr;  // what pc points into: the code, or its copy with fused sequences
    std::uint64_t code_size = 0;
    const std::uint64_t* jump_dests = nullptr;
    Machine* machine = nullptr;
    Message message;

    std::uint64_t output_offset = 0;  // in memory, set by RETURN and REVERT
    std::uint64_t output_size = 0;
    std::uint64_t call_output_offset = 0;  // where the running sub-call's output goes
    std::uint64_t call_output_size = 0;
    std::int64_t step_gas = 0;  // before the instruction; for traces
    bool wants_steps = false;
    state::CodePtr code_owner;
    state::Journal::Checkpoint checkpoint = 0;
    std::size_t stack_chunk = 0;
    MemoryArena::Mark memory_mark;

    [[nodiscard]] bool is_jump_dest(const U256& target) const {
        return target.fits_u64() && target.limb[0] < code_size &&
               ((jump_dests[target.limb[0] / 64] >> (target.limb[0] % 64)) & 1) != 0;
    }
    [[nodiscard]] ByteView memory_view(const U256& offset, const U256& size) const {
        return size.is_zero() ? ByteView{} : ByteView{memory + offset.limb[0], static_cast<std::size_t>(size.limb[0])};
    }
    [[nodiscard]] ByteView code_view() const { return {code, static_cast<std::size_t>(code_size)}; }

    /// False: out of gas.
    [[nodiscard]] bool charge(std::int64_t cost) {
        gas -= cost;
        return gas >= 0;
    }
    /// Charges for and provides memory [offset, offset + size); nothing for size 0. False: out of gas.
    [[nodiscard]] bool reserve(const U256& offset, const U256& size) {
        if (size.is_zero()) return true;
        const std::uint64_t wanted = size.saturate_u64();
        if (wanted <= memory_size && offset.saturate_u64() <= memory_size - wanted) return true;
        gas = expand(*this, offset, size, gas);
        return gas >= 0;
    }
    /// The part of `reserve` that grows the memory. Takes and returns gas, negative when there is not enough.
    [[nodiscard]] static std::int64_t expand(Frame& frame, const U256& offset, const U256& size, std::int64_t gas);
};

/// Addresses of the main loop's instructions under the running fork, by opcode.
struct DispatchTable {
    const void* labels[256] = {};
};

struct Machine {
    state::Journal& journal;
    BlockContext block;
    TxContext tx;
    Tracer* tracer;
    const GasTable& gas_table;
    DispatchTable dispatch[2];  // without and with tracing
    KeccakCache keccak_cache;
    Bytes return_data;    // of the call that ended last: a frame that starts or calls has none
    FrameResult outcome;  // of the outermost frame

    Machine(state::Journal& j, const BlockContext& b, Tracer* t);

    [[nodiscard]] bool has(chain::Fork fork) const { return block.rules.at_least(fork); }

    /// Runs a message and everything it calls.
    FrameResult execute(const Message& message);

    /// The frame to fill for the next call: set its message, then begin() it.
    [[nodiscard]] Frame& next_frame();
    /// Transfers value and runs a precompile, or makes the frame the running one. True: it runs; false: it is over, with the result.
    [[nodiscard]] bool begin(Frame& frame, FrameResult& result);
    /// Ends the running frame: deposit of created code, roll-back. Its caller, resumed, or null at the outermost.
    [[nodiscard]] Frame* end(Frame& frame, Status status);
    /// Hands a sub-call's result to its caller: gas, return data, the word on the stack.
    void resume(Frame& caller, const Message& message, const FrameResult& result);
    [[nodiscard]] Frame& running() { return *frames_[count_ - 1]; }
    /// Tells the tracer about a call that ends before it begins.
    void trace_refused(const Message& message, Status status);

private:
    [[nodiscard]] bool begin_call(Frame& frame, FrameResult& result);
    [[nodiscard]] bool begin_create(Frame& frame, FrameResult& result);
    [[nodiscard]] bool start_code(Frame& frame, state::CodePtr code, FrameResult& result);
    [[nodiscard]] Status deposit_code(Frame& frame);
    [[nodiscard]] static Fault fault_of(const Frame& frame, Status status);
    void trace_exit(const Message& message, const FrameResult& result);

    std::vector<std::unique_ptr<Frame>> frames_;
    std::size_t count_ = 0;
    StackArena stacks_;
    MemoryArena memories_;

    friend struct Frame;
};

/// Runs from the running frame on, until the outermost has ended.
void interpret(Machine& machine);

[[nodiscard]] inline std::int64_t words_of(std::uint64_t bytes) { return static_cast<std::int64_t>((bytes + 31) / 32); }

}  // namespace entresol::evm
