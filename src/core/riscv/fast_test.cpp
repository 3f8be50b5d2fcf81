// The fast run beside step(): the same states after every chunk of steps, on programs that meet everything.
#include "core/riscv/fast_run.hpp"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/calls_testing.hpp"
#include "core/riscv/random_states_testing.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

using namespace testing;
using Random = std::mt19937_64;

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
constexpr int PROGRAMS = 300;
#else
constexpr int PROGRAMS = 6000;
#endif

constexpr std::uint64_t CODE = 0x80000f00;  // the page's end is near
constexpr std::uint64_t DATA = 0x90000000;

void expect_same_pages(Machine& a, Machine& b) {
    auto written = a.memory.take_written();
    auto expected = b.memory.take_written();
    std::sort(written.begin(), written.end());
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(written, expected);
    for (const auto index : written) ASSERT_EQ(*a.memory.find_page(index), *b.memory.find_page(index)) << index;
}

// Chunks of all lengths, among them 0 and 1; between them roots are taken and words written from outside.
void compare_runs(Machine& fast, Machine& slow, Random& random, std::uint64_t total) {
    FastRunner runner(fast);
    for (std::uint64_t done = 0; done < total;) {
        const std::uint64_t chunk = random() % (std::uint64_t{1} << random() % 12);
        const std::uint64_t made = runner.run(chunk);
        ASSERT_EQ(made, run(slow, chunk));
        ASSERT_EQ(fast.hart, slow.hart);
        ASSERT_EQ(fast.missing.has_value(), slow.missing.has_value());
        ASSERT_EQ(fast.memory.is_exhausted(), slow.memory.is_exhausted());
        if (random() % 4 == 0) expect_same_pages(fast, slow);
        if (random() % 8 == 0) {
            const std::uint64_t at = fast.hart.pc + 4 * (random() % 8);
            const std::uint32_t word = some_word(random);
            fast.memory.store(at, 4, word);
            slow.memory.store(at, 4, word);
        }
        done += made + 1;
    }
    expect_same_pages(fast, slow);
}

// Anything anywhere: both ends of memory, traps, handlers, ends.
void put_anything(Machine& machine, Random random) {
    machine.hart = some_hart(random);
    write_places(machine.memory, random);
    for (const auto place : PLACES)
        for (std::uint64_t i = 0; i < 32; ++i) machine.memory.store(place + 4 * i - 64, 4, some_word(random));
}

std::uint32_t some_computation(Random& random) {
    const auto& row = encodings()[random() % encodings().size()];
    const auto any = [&random] { return static_cast<unsigned>(random() % 28 + 4); };
    const auto offset = static_cast<std::int32_t>(random() % 256 * 8);
    const unsigned base = random() % 16 == 0 ? 2 : 1;  // x1: data, x2: the program itself
    switch (row.format) {
        case Format::R: return r_type(row.name, any(), any(), any());
        case Format::U: return u_type(row.name, any(), static_cast<std::uint32_t>(random()) & 0xfffff);
        case Format::S: return s_type(row.name, base, any(), base == 2 ? offset % 512 : offset);
        case Format::B: return b_type(row.name, any(), any(), static_cast<std::int32_t>(random() % 65) * 4 - 128);
        case Format::J: return j_type(row.name, any(), static_cast<std::int32_t>(random() % 65) * 4 - 128);
        case Format::Shift: return i_type(row.name, any(), any(), static_cast<std::int32_t>(random() % 32));
        case Format::I:
            if (row.op == Op::Jalr) return i_type(row.name, any(), 2, offset % 512 & ~3);
            if (row.op < Op::Addi) return i_type(row.name, any(), base, offset);
            return i_type(row.name, any(), any(), static_cast<std::int32_t>(random() % 4096) - 2048);
        case Format::Csr: return row.match | 0x340U << 20 | any() << 7 | any() << 15;
        case Format::None: return row.op == Op::Mret ? row.match : 0x13;
    }
    return 0;
}

// Long runs: loops, calls, stores into the code that runs, across a page's end.
void put_program(Machine& machine, Random random) {
    for (auto& x : machine.hart.x) x = some_value(random);
    machine.hart.x[0] = 0;
    machine.hart.x[1] = DATA;
    machine.hart.x[2] = CODE;
    machine.hart.pc = machine.hart.mtvec = machine.hart.mepc = CODE;
    for (std::uint64_t i = 0; i < 200; ++i) machine.memory.store(CODE + 4 * i, 4, some_computation(random));
    machine.memory.store(CODE + 800, 4, j_type("jal", 0, -800));
}

// An ecall with arguments near the data, now and then over the program itself. How many words it takes.
std::uint64_t put_call_at(Machine& machine, std::uint64_t at, Random& random) {
    const auto numbers = call_numbers();
    const auto number = static_cast<std::int32_t>(numbers[random() % numbers.size()]);
    const unsigned out = random() % 8 == 0 ? 2 : 1;
    const auto offset = [&random] { return static_cast<std::int32_t>(random() % 250 * 8); };
    const auto* rule = find_length_rule(static_cast<std::uint64_t>(number));
    const std::uint32_t second = rule == nullptr ? i_type("addi", 12, number < 0x200 ? 1 : 0, offset() % 64)
                                                 : i_type("addi", 12, 0, static_cast<std::int32_t>(rule->unit));
    const std::uint32_t words[] = {i_type("addi", A7, 0, number),
                                   i_type("addi", A0, out, out == 2 ? offset() % 800 : offset()),
                                   i_type("addi", 11, 1, offset()),
                                   second,
                                   i_type("addi", 13, 0, 1),
                                   i_type("addi", 14, 0, 1),
                                   match_of("ecall")};
    for (std::uint64_t i = 0; i < std::size(words); ++i) machine.memory.store(at + 4 * i, 4, words[i]);
    return std::size(words);
}

TEST(Fast, CallsAmongInstructions) {
    for (int seed = 0; seed < PROGRAMS / 8 && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Random random(static_cast<std::uint64_t>(seed));
        const std::size_t max_pages = seed % 8 == 0 ? 3 : 64;
        Machine fast{{}, Memory(max_pages)}, slow{{}, Memory(max_pages)};
        for (Machine* machine : {&fast, &slow}) {
            Random same(static_cast<std::uint64_t>(seed) + 1);
            put_program(*machine, same);
            for (std::uint64_t i = 0; i < 190; i += 1 + same() % 40) i += put_call_at(*machine, CODE + 4 * i, same);
        }
        compare_runs(fast, slow, random, 2000);
    }
}

TEST(Fast, AnythingAnywhere) {
    for (int seed = 0; seed < PROGRAMS && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Random random(static_cast<std::uint64_t>(seed));
        const std::size_t max_pages = seed % 8 == 0 ? 14 : 64;
        Machine fast{{}, Memory(max_pages)}, slow{{}, Memory(max_pages)};
        put_anything(fast, random);
        put_anything(slow, random);
        compare_runs(fast, slow, random, 200);
    }
}

TEST(Fast, ProgramsThatRunLong) {
    for (int seed = 0; seed < PROGRAMS / 4 && !HasFatalFailure(); ++seed) {
        SCOPED_TRACE(seed);
        Random random(static_cast<std::uint64_t>(seed));
        Machine fast{{}, Memory(4096)}, slow{{}, Memory(4096)};
        put_program(fast, random);
        put_program(slow, random);
        compare_runs(fast, slow, random, 6000);
    }
}

// A loop of three instructions whose first is stored anew each time round, by the other of two words.
TEST(Fast, AStoreToTheNextInstructionIsSeen) {
    for (std::uint64_t steps = 0; steps < 400; ++steps) {
        Machine machine{{}, Memory(8)};
        machine.hart.pc = CODE;
        machine.hart.x[2] = CODE;
        machine.hart.x[5] = i_type("addi", 7, 7, 1);
        machine.hart.x[6] = machine.hart.x[5] ^ i_type("addi", 7, 7, 100);
        const std::uint32_t words[] = {r_type("xor", 5, 5, 6), s_type("sw", 2, 5, 8), 0x13, j_type("jal", 0, -12)};
        for (std::uint64_t i = 0; i < 4; ++i) machine.memory.store(CODE + 4 * i, 4, words[i]);
        ASSERT_EQ(FastRunner(machine).run(steps), steps);
        const std::uint64_t adds = (steps + 1) / 4;
        ASSERT_EQ(machine.hart.x[7], (adds + 1) / 2 * 100 + adds / 2) << steps;
        ASSERT_EQ(machine.hart.pc, CODE + 4 * (steps % 4));
    }
}

TEST(Fast, TheLargestBudgetEndsAtTheProgramsEnd) {
    Machine machine{{}, Memory(8)};
    machine.hart.pc = CODE;
    machine.hart.x[A7] = EXIT_CALL;
    machine.memory.store(CODE, 4, match_of("ecall"));
    FastRunner runner(machine);
    EXPECT_EQ(runner.run(~std::uint64_t{0}), 1U);
    EXPECT_EQ(runner.run(~std::uint64_t{0}), 0U);
    EXPECT_EQ(machine.hart.status, Status::Exited);
}

}  // namespace
}  // namespace entresol::riscv
