#include "core/riscv/csr.hpp"

namespace entresol::riscv {
namespace {

struct Stored {
    std::uint32_t number;
    std::uint64_t Hart::* word;
    std::uint64_t writable;
};
constexpr std::uint64_t ALL = ~std::uint64_t{0};
constexpr std::uint64_t ALIGNED = ~std::uint64_t{3};  // direct mode alone; no compressed instructions
constexpr Stored STORED[] = {
    {0x305, &Hart::mtvec, ALIGNED}, {0x340, &Hart::mscratch, ALL}, {0x341, &Hart::mepc, ALIGNED},
    {0x342, &Hart::mcause, ALL},    {0x343, &Hart::mtval, ALL},
};

struct Constant {
    std::uint32_t number;
    std::uint64_t value;
};
constexpr std::uint64_t RV64IM = (std::uint64_t{2} << 62) | (1U << ('I' - 'A')) | (1U << ('M' - 'A'));
constexpr Constant CONSTANTS[] = {
    {0x300, 0x1800},  // mstatus: MPP is M, nothing else
    {0x301, RV64IM},  // misa
    {0x304, 0},       // mie: no interrupts
    {0x344, 0},       // mip
    {0xf11, 0},       // mvendorid
    {0xf12, 0},       // marchid
    {0xf13, 0},       // mimpid
    {0xf14, 0},       // mhartid
};

}  // namespace

std::optional<std::uint64_t> read_csr(const Hart& hart, std::uint32_t number) {
    for (const auto& row : STORED)
        if (row.number == number) return hart.*row.word;
    for (const auto& row : CONSTANTS)
        if (row.number == number) return row.value;
    return std::nullopt;
}

bool write_csr(Hart& hart, std::uint32_t number, std::uint64_t value) {
    constexpr std::uint32_t READ_ONLY = 0xc00;
    if ((number & READ_ONLY) == READ_ONLY) return false;
    for (const auto& row : STORED)
        if (row.number == number) {
            hart.*row.word = value & row.writable;
            return true;
        }
    for (const auto& row : CONSTANTS)
        if (row.number == number) return true;
    return false;
}

}  // namespace entresol::riscv
