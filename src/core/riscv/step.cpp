#include "core/riscv/step.hpp"

#include "core/riscv/compute.hpp"

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
        case Op::Beq:
        case Op::Bne:
        case Op::Blt:
        case Op::Bge:
        case Op::Bltu:
        case Op::Bgeu: return branch(hart, is_taken(i.op, a, b), i.imm);
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
