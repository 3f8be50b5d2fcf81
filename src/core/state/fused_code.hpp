// Sequences of instructions that compilers write again and again, each with a byte of its own: one that no fork has as an opcode. The interpreter runs
// a copy of the code in which the first byte of such a sequence is replaced by that one; nothing moves, so every offset stays what it is.
// A sequence holds no JUMPDEST but its first byte's, hence nobody can enter it in the middle.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"

namespace entresol::state {

struct FusedRow {
    static constexpr std::uint8_t ANY = 0xff;  // one byte of data of a PUSH
    static constexpr std::size_t MOST = 7;

    std::uint8_t byte;
    std::uint8_t length;  // bytes of code
    std::uint8_t code[MOST];
    bool jumps;  // the data is a target, known to be a JUMPDEST where the sequence is fused
};

inline constexpr std::uint8_t ANY = FusedRow::ANY;
// X(byte, name, jumps, code…): longer ones before their beginnings. JUMPI1 takes its target from PUSH1, JUMPI2 from PUSH2.
// clang-format off
#define ENTRESOL_FUSED(X) \
    X(0x21, PUSH1_ADD, false, 0x60, ANY, 0x01) X(0x22, PUSH1_MUL, false, 0x60, ANY, 0x02) X(0x23, PUSH1_SHL, false, 0x60, ANY, 0x1b) \
    X(0x24, PUSH1_SHR, false, 0x60, ANY, 0x1c) X(0x25, PUSH1_AND, false, 0x60, ANY, 0x16) X(0x26, PUSH1_MLOAD, false, 0x60, ANY, 0x51) \
    X(0x27, PUSH1_MSTORE, false, 0x60, ANY, 0x52) X(0x28, PUSH1_DUP2, false, 0x60, ANY, 0x81) X(0x29, PUSH1_DUP3, false, 0x60, ANY, 0x82) \
    X(0x2a, PUSH1_JUMP, true, 0x60, ANY, 0x56) X(0x2b, PUSH1_JUMPI, true, 0x60, ANY, 0x57) X(0x2c, PUSH2_JUMP, true, 0x61, ANY, ANY, 0x56) \
    X(0x2d, PUSH2_JUMPI, true, 0x61, ANY, ANY, 0x57) X(0x2e, ISZERO_JUMPI1, true, 0x15, 0x60, ANY, 0x57) \
    X(0x2f, LT_JUMPI1, true, 0x10, 0x60, ANY, 0x57) X(0xb0, LT_ISZERO_JUMPI1, true, 0x10, 0x15, 0x60, ANY, 0x57) \
    X(0xb1, GT_JUMPI1, true, 0x11, 0x60, ANY, 0x57) X(0xb2, GT_ISZERO_JUMPI1, true, 0x11, 0x15, 0x60, ANY, 0x57) \
    X(0xb3, SLT_JUMPI1, true, 0x12, 0x60, ANY, 0x57) X(0xb4, SLT_ISZERO_JUMPI1, true, 0x12, 0x15, 0x60, ANY, 0x57) \
    X(0xb5, SGT_JUMPI1, true, 0x13, 0x60, ANY, 0x57) X(0xb6, SGT_ISZERO_JUMPI1, true, 0x13, 0x15, 0x60, ANY, 0x57) \
    X(0xb7, EQ_JUMPI1, true, 0x14, 0x60, ANY, 0x57) X(0xb8, EQ_ISZERO_JUMPI1, true, 0x14, 0x15, 0x60, ANY, 0x57) \
    X(0xb9, DUP2_LT_JUMPI1, true, 0x81, 0x10, 0x60, ANY, 0x57) X(0xba, DUP2_LT_ISZERO_JUMPI1, true, 0x81, 0x10, 0x15, 0x60, ANY, 0x57) \
    X(0xbb, ISZERO_JUMPI2, true, 0x15, 0x61, ANY, ANY, 0x57) X(0xbc, LT_JUMPI2, true, 0x10, 0x61, ANY, ANY, 0x57) \
    X(0xbd, LT_ISZERO_JUMPI2, true, 0x10, 0x15, 0x61, ANY, ANY, 0x57) X(0xbe, GT_JUMPI2, true, 0x11, 0x61, ANY, ANY, 0x57) \
    X(0xbf, GT_ISZERO_JUMPI2, true, 0x11, 0x15, 0x61, ANY, ANY, 0x57) X(0xc0, SLT_JUMPI2, true, 0x12, 0x61, ANY, ANY, 0x57) \
    X(0xc1, SLT_ISZERO_JUMPI2, true, 0x12, 0x15, 0x61, ANY, ANY, 0x57) X(0xc2, SGT_JUMPI2, true, 0x13, 0x61, ANY, ANY, 0x57) \
    X(0xc3, SGT_ISZERO_JUMPI2, true, 0x13, 0x15, 0x61, ANY, ANY, 0x57) X(0xc4, EQ_JUMPI2, true, 0x14, 0x61, ANY, ANY, 0x57) \
    X(0xc5, EQ_ISZERO_JUMPI2, true, 0x14, 0x15, 0x61, ANY, ANY, 0x57) X(0xc6, DUP2_LT_JUMPI2, true, 0x81, 0x10, 0x61, ANY, ANY, 0x57) \
    X(0xc7, DUP2_LT_ISZERO_JUMPI2, true, 0x81, 0x10, 0x15, 0x61, ANY, ANY, 0x57) X(0xc8, DUP2_LT, false, 0x81, 0x10) \
    X(0xc9, SWAP1_POP, false, 0x90, 0x50) X(0xca, SWAP2_POP, false, 0x91, 0x50) X(0xcb, SWAP3_POP, false, 0x92, 0x50) \
    X(0xcc, SWAP4_POP, false, 0x93, 0x50) X(0xcd, SWAP3_SWAP2_POP, false, 0x92, 0x91, 0x50) X(0xce, SWAP1_SUB, false, 0x90, 0x03) \
    X(0xcf, SWAP1_SHR, false, 0x90, 0x1c) X(0xd0, SWAP1_JUMP, false, 0x90, 0x56) X(0xd1, POP_POP_JUMP, false, 0x50, 0x50, 0x56) \
    X(0xd2, POP_JUMP, false, 0x50, 0x56) X(0xd3, POP_POP, false, 0x50, 0x50) X(0xd4, DUP1_ADD, false, 0x80, 0x01) \
    X(0xd5, DUP2_ADD, false, 0x81, 0x01) X(0xd6, DUP3_ADD, false, 0x82, 0x01) X(0xd7, DUP4_ADD, false, 0x83, 0x01) \
    X(0xd8, DUP1_MLOAD, false, 0x80, 0x51) X(0xd9, DUP2_MLOAD, false, 0x81, 0x51) X(0xda, DUP3_MLOAD, false, 0x82, 0x51) \
    X(0xdb, DUP2_MSTORE, false, 0x81, 0x52)
// clang-format on

enum FusedOpcode : std::uint8_t {
#define X(byte, name, jumps, ...) FUSED_##name = byte,
    ENTRESOL_FUSED(X)
#undef X
};

struct Code;
enum class CodeUse : std::uint8_t;
/// Makes the copy, of initcode without sequences. Its bytes and jump destinations are there. A byte that stands for a sequence here but was an opcode nobody has becomes INVALID.
void fuse(Code& code, CodeUse use);

}  // namespace entresol::state
