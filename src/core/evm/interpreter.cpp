// The main loop: a switch that GCC turns into one jump table, one height and gas check a step, gas and stack pointer in registers.
#include "core/evm/frame.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

[[gnu::always_inline]] inline bool is_negative(const U256& v) { return (v.limb[3] >> 63) != 0; }
[[gnu::always_inline]] inline U256 negate(const U256& v) { return U256{} - v; }

inline U256 signed_divide(const U256& a, const U256& b) {
    if (b.is_zero()) return {};
    const U256 q = (is_negative(a) ? negate(a) : a) / (is_negative(b) ? negate(b) : b);
    return is_negative(a) != is_negative(b) ? negate(q) : q;
}
inline U256 signed_modulo(const U256& a, const U256& b) {
    if (b.is_zero()) return {};
    const U256 r = (is_negative(a) ? negate(a) : a) % (is_negative(b) ? negate(b) : b);
    return is_negative(a) ? negate(r) : r;
}
inline U256 sign_extend(const U256& k, const U256& x) {
    if (k >= U256{31}) return x;
    const unsigned bit = static_cast<unsigned>(k.limb[0]) * 8 + 7;
    const U256 mask = (U256{1} << (bit + 1)) - U256{1};
    return x.bit(bit) ? x | ~mask : x & mask;
}
inline bool signed_less(const U256& a, const U256& b) { return is_negative(a) != is_negative(b) ? is_negative(a) : a < b; }
inline U256 byte_at(const U256& i, const U256& x) {
    if (i >= U256{32}) return {};
    const unsigned from_low = 31 - static_cast<unsigned>(i.limb[0]);
    return (x.limb[from_low / 8] >> (8 * (from_low % 8))) & 0xff;
}
inline unsigned shift_amount(const U256& n) { return n < U256{256} ? static_cast<unsigned>(n.limb[0]) : 256; }
inline U256 arithmetic_shift_right(const U256& n, const U256& x) {
    const unsigned amount = shift_amount(n);
    if (!is_negative(x)) return x >> amount;
    if (amount == 256) return U256::max();
    return amount == 0 ? x : (x >> amount) | (U256::max() << (256 - amount));
}

inline U256 call_data_word(ByteView input, const U256& offset) {
    if (!offset.fits_u64() || offset.limb[0] >= input.size()) return {};
    const std::size_t at = static_cast<std::size_t>(offset.limb[0]);
    if (input.size() - at >= 32) return load_be256(input.data() + at);
    std::uint8_t word[32]{};
    std::memcpy(word, input.data() + at, input.size() - at);
    return load_be256(word);
}

template <unsigned N>
[[gnu::always_inline]] inline U256 push_value(const std::uint8_t* pc) {
    if constexpr (N <= 8) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < N; ++i) value = (value << 8) | pc[1 + i];
        return U256{value};
    } else {
        std::uint8_t word[32]{};
        std::memcpy(word + 32 - N, pc + 1, N);
        return load_be256(word);
    }
}

void report_step(Frame& frame, std::uint64_t pc, std::uint8_t opcode, std::int64_t gas, const U256* stack, std::size_t height) {
    frame.vm.tracer->on_step({.pc = pc,
                              .opcode = opcode,
                              .gas = static_cast<std::uint64_t>(gas),
                              .depth = frame.message.depth,
                              .stack = {stack + 1, height},
                              .memory = frame.memory.view(),
                              .message = &frame.message,
                              .return_data = frame.return_data});
}

// The stack lies in base[1..1024]; sp points to the top, base when empty.
template <bool Tracing>
FrameResult run(Frame& frame, U256* const base, std::int64_t gas) {
    const OpcodeCost* const rows = frame.vm.table.rows;
    const std::uint8_t* const code = frame.code.bytes.data();
    const std::uint8_t* pc = code;
    U256* sp = base;
    Status status = Status::Success;
    std::int64_t gas_before = gas;

    while (true) {
        const std::uint8_t opcode = *pc;
        const OpcodeCost& row = rows[opcode];
        const auto height = sp - base;
        if constexpr (Tracing) {
            gas_before = gas;
            report_step(frame, static_cast<std::uint64_t>(pc - code), opcode, gas, base, static_cast<std::size_t>(height));
        }
        if (height < row.min_height || height > row.max_height) [[unlikely]] {
            status = !row.is_defined ? Status::InvalidOpcode : height < row.min_height ? Status::StackUnderflow : Status::StackOverflow;
            break;
        }
        gas -= row.gas;
        if (gas < 0) [[unlikely]] {
            status = Status::OutOfGas;
            break;
        }
        switch (opcode) {
            case OP_STOP: goto done;
            case OP_ADD: sp[-1] = sp[0] + sp[-1]; --sp; break;
            case OP_MUL: sp[-1] = sp[0] * sp[-1]; --sp; break;
            case OP_SUB: sp[-1] = sp[0] - sp[-1]; --sp; break;
            case OP_DIV: sp[-1] = sp[-1].is_zero() ? U256{} : sp[0] / sp[-1]; --sp; break;
            case OP_SDIV: sp[-1] = signed_divide(sp[0], sp[-1]); --sp; break;
            case OP_MOD: sp[-1] = sp[-1].is_zero() ? U256{} : sp[0] % sp[-1]; --sp; break;
            case OP_SMOD: sp[-1] = signed_modulo(sp[0], sp[-1]); --sp; break;
            case OP_ADDMOD: sp[-2] = addmod(sp[0], sp[-1], sp[-2]); sp -= 2; break;
            case OP_MULMOD: sp[-2] = mulmod(sp[0], sp[-1], sp[-2]); sp -= 2; break;
            case OP_EXP: status = op_exp(frame, sp, gas); --sp; break;
            case OP_SIGNEXTEND: sp[-1] = sign_extend(sp[0], sp[-1]); --sp; break;
            case OP_LT: sp[-1] = sp[0] < sp[-1] ? 1 : 0; --sp; break;
            case OP_GT: sp[-1] = sp[0] > sp[-1] ? 1 : 0; --sp; break;
            case OP_SLT: sp[-1] = signed_less(sp[0], sp[-1]) ? 1 : 0; --sp; break;
            case OP_SGT: sp[-1] = signed_less(sp[-1], sp[0]) ? 1 : 0; --sp; break;
            case OP_EQ: sp[-1] = sp[0] == sp[-1] ? 1 : 0; --sp; break;
            case OP_ISZERO: sp[0] = sp[0].is_zero() ? 1 : 0; break;
            case OP_AND: sp[-1] = sp[0] & sp[-1]; --sp; break;
            case OP_OR: sp[-1] = sp[0] | sp[-1]; --sp; break;
            case OP_XOR: sp[-1] = sp[0] ^ sp[-1]; --sp; break;
            case OP_NOT: sp[0] = ~sp[0]; break;
            case OP_BYTE: sp[-1] = byte_at(sp[0], sp[-1]); --sp; break;
            case OP_SHL: sp[-1] = sp[-1] << shift_amount(sp[0]); --sp; break;
            case OP_SHR: sp[-1] = sp[-1] >> shift_amount(sp[0]); --sp; break;
            case OP_SAR: sp[-1] = arithmetic_shift_right(sp[0], sp[-1]); --sp; break;
            case OP_CLZ: sp[0] = U256{256 - sp[0].bit_length()}; break;
            case OP_KECCAK256: status = op_keccak256(frame, sp, gas); --sp; break;
            case OP_ADDRESS: *++sp = to_u256(frame.message.recipient); break;
            case OP_BALANCE: status = op_balance(frame, sp, gas); break;
            case OP_ORIGIN: *++sp = to_u256(frame.vm.tx.origin); break;
            case OP_CALLER: *++sp = to_u256(frame.message.caller); break;
            case OP_CALLVALUE: *++sp = frame.message.value; break;
            case OP_CALLDATALOAD: sp[0] = call_data_word(frame.message.input, sp[0]); break;
            case OP_CALLDATASIZE: *++sp = U256{frame.message.input.size()}; break;
            case OP_CALLDATACOPY: status = copy_to_memory(frame, sp, gas, frame.message.input); sp -= 3; break;
            case OP_CODESIZE: *++sp = U256{frame.code.size}; break;
            case OP_CODECOPY: status = copy_to_memory(frame, sp, gas, frame.code.view()); sp -= 3; break;
            case OP_GASPRICE: *++sp = frame.vm.tx.gas_price; break;
            case OP_EXTCODESIZE: status = op_ext_code_size(frame, sp, gas); break;
            case OP_EXTCODECOPY: status = op_ext_code_copy(frame, sp, gas); sp -= 4; break;
            case OP_RETURNDATASIZE: *++sp = U256{frame.return_data.size()}; break;
            case OP_RETURNDATACOPY: status = op_return_data_copy(frame, sp, gas); sp -= 3; break;
            case OP_EXTCODEHASH: status = op_ext_code_hash(frame, sp, gas); break;
            case OP_BLOCKHASH: status = op_block_hash(frame, sp); break;
            case OP_COINBASE: *++sp = to_u256(frame.vm.block.coinbase); break;
            case OP_TIMESTAMP: *++sp = U256{frame.vm.block.timestamp}; break;
            case OP_NUMBER: *++sp = U256{frame.vm.block.number}; break;
            case OP_PREVRANDAO:  // EIP-4399
                *++sp = frame.vm.has(Fork::Paris) ? to_u256(frame.vm.block.prev_randao) : frame.vm.block.difficulty;
                break;
            case OP_GASLIMIT: *++sp = U256{frame.vm.block.gas_limit}; break;
            case OP_CHAINID: *++sp = U256{frame.vm.block.rules.chain_id}; break;
            case OP_SELFBALANCE: *++sp = frame.vm.journal.balance(frame.message.recipient); break;
            case OP_BASEFEE: *++sp = frame.vm.block.base_fee; break;
            case OP_BLOBHASH: {
                const auto& hashes = frame.vm.tx.blob_hashes;
                sp[0] = sp[0] < U256{hashes.size()} ? to_u256(hashes[sp[0].limb[0]]) : U256{};
                break;
            }
            case OP_BLOBBASEFEE: *++sp = frame.vm.block.blob_base_fee; break;
            case OP_POP: --sp; break;
            case OP_MLOAD:
                if (!reserve_memory(frame.memory, gas, sp[0], 32)) { status = Status::OutOfGas; break; }
                sp[0] = load_be256(frame.memory.data() + sp[0].limb[0]);
                break;
            case OP_MSTORE:
                if (!reserve_memory(frame.memory, gas, sp[0], 32)) { status = Status::OutOfGas; break; }
                store_be256(frame.memory.data() + sp[0].limb[0], sp[-1]);
                sp -= 2;
                break;
            case OP_MSTORE8:
                if (!reserve_memory(frame.memory, gas, sp[0], 1)) { status = Status::OutOfGas; break; }
                frame.memory.data()[sp[0].limb[0]] = static_cast<std::uint8_t>(sp[-1].limb[0]);
                sp -= 2;
                break;
            case OP_SLOAD: status = op_sload(frame, sp, gas); break;
            case OP_SSTORE: status = op_sstore(frame, sp, gas); sp -= 2; break;
            case OP_JUMP:
                if (!sp[0].fits_u64() || !frame.code.is_jump_dest(sp[0].limb[0])) { status = Status::BadJump; break; }
                pc = code + sp[0].limb[0] - 1;
                --sp;
                break;
            case OP_JUMPI:
                sp -= 2;
                if (sp[1].is_zero()) break;
                if (!sp[2].fits_u64() || !frame.code.is_jump_dest(sp[2].limb[0])) { status = Status::BadJump; break; }
                pc = code + sp[2].limb[0] - 1;
                break;
            case OP_PC: *++sp = U256{static_cast<std::uint64_t>(pc - code)}; break;
            case OP_MSIZE: *++sp = U256{frame.memory.size()}; break;
            case OP_GAS: *++sp = U256{static_cast<std::uint64_t>(gas)}; break;
            case OP_JUMPDEST: break;
            case OP_TLOAD: status = op_tload(frame, sp); break;
            case OP_TSTORE: status = op_tstore(frame, sp); sp -= 2; break;
            case OP_MCOPY: status = op_mcopy(frame, sp, gas); sp -= 3; break;
            case OP_PUSH0: *++sp = U256{}; break;
#define PUSH(n) \
    case OP_PUSH##n: *++sp = push_value<n>(pc); pc += n; break;
            PUSH(1) PUSH(2) PUSH(3) PUSH(4) PUSH(5) PUSH(6) PUSH(7) PUSH(8) PUSH(9) PUSH(10) PUSH(11) PUSH(12) PUSH(13) PUSH(14) PUSH(15) PUSH(16)
            PUSH(17) PUSH(18) PUSH(19) PUSH(20) PUSH(21) PUSH(22) PUSH(23) PUSH(24) PUSH(25) PUSH(26) PUSH(27) PUSH(28) PUSH(29) PUSH(30) PUSH(31) PUSH(32)
#undef PUSH
#define DUP(n) \
    case OP_DUP##n: sp[1] = sp[1 - (n)]; ++sp; break;
            DUP(1) DUP(2) DUP(3) DUP(4) DUP(5) DUP(6) DUP(7) DUP(8) DUP(9) DUP(10) DUP(11) DUP(12) DUP(13) DUP(14) DUP(15) DUP(16)
#undef DUP
#define SWAP(n) \
    case OP_SWAP##n: { const U256 top = sp[0]; sp[0] = sp[-(n)]; sp[-(n)] = top; break; }
            SWAP(1) SWAP(2) SWAP(3) SWAP(4) SWAP(5) SWAP(6) SWAP(7) SWAP(8) SWAP(9) SWAP(10) SWAP(11) SWAP(12) SWAP(13) SWAP(14) SWAP(15) SWAP(16)
#undef SWAP
            case OP_LOG0: case OP_LOG1: case OP_LOG2: case OP_LOG3: case OP_LOG4:
                status = op_log(frame, sp, gas, static_cast<unsigned>(opcode - OP_LOG0));
                sp -= 2 + (opcode - OP_LOG0);
                break;
            case OP_CREATE: status = op_create(frame, sp, gas, CallKind::Create); sp -= 2; break;
            case OP_CREATE2: status = op_create(frame, sp, gas, CallKind::Create2); sp -= 3; break;
            case OP_CALL: status = op_call(frame, sp, gas, CallKind::Call); sp -= 6; break;
            case OP_CALLCODE: status = op_call(frame, sp, gas, CallKind::CallCode); sp -= 6; break;
            case OP_DELEGATECALL: status = op_call(frame, sp, gas, CallKind::DelegateCall); sp -= 5; break;
            case OP_STATICCALL: status = op_call(frame, sp, gas, CallKind::StaticCall); sp -= 5; break;
            case OP_RETURN:
                status = op_return(frame, sp, gas);
                if (status == Status::Success) goto done;
                break;
            case OP_REVERT:
                status = op_return(frame, sp, gas);
                if (status == Status::Success) status = Status::Revert;
                break;
            case OP_SELFDESTRUCT:
                status = op_self_destruct(frame, sp, gas);
                if (status == Status::Success) goto done;
                break;
            default: status = Status::InvalidOpcode; break;
        }
        if (status != Status::Success) [[unlikely]] break;
        if constexpr (Tracing) frame.vm.tracer->on_step_result(static_cast<std::uint64_t>(gas_before - gas), Status::Success);
        ++pc;
    }
done:
    if constexpr (Tracing) frame.vm.tracer->on_step_result(static_cast<std::uint64_t>(gas_before - gas), status);
    if (status != Status::Success && status != Status::Revert) return {status, 0};
    return {status, gas};
}

}  // namespace

FrameResult Machine::run_code(const Message& message, const state::Code& code, Bytes& output) {
    output.clear();
    if (code.size == 0) return {Status::Success, static_cast<std::int64_t>(message.gas)};
    DepthBuffers& own = buffers(message.depth);
    own.memory.clear();
    own.return_data.clear();
    Frame frame{.vm = *this, .message = message, .code = code, .memory = own.memory, .return_data = own.return_data, .output = output,
                .wants_steps = tracer != nullptr && tracer->wants_steps()};
    const auto gas = static_cast<std::int64_t>(message.gas);
    const FrameResult result = frame.wants_steps ? run<true>(frame, own.stack.get(), gas) : run<false>(frame, own.stack.get(), gas);
    if ((result.status == Status::Success || result.status == Status::Revert) && frame.output_size != 0) {
        const std::uint8_t* from = own.memory.data() + frame.output_offset;
        output.assign(from, from + frame.output_size);
    }
    return result;
}

}  // namespace entresol::evm
