// Every fused sequence against its parts: the traced loop runs the code as it is, the untraced one the copy with fused sequences.
#include "core/state/fused_code.hpp"

#include <gtest/gtest.h>

#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using state::ANY;

class StepTracer final : public Tracer {
public:
    void on_enter(const Message&, ByteView) override {}
    void on_exit(const CallResult&, std::uint64_t) override {}
    [[nodiscard]] bool wants_steps() const override { return true; }
};

struct Row {
    const char* name;
    std::uint8_t byte;
    bool jumps;
    Bytes code;
};
const std::vector<Row>& rows() {
    static const std::vector<Row> ROWS = {
#define X(byte, name, jumps, ...) {#name, byte, jumps, Bytes{__VA_ARGS__}},
        ENTRESOL_FUSED(X)
#undef X
    };
    return ROWS;
}

constexpr std::size_t TARGET = 0x20;  // of jumps: a JUMPDEST with a program after it

// [fill] PUSH32 c PUSH32 b PUSH32 a sequence MSIZE-and-stack-to-memory … At TARGET another end, so that both ways of a branch differ.
Bytes program(const Row& row, std::size_t fill, const std::vector<U256>& operands, std::uint8_t data,
              std::uint64_t at) {
    Asm start;
    start.push(TARGET + 6).op(OP_JUMP);
    Bytes code = start.build();
    code.resize(TARGET, OP_INVALID);
    // TARGET: JUMPDEST PUSH1 1 PUSH0 SSTORE STOP; then the beginning.
    const Bytes taken = {OP_JUMPDEST, OP_PUSH1, 1, OP_PUSH0, OP_SSTORE, OP_STOP};
    code.insert(code.end(), taken.begin(), taken.end());
    code.push_back(OP_JUMPDEST);
    for (std::size_t i = 0; i < fill; ++i) code.push_back(OP_ADDRESS);
    const auto append = [&](const Asm& part) {
        const Bytes bytes = part.build();
        code.insert(code.end(), bytes.begin(), bytes.end());
    };
    for (auto it = operands.rbegin(); it != operands.rend(); ++it) append(Asm().push(*it));
    bool high = true;
    for (const std::uint8_t byte : row.code) {
        if (byte != state::FusedRow::ANY) {
            code.push_back(byte);
        } else if (row.jumps) {
            const bool is_two_bytes = std::count(row.code.begin(), row.code.end(), ANY) == 2;
            code.push_back(static_cast<std::uint8_t>(high && is_two_bytes ? at >> 8 : at));
            high = false;
        } else {
            code.push_back(data);
        }
    }
    // What is left on the stack goes to memory and is returned.
    append(Asm().push(200).op({OP_MSTORE, OP_MSIZE}).push(64).op(OP_MSTORE).push(320).push(0).op(OP_RETURN));
    return code;
}

struct Outcome {
    CallResult result;
    U256 stored;
};
Outcome run(chain::Fork fork, ByteView code, std::uint64_t gas, Tracer* tracer) {
    World world(rules_of(fork), tracer);
    world.state.set_code(CONTRACT, code);
    Outcome outcome{world.call(CONTRACT, gas), {}};
    outcome.stored = world.journal->load_storage(CONTRACT, 0);
    return outcome;
}

void expect_equal(chain::Fork fork, ByteView code, std::uint64_t gas, const std::string& what) {
    StepTracer tracer;
    const Outcome parts = run(fork, code, gas, &tracer), fused = run(fork, code, gas, nullptr);
    ASSERT_EQ(fused.result.status, parts.result.status) << what;
    ASSERT_EQ(fused.result.gas_left, parts.result.gas_left) << what;
    ASSERT_EQ(fused.result.output, parts.result.output) << what;
    ASSERT_EQ(fused.result.fault.opcode, parts.result.fault.opcode) << what;
    ASSERT_EQ(fused.result.fault.stack_height, parts.result.fault.stack_height) << what;
    ASSERT_EQ(fused.stored, parts.stored) << what;
}

const std::vector<std::vector<U256>> OPERANDS = {
    {},
    {U256{5}},
    {U256{5}, U256{7}},
    {U256{7}, U256{5}, U256{9}, U256{11}, U256{13}, U256{17}},
    {U256{5}, U256{5}, U256{0}, U256{1}, U256{2}},
    {U256{0}, U256{TARGET}, U256{3}, U256{4}, U256{5}},
    {U256{TARGET}, U256{0}, U256{3}, U256{4}, U256{5}},
    {U256::max(), U256{1}, U256{2}, U256{3}, U256{64}},
    {U256{~0ULL, ~0ULL, 0, 0}, U256::max(), U256::max() - U256{9}, U256{32}, U256{7}},
};

TEST(FusedTest, AreNamedInTheCopyByTheirFirstByte) {
    for (const Row& row : rows()) {
        Bytes code = row.code;
        bool high = std::count(code.begin(), code.end(), ANY) == 2;
        for (auto& byte : code)
            if (byte == ANY) byte = std::exchange(high, false) ? 0 : TARGET;
        code.resize(TARGET, OP_STOP);
        code.push_back(OP_JUMPDEST);
        const auto made = state::make_code(code);
        EXPECT_EQ(made->fused[0], row.byte) << row.name;
        EXPECT_TRUE(std::equal(code.begin(), code.end(), made->bytes.begin())) << row.name;
        EXPECT_EQ(state::make_code(code, state::CodeUse::Initcode)->fused, made->bytes) << row.name;
        code.back() = OP_STOP;  // no destination there
        EXPECT_EQ(state::make_code(code)->fused[0] == row.byte, !row.jumps) << row.name;
    }
}

// Data of a PUSH is no instruction.
TEST(FusedTest, DataStaysWhatItIs) {
    const Bytes code = Asm().push(U256{0x6001015050565050ULL}).op(OP_STOP).build();
    const auto made = state::make_code(code);
    EXPECT_EQ(made->fused, made->bytes);
}

TEST(FusedTest, DoWhatTheirPartsDo) {
    for (const Row& row : rows())
        for (const auto& operands : OPERANDS)
            for (const std::uint8_t data : {0, 1, 31, 32, 160, 255})
                expect_equal(chain::Fork::Osaka, program(row, 0, operands, data, TARGET), 100'000, row.name);
}

TEST(FusedTest, RunOutOfGasWhereTheirPartsDo) {
    for (const Row& row : rows())
        for (std::uint64_t gas = 0; gas < 90; ++gas)
            for (const auto& operands : {OPERANDS[3], OPERANDS[6]})
                expect_equal(chain::Fork::Osaka, program(row, 0, operands, 32, TARGET), gas, row.name);
}

TEST(FusedTest, OverflowWhereTheirPartsDo) {
    for (const Row& row : rows())
        for (std::size_t fill = 1'014; fill <= 1'024; ++fill)
            for (const auto& operands : {OPERANDS[0], OPERANDS[3]})
                expect_equal(chain::Fork::Osaka, program(row, fill, operands, 32, TARGET), 100'000, row.name);
}

TEST(FusedTest, JumpOnlyToDestinations) {
    for (const Row& row : rows())
        for (const std::uint64_t at : {0x00, 0x01, 0x21, 0x22, 0x1fff, 0xffff})
            expect_equal(chain::Fork::Osaka, program(row, 0, OPERANDS[4], 32, at), 100'000, row.name);
}

TEST(FusedTest, ForksLackWhatTheyLack) {
    for (std::size_t fork = 0; fork < chain::FORK_COUNT; ++fork)
        for (const Row& row : rows()) {
            Bytes code = program(row, 0, OPERANDS[3], 32, TARGET);
            expect_equal(static_cast<chain::Fork>(fork), code, 100'000, row.name);
        }
}

// Their bytes are no opcodes of their own.
TEST(FusedTest, TheirBytesAreInvalidInCode) {
    for (const Row& row : rows()) {
        const Bytes code = {OP_PUSH1, 1, OP_PUSH1, 2, row.byte, OP_STOP};
        expect_equal(chain::Fork::Osaka, code, 1'000, row.name);
        World world(chain::Fork::Osaka);
        world.state.set_code(CONTRACT, code);
        const auto result = world.call(CONTRACT, 1'000);
        EXPECT_EQ(result.status, Status::InvalidOpcode) << row.name;
        EXPECT_EQ(result.fault.opcode, row.byte) << row.name;
        const Bytes initcode = state::make_code(code, state::CodeUse::Initcode)->fused;
        EXPECT_EQ(initcode[4], OP_INVALID) << row.name;
    }
}

}  // namespace
}  // namespace entresol::evm
