// One step: the one description of what each instruction does. How memory is reached is a parameter, so that running,
// recording a proof and replaying one cannot differ.
//
// Memory is any type with
//   std::uint64_t load(std::uint64_t address, unsigned bytes)               bytes in {1, 2, 4, 8}, address a multiple of it
//   void store(std::uint64_t address, unsigned bytes, std::uint64_t value)
// that is a CallMemory, for machine calls.
#pragma once

#include "core/riscv/arithmetic.hpp"
#include "core/riscv/calls.hpp"
#include "core/riscv/csr.hpp"
#include "core/riscv/decode.hpp"
#include "core/riscv/hart.hpp"

namespace entresol::riscv {

inline constexpr std::uint64_t EXIT_CALL = 93;  // Linux's number for exit, as test programs use it
inline constexpr unsigned A0 = 10;
inline constexpr unsigned A7 = 17;

/// mtvec zero: the machine stops where it is. Otherwise the handler goes on, in direct mode.
void trap(Hart& hart, Cause cause, std::uint64_t value);

/// Everything but loads, stores and machine calls. `word` is the instruction, for mtval.
void execute(Hart& hart, const Instruction& instruction, std::uint32_t word);

struct Access {
    unsigned bytes = 0;  // zero: not such an instruction
    bool is_signed = false;
};
[[nodiscard]] constexpr Access load_of(Op op) {
    switch (op) {
        case Op::Lb: return {1, true};
        case Op::Lh: return {2, true};
        case Op::Lw: return {4, true};
        case Op::Ld: return {8, false};
        case Op::Lbu: return {1, false};
        case Op::Lhu: return {2, false};
        case Op::Lwu: return {4, false};
        default: return {};
    }
}
[[nodiscard]] constexpr unsigned store_bytes(Op op) {
    switch (op) {
        case Op::Sb: return 1;
        case Op::Sh: return 2;
        case Op::Sw: return 4;
        case Op::Sd: return 8;
        default: return 0;
    }
}

[[nodiscard]] constexpr std::uint64_t sign_extend(std::uint64_t value, unsigned bytes) {
    const unsigned shift = 64 - 8 * bytes;
    return as_unsigned(as_signed(value << shift) >> shift);
}

inline void set_register(Hart& hart, unsigned rd, std::uint64_t value) {
    if (rd != 0) hart.x[rd] = value;
}

template <typename Memory>
void load(Hart& hart, Memory& memory, const Instruction& i, Access access) {
    const std::uint64_t address = hart.x[i.rs1] + as_unsigned(i.imm);
    if (address % access.bytes != 0) return trap(hart, Cause::LoadMisaligned, address);
    const std::uint64_t value = memory.load(address, access.bytes);
    set_register(hart, i.rd, access.is_signed ? sign_extend(value, access.bytes) : value);
    hart.pc += 4;
}

template <typename Memory>
void store(Hart& hart, Memory& memory, const Instruction& i, unsigned bytes) {
    const std::uint64_t address = hart.x[i.rs1] + as_unsigned(i.imm);
    if (address % bytes != 0) return trap(hart, Cause::StoreMisaligned, address);
    memory.store(address, bytes, hart.x[i.rs2]);
    hart.pc += 4;
}

/// A machine that has stopped stays as it is: every later step is the same state. False: the step was not made, since memory
/// does not know a preimage that it reads.
template <typename Memory>
bool step(Hart& hart, Memory& memory) {
    if (hart.status != Status::Running) return true;
    const auto word = static_cast<std::uint32_t>(memory.load(hart.pc, 4));
    const Instruction instruction = decode(word);
    if (instruction.op == Op::Ecall && is_call(hart.x[A7])) return make_call(hart, memory);
    if (const Access access = load_of(instruction.op); access.bytes != 0)
        load(hart, memory, instruction, access);
    else if (const unsigned bytes = store_bytes(instruction.op); bytes != 0)
        store(hart, memory, instruction, bytes);
    else
        execute(hart, instruction, word);
    return true;
}

}  // namespace entresol::riscv
