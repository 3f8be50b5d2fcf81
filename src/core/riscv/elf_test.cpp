#include "core/riscv/elf.hpp"

#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>

#include "core/base/endian.hpp"
#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

constexpr std::size_t ROW = 64;  // the first program header
constexpr std::size_t CODE = 256;

// One segment at 0x10000 with two words of code and a page of bss: li a7, 93; ecall.
Bytes make_elf() {
    Bytes file(CODE + 8);
    const std::uint8_t ident[] = {0x7f, 'E', 'L', 'F', 2, 1, 1};
    std::copy(std::begin(ident), std::end(ident), file.begin());
    file[16] = 2;
    file[18] = 243;
    store_le64(&file[24], 0x10000);  // entry
    store_le64(&file[32], ROW);
    file[54] = 56;
    file[56] = 1;
    store_le32(&file[ROW], 1);
    store_le64(&file[ROW + 8], CODE);
    store_le64(&file[ROW + 16], 0x10000);
    store_le64(&file[ROW + 32], 8);
    store_le64(&file[ROW + 40], 8 + 4096);
    store_le32(&file[CODE], testing::i_type("addi", A7, 0, 93));
    store_le32(&file[CODE + 4], testing::match_of("ecall"));
    return file;
}

TEST(Elf, LoadsAndRuns) {
    auto machine = load_elf(make_elf(), 16);
    ASSERT_TRUE(machine);
    EXPECT_EQ(machine->hart.pc, 0x10000U);
    EXPECT_EQ(run(*machine, 10), 2U);
    EXPECT_EQ(machine->hart.status, Status::Exited);
    EXPECT_EQ(machine->memory.pages(), 1U);  // bss costs nothing until it is written
}

TEST(Elf, RefusesWhatItCannotTrust) {
    struct Row {
        std::size_t at;
        std::uint64_t value;
        ElfError error;
    };
    const std::uint64_t huge = ~std::uint64_t{0};
    const Row rows[] = {{24, 0x10002, ElfError::BadEntry},           {32, huge, ElfError::BadHeader},
                        {32, CODE + 8, ElfError::BadHeader},         {ROW + 8, huge, ElfError::BadSegment},
                        {ROW + 8, CODE + 1, ElfError::BadSegment},   {ROW + 32, huge, ElfError::BadSegment},
                        {ROW + 40, 7, ElfError::BadSegment},         {ROW + 40, huge, ElfError::BadSegment},
                        {ROW + 16, huge - 100, ElfError::BadSegment}};
    for (const auto& row : rows) {
        auto file = make_elf();
        store_le64(&file[row.at], row.value);
        const auto result = load_elf(file, 16);
        ASSERT_FALSE(result) << row.at;
        EXPECT_EQ(result.error(), row.error) << row.at;
    }
    auto interpreted = make_elf();
    interpreted[ROW] = 3;
    EXPECT_EQ(load_elf(interpreted, 16).error(), ElfError::NotStatic);
    auto arm = make_elf();
    arm[18] = 183;
    EXPECT_EQ(load_elf(arm, 16).error(), ElfError::NotRv64);
    EXPECT_EQ(load_elf(make_elf(), 0).error(), ElfError::TooLarge);
    const auto whole = make_elf();
    for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(load_elf(ByteView(whole).first(size), 16));
}

}  // namespace
}  // namespace entresol::riscv
