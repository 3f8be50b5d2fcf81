// One 32-bit word to one instruction of RV64IM, Zicsr, fence.i, mret or wfi; whatever else it is, Illegal.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace entresol::riscv {

// clang-format off
enum class Op : std::uint8_t {
    Illegal,
    Lui, Auipc, Jal, Jalr, Beq, Bne, Blt, Bge, Bltu, Bgeu,
    Lb, Lh, Lw, Ld, Lbu, Lhu, Lwu, Sb, Sh, Sw, Sd,
    Addi, Slti, Sltiu, Xori, Ori, Andi, Slli, Srli, Srai,
    Add, Sub, Sll, Slt, Sltu, Xor, Srl, Sra, Or, And,
    Addiw, Slliw, Srliw, Sraiw, Addw, Subw, Sllw, Srlw, Sraw,
    Mul, Mulh, Mulhsu, Mulhu, Div, Divu, Rem, Remu, Mulw, Divw, Divuw, Remw, Remuw,
    Fence, FenceI, Ecall, Ebreak, Mret, Wfi,
    Csrrw, Csrrs, Csrrc, Csrrwi, Csrrsi, Csrrci,
};
// clang-format on

/// Where an instruction keeps its operands (RISC-V unprivileged specification 2.2, 2.3).
enum class Format : std::uint8_t { R, I, S, B, U, J, Shift, Csr, None };

/// A word w is this instruction when (w & mask) == match.
struct Encoding {
    std::string_view name;
    Op op;
    Format format;
    std::uint32_t mask;
    std::uint32_t match;
};

[[nodiscard]] std::span<const Encoding> encodings();

struct Instruction {
    Op op = Op::Illegal;
    std::uint8_t rd = 0;
    std::uint8_t rs1 = 0;  // of the immediate CSR instructions: the immediate
    std::uint8_t rs2 = 0;
    std::int64_t imm = 0;  // sign-extended; a shift's amount; a CSR's number

    bool operator==(const Instruction&) const = default;
};

[[nodiscard]] Instruction decode(std::uint32_t word);
[[nodiscard]] std::string_view name_of(Op op);

}  // namespace entresol::riscv
