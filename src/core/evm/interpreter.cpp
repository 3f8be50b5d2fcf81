// The main loop. Each instruction ends with its own jump to the next one's label, so that the processor predicts each pair of opcodes apart; program
// counter, stack pointer and gas stay in registers; what the fork does not have is absent from the table of labels. Tracing is a second instantiation.
#include "core/evm/instructions.hpp"
#include "core/evm/words.hpp"
#include "core/state/fused_code.hpp"

// Labels as values and computed goto are extensions of GCC and Clang.
#pragma GCC diagnostic ignored "-Wpedantic"
#if defined(__GNUC__) && !defined(__clang__)
// The first two would merge the jumps at the ends of instructions into one. The third joins two limbs into a 16-byte load: right after the limbs were
// stored one by one, which is the rule on a stack, such a load waits until both have left the store buffer.
#pragma GCC optimize("no-gcse", "no-crossjumping", "no-tree-slp-vectorize", "no-tree-loop-vectorize")
#endif

namespace entresol::evm {
namespace {

struct StackEffect {
    int takes;
    int gives;
};
constexpr std::array<StackEffect, 256> make_effects() {
    std::array<StackEffect, 256> effects{};
#define X(byte, name, takes, gives, since, gas) effects[byte] = {takes, gives};
    ENTRESOL_OPCODES(X)
#undef X
    return effects;
}
constexpr std::array<StackEffect, 256> EFFECTS = make_effects();

constexpr std::int64_t JUMPDEST_GAS = 1;
static_assert(common_gas(OP_JUMPDEST) == JUMPDEST_GAS);

void report_step(const Frame& frame, const std::uint8_t* pc, const U256* sp, std::int64_t gas) {
    frame.machine->tracer->on_step({.pc = static_cast<std::uint64_t>(pc - frame.code),
                                    .opcode = *pc,
                                    .gas = static_cast<std::uint64_t>(gas),
                                    .depth = frame.message.depth,
                                    .stack = {frame.base + 1, static_cast<std::size_t>(sp - frame.base)},
                                    .memory = {frame.memory, static_cast<std::size_t>(frame.memory_size)},
                                    .message = &frame.message,
                                    .return_data = frame.machine->return_data});
}
void report_result(const Frame& frame, std::int64_t gas, Status status) {
    frame.machine->tracer->on_step_result(static_cast<std::uint64_t>(frame.step_gas - gas), status);
}

[[gnu::always_inline]] inline bool is_in_memory(const Frame& frame, const U256& offset, std::uint64_t size) {
    return offset.fits_u64() && offset.limb[0] < frame.memory_size && frame.memory_size - offset.limb[0] >= size;
}

[[gnu::always_inline]] inline U256 call_data_word(ByteView input, const U256& offset) {
    if (!offset.fits_u64() || offset.limb[0] >= input.size()) return {};
    const auto at = static_cast<std::size_t>(offset.limb[0]);
    if (input.size() - at >= 32) return load_be256(input.data() + at);
    std::uint8_t word[32]{};
    std::memcpy(word, input.data() + at, input.size() - at);
    return load_be256(word);
}

// Limb by limb, for the reason above; an assignment would go through a temporary in memory.
[[gnu::always_inline]] inline void put(U256& to, const U256& from) {
    const std::uint64_t l0 = from.limb[0], l1 = from.limb[1], l2 = from.limb[2], l3 = from.limb[3];
    to.limb[0] = l0;
    to.limb[1] = l1;
    to.limb[2] = l2;
    to.limb[3] = l3;
}
[[gnu::always_inline]] inline void swap_words(U256& a, U256& b) {
    for (int i = 0; i < 4; ++i) {
        const std::uint64_t limb = a.limb[i];
        a.limb[i] = b.limb[i];
        b.limb[i] = limb;
    }
}

[[gnu::always_inline]] inline void add_small(U256& a, std::uint64_t b) {
    const std::uint64_t sum = a.limb[0] + b;
    a.limb[0] = sum;
    if (sum < b) [[unlikely]]
        for (int i = 1; i < 4 && ++a.limb[i] == 0; ++i) {
        }
}

// Without it, GCC joins the blocks that only set the status and has every instruction set it, for all of them, before its checks.
#define KEEP_APART __asm__ volatile("");

// Each instruction is INSTRUCTION(name) … NEXT(bytes of code it is long).
#define INSTRUCTION(name)                                              \
    L_##name : if constexpr (TRACING) {                                \
        report_step(*frame, pc, sp, gas);                              \
        frame->step_gas = gas;                                         \
    }                                                                  \
    if constexpr (EFFECTS[OP_##name].takes > 0)                        \
        if (sp < base + EFFECTS[OP_##name].takes) [[unlikely]]         \
            goto stack_underflow;                                      \
    if constexpr (EFFECTS[OP_##name].gives > EFFECTS[OP_##name].takes) \
        if (sp >= base + STACK_LIMIT) [[unlikely]]                     \
            goto stack_overflow;                                       \
    if constexpr (common_gas(OP_##name) == UNDEFINED)                  \
        gas -= frame->machine->gas_table[OP_##name];                   \
    else                                                               \
        gas -= common_gas(OP_##name);                                  \
    if constexpr (common_gas(OP_##name) != 0)                          \
        if (gas < 0) [[unlikely]]                                      \
            goto out_of_gas;

#define NEXT(length)                                                    \
    if constexpr (TRACING) report_result(*frame, gas, Status::Success); \
    pc += (length);                                                     \
    goto* labels[*pc];

// Two operands, one result.
#define BINARY(name, function)                \
    INSTRUCTION(name) {                       \
        put(sp[-1], function(sp[0], sp[-1])); \
        --sp;                                 \
        NEXT(1)                               \
    }
#define PREDICATE(name, expression)                    \
    INSTRUCTION(name) {                                \
        put(sp[-1], U256{(expression) ? 1ULL : 0ULL}); \
        --sp;                                          \
        NEXT(1)                                        \
    }
#define VALUE(name, expression) \
    INSTRUCTION(name) {         \
        ++sp;                   \
        put(*sp, expression);   \
        NEXT(1)                 \
    }
// What instructions.hpp declares.
#define OUTSIDE(name, function)                                    \
    INSTRUCTION(name) {                                            \
        frame->gas = gas;                                          \
        status = function(*frame, sp);                             \
        gas = frame->gas;                                          \
        if (status != Status::Success) [[unlikely]]                \
            goto end;                                              \
        sp += EFFECTS[OP_##name].gives - EFFECTS[OP_##name].takes; \
        NEXT(1)                                                    \
    }
#define CALLING(name, function)                        \
    INSTRUCTION(name) {                                \
        frame->gas = gas;                              \
        frame->pc = pc + 1;                            \
        const CallOutcome call = function(*frame, sp); \
        if (call.step == CallStep::Entered) {          \
            frame = &frame->machine->running();        \
            goto enter;                                \
        }                                              \
        gas = frame->gas;                              \
        if (call.step == CallStep::Failed) {           \
            status = call.status;                      \
            goto end;                                  \
        }                                              \
        sp = frame->sp;                                \
        ++pc;                                          \
        goto* labels[*pc];                             \
    }

#define ENDING(name, function, kind)                  \
    INSTRUCTION(name) {                               \
        frame->gas = gas;                             \
        status = function(*frame, sp);                \
        gas = frame->gas;                             \
        if (status == Status::Success) status = kind; \
        goto end;                                     \
    }
#define REACH_MEMORY(size)                                 \
    if (!is_in_memory(*frame, sp[0], size)) [[unlikely]] { \
        gas = Frame::expand(*frame, sp[0], size, gas);     \
        if (gas < 0) goto out_of_gas;                      \
    }
// The JUMPDEST at the target is part of the jump, unless someone wants to see it.
#define JUMP_TO(target)                            \
    if (!frame->is_jump_dest(target)) [[unlikely]] \
        goto bad_jump;                             \
    if constexpr (TRACING) {                       \
        NEXT(frame->runs + (target).limb[0] - pc)  \
    } else {                                       \
        pc = frame->runs + (target).limb[0];       \
        gas -= JUMPDEST_GAS;                       \
        if (gas < 0) [[unlikely]]                  \
            goto out_of_gas;                       \
        ++pc;                                      \
        goto* labels[*pc];                         \
    }
#define PUSH(n)                                     \
    INSTRUCTION(PUSH##n) {                          \
        ++sp;                                       \
        put(*sp, words::load_immediate<n>(pc + 1)); \
        NEXT(1 + (n))                               \
    }
#define DUP(n)                   \
    INSTRUCTION(DUP##n) {        \
        put(sp[1], sp[1 - (n)]); \
        ++sp;                    \
        NEXT(1)                  \
    }
#define SWAP(n)                      \
    INSTRUCTION(SWAP##n) {           \
        swap_words(sp[0], sp[-(n)]); \
        NEXT(1)                      \
    }

#define X(byte, name, jumps, ...) \
    static_assert(GAS_TABLES.back()[byte] == UNDEFINED, "an opcode's byte cannot stand for " #name);
ENTRESOL_FUSED(X)
#undef X

constexpr std::int32_t price(std::uint8_t opcode) { return common_gas(opcode); }

bool has_all_parts(const Machine& machine, std::uint8_t fused) {
    const bool shifts =
        fused == state::FUSED_PUSH1_SHL || fused == state::FUSED_PUSH1_SHR || fused == state::FUSED_SWAP1_SHR;
    return !shifts || machine.has(chain::Fork::Constantinople);
}

/// Runs the running frame and what it calls until all have ended (false), or until one begins or resumes that is traced otherwise (true).
/// With a table to fill, only does that.
template <bool TRACING>
[[gnu::noinline]] bool run(Machine& machine, DispatchTable* table) {
    if (table != nullptr) {
        for (auto& label : table->labels) label = &&undefined;
#define X(byte, name, takes, gives, since, gas) \
    if (machine.has(chain::Fork::since)) table->labels[byte] = &&L_##name;
        ENTRESOL_OPCODES(X)
#undef X
        // The traced loop runs code as it is. What a fork lacks a part of runs as its parts.
#define X(byte, name, jumps, first, ...) \
    if (!TRACING) table->labels[byte] = has_all_parts(machine, state::FUSED_##name) ? &&L_##name : table->labels[first];
        ENTRESOL_FUSED(X)
#undef X
        return false;
    }
    // Six values fit the registers that calls leave alone: these five and the labels. Everything else is reached through the frame.
    const void* const* const labels = machine.dispatch[TRACING ? 1 : 0].labels;
    Frame* frame = &machine.running();
    const std::uint8_t* pc;
    U256* sp;
    U256* base;
    std::int64_t gas;
    Status status = Status::Success;

enter:
    if (frame->wants_steps != TRACING) return true;
    pc = frame->pc;
    sp = frame->sp;
    base = frame->base;
    gas = frame->gas;
    goto* labels[*pc];

    // clang-format off
    INSTRUCTION(STOP) { goto success; }

    BINARY(ADD, words::add)
    BINARY(MUL, words::multiply)
    BINARY(SUB, words::subtract)
    BINARY(DIV, words::divide)
    BINARY(SDIV, words::signed_divide)
    BINARY(MOD, words::modulo)
    BINARY(SMOD, words::signed_modulo)
    INSTRUCTION(ADDMOD) {
        put(sp[-2], addmod(sp[0], sp[-1], sp[-2]));
        sp -= 2;
        NEXT(1)
    }
    INSTRUCTION(MULMOD) {
        put(sp[-2], mulmod(sp[0], sp[-1], sp[-2]));
        sp -= 2;
        NEXT(1)
    }
    OUTSIDE(EXP, op_exp)
    BINARY(SIGNEXTEND, words::sign_extend)

    PREDICATE(LT, words::less(sp[0], sp[-1]))
    PREDICATE(GT, words::less(sp[-1], sp[0]))
    PREDICATE(SLT, words::signed_less(sp[0], sp[-1]))
    PREDICATE(SGT, words::signed_less(sp[-1], sp[0]))
    PREDICATE(EQ, words::equal(sp[0], sp[-1]))
    INSTRUCTION(ISZERO) {
        put(sp[0], U256{sp[0].is_zero() ? 1ULL : 0ULL});
        NEXT(1)
    }
    INSTRUCTION(AND) {
        for (int i = 0; i < 4; ++i) sp[-1].limb[i] &= sp[0].limb[i];
        --sp;
        NEXT(1)
    }
    INSTRUCTION(OR) {
        for (int i = 0; i < 4; ++i) sp[-1].limb[i] |= sp[0].limb[i];
        --sp;
        NEXT(1)
    }
    INSTRUCTION(XOR) {
        for (int i = 0; i < 4; ++i) sp[-1].limb[i] ^= sp[0].limb[i];
        --sp;
        NEXT(1)
    }
    INSTRUCTION(NOT) {
        for (int i = 0; i < 4; ++i) sp[0].limb[i] = ~sp[0].limb[i];
        NEXT(1)
    }
    BINARY(BYTE, words::byte_at)
    BINARY(SHL, words::shift_left)
    BINARY(SHR, words::shift_right)
    BINARY(SAR, words::shift_right_arithmetic)
    INSTRUCTION(CLZ) {  // EIP-7939
        put(sp[0], U256{256 - sp[0].bit_length()});
        NEXT(1)
    }

    OUTSIDE(KECCAK256, op_keccak256)

    VALUE(ADDRESS, words::from_address(frame->message.recipient))
    OUTSIDE(BALANCE, op_balance)
    VALUE(ORIGIN, words::from_address(frame->machine->tx.origin))
    VALUE(CALLER, words::from_address(frame->message.caller))
    VALUE(CALLVALUE, frame->message.value)
    INSTRUCTION(CALLDATALOAD) {
        put(sp[0], call_data_word(frame->message.input, sp[0]));
        NEXT(1)
    }
    VALUE(CALLDATASIZE, U256{frame->message.input.size()})
    OUTSIDE(CALLDATACOPY, op_call_data_copy)
    VALUE(CODESIZE, U256{frame->code_size})
    OUTSIDE(CODECOPY, op_code_copy)
    VALUE(GASPRICE, frame->machine->tx.gas_price)
    OUTSIDE(EXTCODESIZE, op_ext_code_size)
    OUTSIDE(EXTCODECOPY, op_ext_code_copy)
    VALUE(RETURNDATASIZE, U256{frame->machine->return_data.size()})
    OUTSIDE(RETURNDATACOPY, op_return_data_copy)
    OUTSIDE(EXTCODEHASH, op_ext_code_hash)

    OUTSIDE(BLOCKHASH, op_block_hash)
    VALUE(COINBASE, words::from_address(frame->machine->block.coinbase))
    VALUE(TIMESTAMP, U256{frame->machine->block.timestamp})
    VALUE(NUMBER, U256{frame->machine->block.number})
    VALUE(PREVRANDAO, frame->machine->has(chain::Fork::Paris) ? to_u256(frame->machine->block.prev_randao) : frame->machine->block.difficulty)  // EIP-4399
    VALUE(GASLIMIT, U256{frame->machine->block.gas_limit})
    VALUE(CHAINID, U256{frame->machine->block.rules.chain_id})
    VALUE(SELFBALANCE, frame->machine->journal.balance(frame->message.recipient))
    VALUE(BASEFEE, frame->machine->block.base_fee)
    OUTSIDE(BLOBHASH, op_blob_hash)
    VALUE(BLOBBASEFEE, frame->machine->block.blob_base_fee)

    INSTRUCTION(POP) {
        --sp;
        NEXT(1)
    }
    INSTRUCTION(MLOAD) {
        REACH_MEMORY(32)
        put(sp[0], load_be256(frame->memory + sp[0].limb[0]));
        NEXT(1)
    }
    INSTRUCTION(MSTORE) {
        REACH_MEMORY(32)
        store_be256(frame->memory + sp[0].limb[0], sp[-1]);
        sp -= 2;
        NEXT(1)
    }
    INSTRUCTION(MSTORE8) {
        REACH_MEMORY(1)
        frame->memory[sp[0].limb[0]] = static_cast<std::uint8_t>(sp[-1].limb[0]);
        sp -= 2;
        NEXT(1)
    }
    OUTSIDE(SLOAD, op_sload)
    OUTSIDE(SSTORE, op_sstore)

    INSTRUCTION(JUMP) {
        --sp;
        JUMP_TO(sp[1])
    }
    INSTRUCTION(JUMPI) {
        sp -= 2;
        if (!sp[1].is_zero()) { JUMP_TO(sp[2]) }
        NEXT(1)
    }
    VALUE(PC, U256{static_cast<std::uint64_t>(pc - frame->runs)})
    VALUE(MSIZE, U256{frame->memory_size})
    VALUE(GAS, U256{static_cast<std::uint64_t>(gas)})
    INSTRUCTION(JUMPDEST) { NEXT(1) }
    OUTSIDE(TLOAD, op_tload)
    OUTSIDE(TSTORE, op_tstore)
    OUTSIDE(MCOPY, op_mcopy)

    VALUE(PUSH0, U256{})
    PUSH(1) PUSH(2) PUSH(3) PUSH(4) PUSH(5) PUSH(6) PUSH(7) PUSH(8) PUSH(9) PUSH(10) PUSH(11) PUSH(12) PUSH(13) PUSH(14)
    PUSH(15) PUSH(16) PUSH(17) PUSH(18) PUSH(19) PUSH(20) PUSH(21) PUSH(22) PUSH(23) PUSH(24) PUSH(25) PUSH(26) PUSH(27)
    PUSH(28) PUSH(29) PUSH(30) PUSH(31) PUSH(32)
    DUP(1) DUP(2) DUP(3) DUP(4) DUP(5) DUP(6) DUP(7) DUP(8) DUP(9) DUP(10) DUP(11) DUP(12) DUP(13) DUP(14) DUP(15) DUP(16)
    SWAP(1) SWAP(2) SWAP(3) SWAP(4) SWAP(5) SWAP(6) SWAP(7) SWAP(8) SWAP(9) SWAP(10) SWAP(11) SWAP(12) SWAP(13) SWAP(14)
    SWAP(15) SWAP(16)

    OUTSIDE(LOG0, op_log<0>)
    OUTSIDE(LOG1, op_log<1>)
    OUTSIDE(LOG2, op_log<2>)
    OUTSIDE(LOG3, op_log<3>)
    OUTSIDE(LOG4, op_log<4>)

    CALLING(CREATE, op_create<CallKind::Create>)
    CALLING(CALL, op_call<CallKind::Call>)
    CALLING(CALLCODE, op_call<CallKind::CallCode>)
    CALLING(DELEGATECALL, op_call<CallKind::DelegateCall>)
    CALLING(CREATE2, op_create<CallKind::Create2>)
    CALLING(STATICCALL, op_call<CallKind::StaticCall>)

    ENDING(RETURN, op_return, Status::Success)
    ENDING(REVERT, op_return, Status::Revert)
    ENDING(SELFDESTRUCT, op_self_destruct, Status::Success)
    INSTRUCTION(INVALID) {
        status = Status::InvalidOpcode;
        goto end;
    }

#include "core/evm/fused_instructions.hpp"
    // clang-format on

undefined:
    if constexpr (TRACING) {
        report_step(*frame, pc, sp, gas);
        frame->step_gas = gas;
    }
    status = Status::InvalidOpcode;
    goto end;
stack_underflow:
    KEEP_APART
    status = Status::StackUnderflow;
    goto end;
stack_overflow:
    KEEP_APART
    status = Status::StackOverflow;
    goto end;
bad_jump:
    KEEP_APART
    status = Status::BadJump;
    goto end;
out_of_gas:
    KEEP_APART
    status = Status::OutOfGas;
    goto end;

success:
    status = Status::Success;
end:
    if constexpr (TRACING) report_result(*frame, gas, status);
    frame->gas = gas;
    frame->pc = pc;
    frame->sp = sp;
    frame = frame->machine->end(*frame, status);
    if (frame == nullptr) return false;
    goto enter;
}

}  // namespace

void interpret(Machine& machine) {
    bool has_more = true;
    while (has_more) {
        const bool tracing = machine.running().wants_steps;
        DispatchTable& table = machine.dispatch[tracing ? 1 : 0];
        if (table.labels[0] == nullptr) (void)(tracing ? run<true>(machine, &table) : run<false>(machine, &table));
        has_more = tracing ? run<true>(machine, nullptr) : run<false>(machine, nullptr);
    }
}

}  // namespace entresol::evm
