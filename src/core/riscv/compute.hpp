// The instructions that only compute and the branches' conditions, as functions of two words. Inlined with a known operation, a call is
// that operation alone: the interpreter that decodes each step and the one that decodes once have the same arithmetic.
#pragma once

#include "core/riscv/arithmetic.hpp"
#include "core/riscv/decode.hpp"

namespace entresol::riscv {

/// What goes to rd. a is rs1; b is rs2, or the immediate. Zero for an operation that is none of these.
[[nodiscard, gnu::always_inline]] constexpr std::uint64_t compute(Op op, std::uint64_t a, std::uint64_t b) {
    const auto word = static_cast<std::uint32_t>(a);
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
        case Op::Srlw: return extend_word(word >> (b & 31));
        case Op::Sraiw:
        case Op::Sraw: return as_unsigned(static_cast<std::int32_t>(word) >> (b & 31));
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

[[nodiscard]] constexpr bool has_immediate(Op op) {
    return (op >= Op::Addi && op <= Op::Srai) || (op >= Op::Addiw && op <= Op::Sraiw);
}

[[nodiscard, gnu::always_inline]] constexpr bool is_taken(Op op, std::uint64_t a, std::uint64_t b) {
    switch (op) {
        case Op::Beq: return a == b;
        case Op::Bne: return a != b;
        case Op::Blt: return as_signed(a) < as_signed(b);
        case Op::Bge: return as_signed(a) >= as_signed(b);
        case Op::Bltu: return a < b;
        case Op::Bgeu: return a >= b;
        default: return false;
    }
}

}  // namespace entresol::riscv
