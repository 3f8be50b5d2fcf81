// Branches, jumps, loads, stores, traps, control registers, the end of a program; and which words are instructions at all.
#include <set>

#include <gtest/gtest.h>

#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/machine.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

using namespace testing;

constexpr std::uint64_t START = 0x80000000;
constexpr std::uint64_t HANDLER = 0x90000000;

Machine machine_with(std::uint32_t word) {
    Machine machine{{}, Memory(64)};
    machine.hart.pc = START;
    machine.memory.store(START, 4, word);
    return machine;
}

TEST(Control, BranchesCompareAsTheirNamesSay) {
    struct Row {
        const char* name;
        bool (*taken)(std::uint64_t, std::uint64_t);
    };
    // The order of signed numbers is that of unsigned ones with the sign bit turned.
    constexpr std::uint64_t TURN = std::uint64_t{1} << 63;
    const Row rows[] = {{"beq", [](auto a, auto b) { return (a ^ b) == 0; }},
                        {"bne", [](auto a, auto b) { return (a ^ b) != 0; }},
                        {"blt", [](auto a, auto b) { return (a ^ TURN) < (b ^ TURN); }},
                        {"bge", [](auto a, auto b) { return (a ^ TURN) >= (b ^ TURN); }},
                        {"bltu", [](auto a, auto b) { return a < b; }},
                        {"bgeu", [](auto a, auto b) { return a >= b; }}};
    for (const auto& row : rows)
        for (const std::uint64_t a : {std::uint64_t{0}, std::uint64_t{1}, TURN - 1, TURN, ~std::uint64_t{0}})
            for (const std::uint64_t b : {std::uint64_t{0}, std::uint64_t{1}, TURN - 1, TURN, ~std::uint64_t{0}})
                for (const std::int32_t offset : {-4096, -4, 0, 8, 2048, 4092, 2, -2}) {
                    auto machine = machine_with(b_type(row.name, 5, 6, offset));
                    machine.hart.x[5] = a;
                    machine.hart.x[6] = b;
                    Hart expected = machine.hart;
                    const std::uint64_t target = START + static_cast<std::uint64_t>(std::int64_t{offset});
                    if (!row.taken(a, b)) {
                        expected.pc = START + 4;
                    } else if (offset % 4 == 0) {
                        expected.pc = target;
                    } else {
                        expected.status = Status::Trapped;
                        expected.mepc = START;
                        expected.mtval = target;
                    }
                    (void)run(machine, 1);
                    ASSERT_EQ(machine.hart, expected) << row.name << " " << a << " " << b << " " << offset;
                }
}

TEST(Control, JumpsLinkAndClearTheLowestBit) {
    for (const std::int32_t offset : {-1048576, -4, 0, 4, 2048, 4096, 1048572}) {
        auto machine = machine_with(j_type("jal", 1, offset));
        (void)run(machine, 1);
        EXPECT_EQ(machine.hart.pc, START + static_cast<std::uint64_t>(std::int64_t{offset}));
        EXPECT_EQ(machine.hart.x[1], START + 4);
    }
    auto machine = machine_with(i_type("jalr", 5, 5, -3));  // rd is rs1: the old value decides
    machine.hart.x[5] = 0x1004;
    (void)run(machine, 1);
    EXPECT_EQ(machine.hart.pc, 0x1000U);
    EXPECT_EQ(machine.hart.x[5], START + 4);
}

TEST(Control, AMisalignedTargetTrapsAtTheJumpAndLinksNothing) {
    for (const bool by_register : {false, true}) {
        auto machine = machine_with(by_register ? i_type("jalr", 1, 5, 3) : j_type("jal", 1, 6));
        machine.hart.x[5] = START + 4;
        machine.hart.mtvec = HANDLER;
        (void)run(machine, 1);
        EXPECT_EQ(machine.hart.x[1], 0U);
        EXPECT_EQ(machine.hart.pc, HANDLER);
        EXPECT_EQ(machine.hart.mepc, START);
        EXPECT_EQ(machine.hart.mtval, START + 6);
        EXPECT_EQ(machine.hart.mcause, 0U);
    }
}

TEST(Control, LoadsAndStoresOfEveryWidthAtEveryAlignment) {
    struct Row {
        const char *load, *load_unsigned, *store;
        unsigned bytes;
    };
    constexpr Row ROWS[] = {
        {"lb", "lbu", "sb", 1}, {"lh", "lhu", "sh", 2}, {"lw", "lwu", "sw", 4}, {"ld", "ld", "sd", 8}};
    constexpr std::uint8_t PATTERN[16] = {0x81, 0x7f, 0xff, 0x80, 0x01, 0xfe, 0x7e, 0x9c,
                                          0x12, 0x34, 0xf6, 0x78, 0x9a, 0xbc, 0xde, 0xf0};
    // The last sixteen bytes of a page, and of the address space; the offset goes below and above the base.
    for (const std::uint64_t base : {std::uint64_t{0x1ff0}, ~std::uint64_t{0} - 15})
        for (const auto& row : ROWS)
            for (std::uint64_t at = 0; at + row.bytes <= 16; ++at)
                for (const std::int32_t offset : {0, 2047, -2048}) {
                    const std::uint64_t address = base + at;
                    const std::uint64_t rs1 = address - static_cast<std::uint64_t>(std::int64_t{offset});
                    for (const bool is_signed : {false, true}) {
                        auto machine = machine_with(i_type(is_signed ? row.load : row.load_unsigned, 7, 6, offset));
                        machine.memory.write(base, PATTERN);
                        machine.hart.x[6] = rs1;
                        (void)run(machine, 1);
                        if (at % row.bytes != 0) {
                            EXPECT_EQ(machine.hart.mcause, 4U);
                            EXPECT_EQ(machine.hart.mtval, address);
                            EXPECT_EQ(machine.hart.status, Status::Trapped);
                            continue;
                        }
                        std::uint64_t expected = 0;
                        for (unsigned i = row.bytes; i-- > 0;) expected = expected * 256 + PATTERN[at + i];
                        if (is_signed && row.bytes < 8 && PATTERN[at + row.bytes - 1] >= 0x80)
                            expected -= std::uint64_t{1} << (8 * row.bytes);
                        EXPECT_EQ(machine.hart.x[7], expected) << row.load << " at " << at;
                    }
                    auto machine = machine_with(s_type(row.store, 6, 7, offset));
                    machine.memory.write(base, PATTERN);
                    machine.hart.x[6] = rs1;
                    machine.hart.x[7] = 0x0123456789abcdef;
                    (void)run(machine, 1);
                    EXPECT_EQ(machine.hart.mcause, at % row.bytes == 0 ? 0U : 6U);
                    for (std::uint64_t i = 0; i < 16; ++i) {
                        const bool written = at % row.bytes == 0 && i >= at && i < at + row.bytes;
                        const std::uint64_t byte =
                            written ? (0x0123456789abcdefU >> (8 * (i - at))) & 0xff : PATTERN[i];
                        EXPECT_EQ(machine.memory.load(base + i, 1), byte) << row.store << " at " << at;
                    }
                }
}

TEST(Control, ExitKeepsThePlaceAndNothingHappensAfter) {
    auto machine = machine_with(match_of("ecall"));
    machine.hart.x[17] = 93;
    machine.hart.x[10] = 42;
    EXPECT_EQ(run(machine, 100), 1U);
    EXPECT_EQ(machine.hart.status, Status::Exited);
    EXPECT_EQ(machine.hart.exit_code, 42U);
    EXPECT_EQ(machine.hart.pc, START);
    const Hart before = machine.hart;
    step(machine);
    EXPECT_EQ(machine.hart, before);
}

TEST(Control, TrapsGoToTheHandlerOrStop) {
    struct Row {
        std::uint32_t word;
        std::uint64_t cause, value;
    };
    const Row rows[] = {
        {match_of("ecall"), 11, 0}, {match_of("ebreak"), 3, START}, {0, 2, 0}, {0xffffffff, 2, 0xffffffff}};
    for (const auto& row : rows)
        for (const std::uint64_t handler : {std::uint64_t{0}, HANDLER}) {
            auto machine = machine_with(row.word);
            machine.hart.mtvec = handler;
            Hart expected = machine.hart;
            expected.mepc = START;
            expected.mcause = row.cause;
            expected.mtval = row.value;
            if (handler == 0)
                expected.status = Status::Trapped;
            else
                expected.pc = handler;
            (void)run(machine, 1);
            EXPECT_EQ(machine.hart, expected) << row.word;
        }
}

TEST(Control, ControlRegisters) {
    auto machine = machine_with(i_type("csrrw", 5, 6, 0x341));  // mepc
    machine.hart.mepc = 0x100;
    machine.hart.x[6] = 0x1237;
    (void)run(machine, 1);
    EXPECT_EQ(machine.hart.x[5], 0x100U);
    EXPECT_EQ(machine.hart.mepc, 0x1234U);  // the low bits are not there

    auto set = machine_with(i_type("csrrs", 5, 6, 0x340));  // mscratch
    set.hart.mscratch = 0xf0;
    set.hart.x[6] = 0x0f;
    (void)run(set, 1);
    EXPECT_EQ(set.hart.mscratch, 0xffU);

    auto clear = machine_with(i_type("csrrci", 5, 3, 0x340));
    clear.hart.mscratch = 0xff;
    (void)run(clear, 1);
    EXPECT_EQ(clear.hart.mscratch, 0xfcU);

    auto id = machine_with(i_type("csrrs", 5, 0, 0xf14));  // csrr mhartid
    id.hart.x[5] = 7;
    (void)run(id, 1);
    EXPECT_EQ(id.hart.x[5], 0U);
    EXPECT_EQ(id.hart.status, Status::Running);

    // Written though read-only, and unknown.
    for (const std::uint32_t word : {i_type("csrrw", 5, 0, 0xf14 - 0x1000), i_type("csrrs", 5, 0, 0x180)}) {
        auto illegal = machine_with(word);
        illegal.hart.x[5] = 7;
        (void)run(illegal, 1);
        EXPECT_EQ(illegal.hart.mcause, 2U);
        EXPECT_EQ(illegal.hart.mtval, word);
        EXPECT_EQ(illegal.hart.x[5], 7U);
    }

    auto back = machine_with(match_of("mret"));
    back.hart.mepc = 0x4000;
    (void)run(back, 1);
    EXPECT_EQ(back.hart.pc, 0x4000U);
}

TEST(Decode, NoWordIsTwoInstructions) {
    for (const auto& a : encodings())
        for (const auto& b : encodings()) {
            if (&a == &b) continue;
            EXPECT_NE(a.match & b.mask & a.mask, b.match & a.mask & b.mask) << a.name << " and " << b.name;
        }
}

TEST(Decode, EveryOpcodeAndFunctionOutsideTheTableIsIllegal) {
    // opcode × funct3 × funct7 of RV64IM, counted from the specification's listing, with rs2, rs1, rd zero.
    std::set<Op> seen;
    std::uint64_t legal = 0;
    for (std::uint32_t opcode = 0; opcode < 128; ++opcode)
        for (std::uint32_t funct3 = 0; funct3 < 8; ++funct3)
            for (std::uint32_t funct7 = 0; funct7 < 128; ++funct7) {
                const Instruction i = decode(opcode | funct3 << 12 | funct7 << 25);
                if (i.op == Op::Illegal) continue;
                ++legal;
                seen.insert(i.op);
            }
    // lui, auipc, jal: 1024 each; jalr 128; 6 branches, 7 loads, 4 stores, 6 immediates, addiw, 2 fences, 6 CSR: 128 each;
    // six-bit shifts: 2 each; five-bit shifts, register instructions: 1 each; ecall: 1.
    EXPECT_EQ(legal, 3 * 1024U + 128 * (1 + 6 + 7 + 4 + 6 + 1 + 2 + 6) + 3 * 2 + 3 + 28 + 1);
    EXPECT_EQ(seen.size(), encodings().size() - 3);  // ebreak, mret and wfi have other bits set
}

}  // namespace
}  // namespace entresol::riscv
