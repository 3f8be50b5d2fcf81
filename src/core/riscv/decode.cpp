#include "core/riscv/decode.hpp"

namespace entresol::riscv {
namespace {

constexpr std::uint32_t OPCODE = 0x0000007f;
constexpr std::uint32_t FUNCT3 = 0x0000707f;
constexpr std::uint32_t FUNCT6 = 0xfc00707f;  // shifts by six bits
constexpr std::uint32_t FUNCT7 = 0xfe00707f;
constexpr std::uint32_t WHOLE = 0xffffffff;

// RISC-V unprivileged specification, chapter "RV32/64G Instruction Set Listings"; privileged specification for mret and wfi.
constexpr Encoding ENCODINGS[] = {
    {"lui", Op::Lui, Format::U, OPCODE, 0x00000037},         {"auipc", Op::Auipc, Format::U, OPCODE, 0x00000017},
    {"jal", Op::Jal, Format::J, OPCODE, 0x0000006f},         {"jalr", Op::Jalr, Format::I, FUNCT3, 0x00000067},
    {"beq", Op::Beq, Format::B, FUNCT3, 0x00000063},         {"bne", Op::Bne, Format::B, FUNCT3, 0x00001063},
    {"blt", Op::Blt, Format::B, FUNCT3, 0x00004063},         {"bge", Op::Bge, Format::B, FUNCT3, 0x00005063},
    {"bltu", Op::Bltu, Format::B, FUNCT3, 0x00006063},       {"bgeu", Op::Bgeu, Format::B, FUNCT3, 0x00007063},
    {"lb", Op::Lb, Format::I, FUNCT3, 0x00000003},           {"lh", Op::Lh, Format::I, FUNCT3, 0x00001003},
    {"lw", Op::Lw, Format::I, FUNCT3, 0x00002003},           {"ld", Op::Ld, Format::I, FUNCT3, 0x00003003},
    {"lbu", Op::Lbu, Format::I, FUNCT3, 0x00004003},         {"lhu", Op::Lhu, Format::I, FUNCT3, 0x00005003},
    {"lwu", Op::Lwu, Format::I, FUNCT3, 0x00006003},         {"sb", Op::Sb, Format::S, FUNCT3, 0x00000023},
    {"sh", Op::Sh, Format::S, FUNCT3, 0x00001023},           {"sw", Op::Sw, Format::S, FUNCT3, 0x00002023},
    {"sd", Op::Sd, Format::S, FUNCT3, 0x00003023},           {"addi", Op::Addi, Format::I, FUNCT3, 0x00000013},
    {"slti", Op::Slti, Format::I, FUNCT3, 0x00002013},       {"sltiu", Op::Sltiu, Format::I, FUNCT3, 0x00003013},
    {"xori", Op::Xori, Format::I, FUNCT3, 0x00004013},       {"ori", Op::Ori, Format::I, FUNCT3, 0x00006013},
    {"andi", Op::Andi, Format::I, FUNCT3, 0x00007013},       {"slli", Op::Slli, Format::Shift, FUNCT6, 0x00001013},
    {"srli", Op::Srli, Format::Shift, FUNCT6, 0x00005013},   {"srai", Op::Srai, Format::Shift, FUNCT6, 0x40005013},
    {"add", Op::Add, Format::R, FUNCT7, 0x00000033},         {"sub", Op::Sub, Format::R, FUNCT7, 0x40000033},
    {"sll", Op::Sll, Format::R, FUNCT7, 0x00001033},         {"slt", Op::Slt, Format::R, FUNCT7, 0x00002033},
    {"sltu", Op::Sltu, Format::R, FUNCT7, 0x00003033},       {"xor", Op::Xor, Format::R, FUNCT7, 0x00004033},
    {"srl", Op::Srl, Format::R, FUNCT7, 0x00005033},         {"sra", Op::Sra, Format::R, FUNCT7, 0x40005033},
    {"or", Op::Or, Format::R, FUNCT7, 0x00006033},           {"and", Op::And, Format::R, FUNCT7, 0x00007033},
    {"addiw", Op::Addiw, Format::I, FUNCT3, 0x0000001b},     {"slliw", Op::Slliw, Format::Shift, FUNCT7, 0x0000101b},
    {"srliw", Op::Srliw, Format::Shift, FUNCT7, 0x0000501b}, {"sraiw", Op::Sraiw, Format::Shift, FUNCT7, 0x4000501b},
    {"addw", Op::Addw, Format::R, FUNCT7, 0x0000003b},       {"subw", Op::Subw, Format::R, FUNCT7, 0x4000003b},
    {"sllw", Op::Sllw, Format::R, FUNCT7, 0x0000103b},       {"srlw", Op::Srlw, Format::R, FUNCT7, 0x0000503b},
    {"sraw", Op::Sraw, Format::R, FUNCT7, 0x4000503b},       {"mul", Op::Mul, Format::R, FUNCT7, 0x02000033},
    {"mulh", Op::Mulh, Format::R, FUNCT7, 0x02001033},       {"mulhsu", Op::Mulhsu, Format::R, FUNCT7, 0x02002033},
    {"mulhu", Op::Mulhu, Format::R, FUNCT7, 0x02003033},     {"div", Op::Div, Format::R, FUNCT7, 0x02004033},
    {"divu", Op::Divu, Format::R, FUNCT7, 0x02005033},       {"rem", Op::Rem, Format::R, FUNCT7, 0x02006033},
    {"remu", Op::Remu, Format::R, FUNCT7, 0x02007033},       {"mulw", Op::Mulw, Format::R, FUNCT7, 0x0200003b},
    {"divw", Op::Divw, Format::R, FUNCT7, 0x0200403b},       {"divuw", Op::Divuw, Format::R, FUNCT7, 0x0200503b},
    {"remw", Op::Remw, Format::R, FUNCT7, 0x0200603b},       {"remuw", Op::Remuw, Format::R, FUNCT7, 0x0200703b},
    {"fence", Op::Fence, Format::None, FUNCT3, 0x0000000f},  {"fence.i", Op::FenceI, Format::None, FUNCT3, 0x0000100f},
    {"ecall", Op::Ecall, Format::None, WHOLE, 0x00000073},   {"ebreak", Op::Ebreak, Format::None, WHOLE, 0x00100073},
    {"mret", Op::Mret, Format::None, WHOLE, 0x30200073},     {"wfi", Op::Wfi, Format::None, WHOLE, 0x10500073},
    {"csrrw", Op::Csrrw, Format::Csr, FUNCT3, 0x00001073},   {"csrrs", Op::Csrrs, Format::Csr, FUNCT3, 0x00002073},
    {"csrrc", Op::Csrrc, Format::Csr, FUNCT3, 0x00003073},   {"csrrwi", Op::Csrrwi, Format::Csr, FUNCT3, 0x00005073},
    {"csrrsi", Op::Csrrsi, Format::Csr, FUNCT3, 0x00006073}, {"csrrci", Op::Csrrci, Format::Csr, FUNCT3, 0x00007073},
};

constexpr std::uint32_t bits(std::uint32_t word, unsigned low, unsigned count) {
    return (word >> low) & ((1U << count) - 1);
}
// The word's top bit is every immediate's sign (unprivileged specification 2.3).
constexpr std::int64_t sign(std::uint32_t word, unsigned shift) {
    return (word >> 31) != 0 ? -(std::int64_t{1} << shift) : 0;
}

std::int64_t immediate_of(Format format, std::uint32_t word) {
    switch (format) {
        case Format::I: return sign(word, 11) + bits(word, 20, 11);
        case Format::S: return sign(word, 11) + (bits(word, 25, 6) << 5) + bits(word, 7, 5);
        case Format::B:
            return sign(word, 12) + (bits(word, 7, 1) << 11) + (bits(word, 25, 6) << 5) + (bits(word, 8, 4) << 1);
        case Format::U: return sign(word, 31) + (bits(word, 12, 19) << 12);
        case Format::J:
            return sign(word, 20) + (bits(word, 12, 8) << 12) + (bits(word, 20, 1) << 11) + (bits(word, 21, 10) << 1);
        case Format::Shift: return bits(word, 20, 6);
        case Format::Csr: return bits(word, 20, 12);
        case Format::R:
        case Format::None: return 0;
    }
    return 0;
}

const Encoding* find_encoding(std::uint32_t word) {
    for (const auto& row : ENCODINGS)
        if ((word & row.mask) == row.match) return &row;
    return nullptr;
}

}  // namespace

std::span<const Encoding> encodings() { return ENCODINGS; }

Instruction decode(std::uint32_t word) {
    const Encoding* row = find_encoding(word);
    if (row == nullptr) return {};
    const auto field = [word](unsigned low) { return static_cast<std::uint8_t>(bits(word, low, 5)); };
    return {row->op, field(7), field(15), field(20), immediate_of(row->format, word)};
}

std::string_view name_of(Op op) {
    for (const auto& row : ENCODINGS)
        if (row.op == op) return row.name;
    return "illegal";
}

}  // namespace entresol::riscv
