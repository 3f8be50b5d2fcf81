#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

// The target's own fault belongs to the jump: rd is not written then (unprivileged specification 2.5).
void jump(Hart& hart, unsigned rd, std::uint64_t target) {
    if (target % 4 != 0) return trap(hart, Cause::FetchMisaligned, target);
    set_register(hart, rd, hart.pc + 4);
    hart.pc = target;
}

void branch(Hart& hart, bool taken, std::int64_t offset) {
    if (!taken) {
        hart.pc += 4;
        return;
    }
    jump(hart, 0, hart.pc + as_unsigned(offset));
}

void environment_call(Hart& hart) {
    if (hart.x[A7] != EXIT_CALL) return trap(hart, Cause::EnvironmentCall, 0);
    hart.status = Status::Exited;
    hart.exit_code = hart.x[A0];
}

// Zicsr: csrrs and csrrc with x0 (or a zero immediate) do not write.
bool access_csr(Hart& hart, const Instruction& i) {
    const auto number = static_cast<std::uint32_t>(i.imm);
    const auto old = read_csr(hart, number);
    if (!old) return false;
    const bool is_immediate = i.op >= Op::Csrrwi;
    const std::uint64_t operand = is_immediate ? i.rs1 : hart.x[i.rs1];
    const bool sets = i.op == Op::Csrrs || i.op == Op::Csrrsi;
    const bool clears = i.op == Op::Csrrc || i.op == Op::Csrrci;
    if ((!sets && !clears) || i.rs1 != 0) {
        const std::uint64_t value = sets ? *old | operand : clears ? *old & ~operand : operand;
        if (!write_csr(hart, number, value)) return false;
    }
    set_register(hart, i.rd, *old);
    hart.pc += 4;
    return true;
}

// a is rs1; b is rs2, or the immediate.
std::uint64_t compute(Op op, std::uint64_t a, std::uint64_t b) {
    const auto word = [](std::uint64_t v) { return static_cast<std::uint32_t>(v); };
    switch (op) {
        case Op::Addi:
        case Op::Add: return a + b;
        case Op::Sub: return a - b;
        case Op::Slti:
        case Op::Slt: return as_signed(a) < as_signed(b) ? 1 : 0;
        case Op::Sltiu:
        case Op::Sltu: return a < b ? 1 : 0;
        case Op::Xori:
        case Op::Xor: return a ^ b;
        case Op::Ori:
        case Op::Or: return a | b;
        case Op::Andi:
        case Op::And: return a & b;
        case Op::Slli:
        case Op::Sll: return a << (b & 63);
        case Op::Srli:
        case Op::Srl: return a >> (b & 63);
        case Op::Srai:
        case Op::Sra: return as_unsigned(as_signed(a) >> (b & 63));
        case Op::Addiw:
        case Op::Addw: return extend_word(a + b);
        case Op::Subw: return extend_word(a - b);
        case Op::Slliw:
        case Op::Sllw: return extend_word(a << (b & 31));
        case Op::Srliw:
        case Op::Srlw: return extend_word(word(a) >> (b & 31));
        case Op::Sraiw:
        case Op::Sraw: return as_unsigned(static_cast<std::int32_t>(word(a)) >> (b & 31));
        case Op::Mul: return a * b;
        case Op::Mulh: return mulh(a, b);
        case Op::Mulhsu: return mulhsu(a, b);
        case Op::Mulhu: return mulhu(a, b);
        case Op::Div: return divide_as<std::int64_t>(a, b);
        case Op::Divu: return divide_as<std::uint64_t>(a, b);
        case Op::Rem: return remainder_as<std::int64_t>(a, b);
        case Op::Remu: return remainder_as<std::uint64_t>(a, b);
        case Op::Mulw: return extend_word(a * b);
        case Op::Divw: return divide_as<std::int32_t>(a, b);
        case Op::Divuw: return extend_word(divide_as<std::uint32_t>(a, b));
        case Op::Remw: return remainder_as<std::int32_t>(a, b);
        case Op::Remuw: return extend_word(remainder_as<std::uint32_t>(a, b));
        default: return 0;
    }
}

constexpr bool has_immediate(Op op) {
    return (op >= Op::Addi && op <= Op::Srai) || (op >= Op::Addiw && op <= Op::Sraiw);
}

}  // namespace

void trap(Hart& hart, Cause cause, std::uint64_t value) {
    hart.mepc = hart.pc;
    hart.mcause = static_cast<std::uint64_t>(cause);
    hart.mtval = value;
    if (hart.mtvec == 0)
        hart.status = Status::Trapped;
    else
        hart.pc = hart.mtvec;
}

void execute(Hart& hart, const Instruction& i, std::uint32_t word) {
    const std::uint64_t a = hart.x[i.rs1];
    const std::uint64_t b = hart.x[i.rs2];
    switch (i.op) {
        case Op::Lui: set_register(hart, i.rd, as_unsigned(i.imm)); break;
        case Op::Auipc: set_register(hart, i.rd, hart.pc + as_unsigned(i.imm)); break;
        case Op::Jal: return jump(hart, i.rd, hart.pc + as_unsigned(i.imm));
        case Op::Jalr: return jump(hart, i.rd, (a + as_unsigned(i.imm)) & ~std::uint64_t{1});
        case Op::Beq: return branch(hart, a == b, i.imm);
        case Op::Bne: return branch(hart, a != b, i.imm);
        case Op::Blt: return branch(hart, as_signed(a) < as_signed(b), i.imm);
        case Op::Bge: return branch(hart, as_signed(a) >= as_signed(b), i.imm);
        case Op::Bltu: return branch(hart, a < b, i.imm);
        case Op::Bgeu: return branch(hart, a >= b, i.imm);
        case Op::Fence:
        case Op::FenceI:
        case Op::Wfi: break;
        case Op::Ecall: return environment_call(hart);
        case Op::Ebreak: return trap(hart, Cause::Breakpoint, hart.pc);
        case Op::Mret: hart.pc = hart.mepc; return;
        case Op::Csrrw:
        case Op::Csrrs:
        case Op::Csrrc:
        case Op::Csrrwi:
        case Op::Csrrsi:
        case Op::Csrrci:
            if (!access_csr(hart, i)) trap(hart, Cause::IllegalInstruction, word);
            return;
        case Op::Illegal: return trap(hart, Cause::IllegalInstruction, word);
        default: set_register(hart, i.rd, compute(i.op, a, has_immediate(i.op) ? as_unsigned(i.imm) : b)); break;
    }
    hart.pc += 4;
}

}  // namespace entresol::riscv
