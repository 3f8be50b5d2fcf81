// Every instruction that computes, at every pair of edge values, for every way its registers can coincide; what is expected is
// computed here in 128 bits from the words of the unprivileged specification.
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "core/riscv/assemble_testing.hpp"
#include "core/riscv/machine.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

using testing::i_type;
using testing::r_type;
using testing::u_type;
using Wide = Signed128;

constexpr std::uint64_t START = 0x80000000;
constexpr std::array<std::uint64_t, 20> EDGES = {0,
                                                 1,
                                                 2,
                                                 3,
                                                 31,
                                                 32,
                                                 63,
                                                 64,
                                                 0x7f,
                                                 0x80,
                                                 0x7fffffff,
                                                 0x80000000,
                                                 0xffffffff,
                                                 0x100000000,
                                                 0x7fffffffffffffff,
                                                 0x8000000000000000,
                                                 0xffffffff80000000,
                                                 0xfffffffffffffffe,
                                                 0xffffffffffffffff,
                                                 0x123456789abcdef0};

Wide s64(std::uint64_t v) { return static_cast<Wide>(v) - ((v >> 63) != 0 ? (Wide{1} << 64) : 0); }
Wide u64(std::uint64_t v) { return static_cast<Wide>(v); }
Wide low_signed(Wide v, unsigned bits) {  // v modulo 2^bits, as a two's complement number
    const Wide modulus = Wide{1} << bits;
    Wide r = v % modulus;
    if (r < 0) r += modulus;
    return r >= modulus / 2 ? r - modulus : r;
}
Wide s32(std::uint64_t v) { return low_signed(u64(v), 32); }
Wide u32(std::uint64_t v) { return u64(v) % (Wide{1} << 32); }
Wide floor_divide(Wide a, Wide b) { return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0); }
Wide power(Wide n) { return Wide{1} << static_cast<unsigned>(n); }
std::uint64_t truncate(Wide v) { return static_cast<std::uint64_t>(v); }

// Quotients by schoolbook subtraction of magnitudes' bits: no division operator of the host has its say.
Wide magnitude_divide(Wide a, Wide b) {
    const bool negative = (a < 0) != (b < 0);
    Wide rest = a < 0 ? -a : a;
    const Wide divisor = b < 0 ? -b : b;
    Wide quotient = 0;
    for (int bit = 64; bit >= 0; --bit)
        if ((rest >> bit) >= divisor) {
            rest -= divisor << bit;
            quotient += Wide{1} << bit;
        }
    return negative ? -quotient : quotient;
}
Wide quotient(Wide a, Wide b) { return b == 0 ? Wide{-1} : magnitude_divide(a, b); }
Wide rest(Wide a, Wide b) { return b == 0 ? a : a - b * magnitude_divide(a, b); }

using Expected = std::uint64_t (*)(std::uint64_t, std::uint64_t);
struct Row {
    std::string_view name;
    Expected expected;
};
std::uint64_t word_of(Wide v) { return truncate(low_signed(v, 32)); }

const Row REGISTER_ROWS[] = {
    {"add", [](auto a, auto b) { return truncate(u64(a) + u64(b)); }},
    {"sub", [](auto a, auto b) { return truncate(u64(a) - u64(b)); }},
    {"sll", [](auto a, auto b) { return truncate(u64(a) % power(64 - b % 64) * power(b % 64)); }},
    {"slt", [](auto a, auto b) { return std::uint64_t{s64(a) < s64(b)}; }},
    {"sltu", [](auto a, auto b) { return std::uint64_t{u64(a) < u64(b)}; }},
    {"xor", [](auto a, auto b) { return (a | b) - (a & b); }},
    {"srl", [](auto a, auto b) { return truncate(u64(a) / power(b % 64)); }},
    {"sra", [](auto a, auto b) { return truncate(floor_divide(s64(a), power(b % 64))); }},
    {"or", [](auto a, auto b) { return ~(~a & ~b); }},
    {"and", [](auto a, auto b) { return ~(~a | ~b); }},
    {"addw", [](auto a, auto b) { return word_of(s32(a) + s32(b)); }},
    {"subw", [](auto a, auto b) { return word_of(s32(a) - s32(b)); }},
    {"sllw", [](auto a, auto b) { return word_of(u32(a) * power(b % 32)); }},
    {"srlw", [](auto a, auto b) { return word_of(u32(a) / power(b % 32)); }},
    {"sraw", [](auto a, auto b) { return word_of(floor_divide(s32(a), power(b % 32))); }},
    {"mul", [](auto a, auto b) { return truncate(low_signed(s64(a) * s64(b), 64)); }},
    {"mulh", [](auto a, auto b) { return truncate(floor_divide(s64(a) * s64(b), power(64))); }},
    {"mulhsu", [](auto a, auto b) { return truncate(floor_divide(s64(a) * u64(b), power(64))); }},
    {"mulhu",
     [](auto a, auto b) {  // by halves: the product of two unsigned words does not fit a signed 128
         const std::uint64_t al = a & 0xffffffff, ah = a >> 32, bl = b & 0xffffffff, bh = b >> 32;
         const Wide middle = u64(al * bl) / power(32) + u64(ah * bl) + u64(al * bh);
         return truncate(u64(ah * bh) + middle / power(32));
     }},
    {"div", [](auto a, auto b) { return truncate(low_signed(quotient(s64(a), s64(b)), 64)); }},
    {"divu", [](auto a, auto b) { return truncate(quotient(u64(a), u64(b))); }},
    {"rem", [](auto a, auto b) { return truncate(rest(s64(a), s64(b))); }},
    {"remu", [](auto a, auto b) { return truncate(rest(u64(a), u64(b))); }},
    {"mulw", [](auto a, auto b) { return word_of(s32(a) * s32(b)); }},
    {"divw", [](auto a, auto b) { return word_of(quotient(s32(a), s32(b))); }},
    {"divuw", [](auto a, auto b) { return word_of(quotient(u32(a), u32(b))); }},
    {"remw", [](auto a, auto b) { return word_of(rest(s32(a), s32(b))); }},
    {"remuw", [](auto a, auto b) { return word_of(rest(u32(a), u32(b))); }},
};
struct Paired {
    std::string_view name, like;
};
constexpr Paired IMMEDIATE_ROWS[] = {{"addi", "add"}, {"slti", "slt"}, {"sltiu", "sltu"}, {"xori", "xor"},
                                     {"ori", "or"},   {"andi", "and"}, {"addiw", "addw"}};
struct Shift {
    std::string_view name, like;
    int amounts;
};
constexpr Shift SHIFT_ROWS[] = {{"slli", "sll", 64},   {"srli", "srl", 64},   {"srai", "sra", 64},
                                {"slliw", "sllw", 32}, {"srliw", "srlw", 32}, {"sraiw", "sraw", 32}};

Expected expected_of(std::string_view name) {
    for (const auto& row : REGISTER_ROWS)
        if (row.name == name) return row.expected;
    CHECK(false);
    return nullptr;
}

Machine machine_at(std::uint64_t pc, std::uint32_t word) {
    Machine machine{{}, Memory(64)};
    machine.hart.pc = pc;
    machine.memory.store(pc, 4, word);
    return machine;
}
// One step; everything but rd and pc stays.
void expect_result(Machine machine, unsigned rd, std::uint64_t value, const std::string& what) {
    Hart expected = machine.hart;
    expected.pc += 4;
    if (rd != 0) expected.x[rd] = value;
    ASSERT_EQ(run(machine, 1), 1U);
    ASSERT_EQ(machine.hart, expected) << what << " gave " << machine.hart.x[rd] << " for " << value;
}

TEST(Instructions, RegisterRegisterAtEdgeValues) {
    struct Registers {
        unsigned rd, rs1, rs2;
    };
    constexpr Registers WAYS[] = {{5, 6, 7}, {5, 5, 7}, {5, 6, 5}, {5, 6, 6},
                                  {5, 5, 5}, {0, 6, 7}, {5, 0, 7}, {31, 30, 0}};
    for (const auto& row : REGISTER_ROWS)
        for (const auto& way : WAYS)
            for (const std::uint64_t a : EDGES)
                for (const std::uint64_t b : EDGES) {
                    auto machine = machine_at(START, r_type(row.name, way.rd, way.rs1, way.rs2));
                    auto& x = machine.hart.x;
                    if (way.rs1 != 0) x[way.rs1] = a;
                    if (way.rs2 != 0) x[way.rs2] = b;
                    const std::uint64_t value = row.expected(x[way.rs1], x[way.rs2]);
                    ASSERT_NO_FATAL_FAILURE(expect_result(std::move(machine), way.rd, value, std::string(row.name)));
                }
}

TEST(Instructions, ImmediatesAtEdgeValues) {
    for (const auto& row : IMMEDIATE_ROWS)
        for (const std::int32_t imm : {0, 1, 2, 31, 63, 1023, 2047, -1, -2, -1024, -2047, -2048})
            for (const std::uint64_t a : EDGES)
                for (const unsigned rd : {0U, 5U, 6U}) {
                    auto machine = machine_at(START, i_type(row.name, rd, 6, imm));
                    machine.hart.x[6] = a;
                    const std::uint64_t b = truncate(low_signed(imm, 64));
                    ASSERT_NO_FATAL_FAILURE(
                        expect_result(std::move(machine), rd, expected_of(row.like)(a, b), std::string(row.name)));
                }
}

TEST(Instructions, ShiftsByEveryAmount) {
    for (const auto& row : SHIFT_ROWS)
        for (int amount = 0; amount < row.amounts; ++amount)
            for (const std::uint64_t a : EDGES) {
                auto machine = machine_at(START, i_type(row.name, 5, 6, amount));
                machine.hart.x[6] = a;
                const std::uint64_t value = expected_of(row.like)(a, static_cast<std::uint64_t>(amount));
                ASSERT_NO_FATAL_FAILURE(expect_result(std::move(machine), 5, value, std::string(row.name)));
            }
}

TEST(Instructions, UpperImmediates) {
    for (const std::uint64_t pc : {std::uint64_t{0}, START, std::uint64_t{0xfffffffffffffff8}})
        for (const std::uint32_t upper : {0U, 1U, 0x7ffffU, 0x80000U, 0xfffffU})
            for (const unsigned rd : {0U, 5U}) {
                const Wide value = low_signed(Wide{upper} * 4096, 32);
                ASSERT_NO_FATAL_FAILURE(
                    expect_result(machine_at(pc, u_type("lui", rd, upper)), rd, truncate(value), "lui"));
                ASSERT_NO_FATAL_FAILURE(
                    expect_result(machine_at(pc, u_type("auipc", rd, upper)), rd, truncate(u64(pc) + value), "auipc"));
            }
}

}  // namespace
}  // namespace entresol::riscv
