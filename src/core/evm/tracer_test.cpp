// What a tracer is told: frames, steps and their costs; and that looking changes nothing.
#include <gtest/gtest.h>

#include "core/evm/assembler_testing.hpp"

namespace entresol::evm {
namespace {

using namespace testing;  // NOLINT
using chain::Fork;

/// Writes down everything.
class Recorder final : public Tracer {
public:
    void on_enter(const Message& message, ByteView code) override {
        lines.push_back("enter " + std::to_string(static_cast<int>(message.kind)) + " depth " +
                        std::to_string(message.depth) + " gas " + std::to_string(message.gas) + " code " +
                        std::to_string(code.size()));
    }
    void on_exit(const CallResult& result, std::uint64_t gas_used) override {
        lines.push_back(std::string("exit ") + to_string(result.status) + " used " + std::to_string(gas_used) +
                        " output " + std::to_string(result.output.size()));
    }
    [[nodiscard]] bool wants_steps() const override { return steps; }
    void on_step(const Step& step) override {
        lines.push_back(std::to_string(step.pc) + " " + name(step.opcode) + " gas " + std::to_string(step.gas) +
                        " stack " + std::to_string(step.stack.size()) + " top " +
                        (step.stack.empty() ? "-" : to_decimal(step.stack.back())) + " memory " +
                        std::to_string(step.memory.size()));
    }
    void on_step_result(std::uint64_t gas_cost, Status status) override {
        lines.push_back("cost " + std::to_string(gas_cost) + " " + to_string(status));
    }
    void on_self_destruct(const Address&, const Address&, const U256& balance) override {
        lines.push_back("destroyed with " + to_decimal(balance));
    }
    void on_log(const chain::Log& log) override { lines.push_back("log of " + std::to_string(log.topics.size())); }

    bool steps = true;
    std::vector<std::string> lines;

private:
    static std::string name(std::uint8_t opcode) { return opcode_name(opcode) != nullptr ? opcode_name(opcode) : "?"; }
};
using Lines = std::vector<std::string>;

TEST(Tracer, sees_steps_before_and_costs_after) {
    Recorder recorder;
    World world(rules_of(Fork::Osaka), &recorder);
    (void)world.run_code(Asm().push(5).push(0).op({OP_MSTORE, OP_STOP}), 100);
    EXPECT_EQ(recorder.lines, (Lines{
                                  "enter 0 depth 0 gas 100 code 6",
                                  "0 PUSH1 gas 100 stack 0 top - memory 0",
                                  "cost 3 Success",
                                  "2 PUSH1 gas 97 stack 1 top 5 memory 0",
                                  "cost 3 Success",
                                  "4 MSTORE gas 94 stack 2 top 0 memory 0",
                                  "cost 6 Success",
                                  "5 STOP gas 88 stack 0 top - memory 32",
                                  "cost 0 Success",
                                  "exit Success used 12 output 0",
                              }));
}

TEST(Tracer, sees_a_call_before_the_callee_and_the_gas_it_gives) {
    Recorder recorder;
    World world(rules_of(Fork::Osaka), &recorder);
    world.put(OTHER, Asm().op(OP_STOP));
    (void)world.run_code(
        Asm().op({OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0}).push(OTHER).push(500).op({OP_STATICCALL, OP_STOP}), 10'000);
    const auto at = std::find_if(recorder.lines.begin(), recorder.lines.end(),
                                 [](const auto& l) { return l.find("STATICCALL") != l.npos; });
    const Lines rest(at, recorder.lines.end());
    EXPECT_EQ(rest, (Lines{
                        "13 STATICCALL gas 9986 stack 6 top 500 memory 0",
                        "cost 3100 Success",
                        "enter 3 depth 1 gas 500 code 1",
                        "0 STOP gas 500 stack 0 top - memory 0",
                        "cost 0 Success",
                        "exit Success used 0 output 0",
                        "14 STOP gas 7386 stack 1 top 1 memory 0",
                        "cost 0 Success",
                        "exit Success used 2614 output 0",
                    }));
}

TEST(Tracer, sees_frames_that_never_ran) {
    Recorder recorder;
    recorder.steps = false;
    World world(rules_of(Fork::Osaka), &recorder);
    const Asm call = Asm().op({OP_PUSH0, OP_PUSH0, OP_PUSH0, OP_PUSH0});
    (void)world.run_code(Asm()
                             .append(call)
                             .push(7)
                             .push(OTHER)
                             .push(100)
                             .op(OP_CALL)  // too poor
                             .append(call)
                             .push(9)
                             .push(100)
                             .op(OP_STATICCALL)  // a precompile that fails
                             .append(call)
                             .push(ALICE)
                             .push(100)
                             .op(OP_STATICCALL)  // no code
                             .push(0)
                             .push(0)
                             .push(1)
                             .op(OP_CREATE)
                             .push(0)
                             .push(0)
                             .op(OP_LOG0)
                             .push(ALICE)
                             .op(OP_SELFDESTRUCT));
    ASSERT_EQ(recorder.lines.size(), 12U);
    EXPECT_EQ(recorder.lines[1], "enter 0 depth 1 gas 2400 code 0");
    EXPECT_EQ(recorder.lines[2], "exit InsufficientBalance used 0 output 0");
    EXPECT_EQ(recorder.lines[3], "enter 3 depth 1 gas 100 code 0");
    EXPECT_EQ(recorder.lines[4], "exit PrecompileFailure used 100 output 0");
    EXPECT_EQ(recorder.lines[5], "enter 3 depth 1 gas 100 code 0");
    EXPECT_EQ(recorder.lines[6], "exit Success used 0 output 0");
    EXPECT_EQ(recorder.lines[8], "exit InsufficientBalance used 0 output 0");
    EXPECT_EQ(recorder.lines[9], "log of 0");
    EXPECT_EQ(recorder.lines[10], "destroyed with 0");
}

TEST(Tracer, sees_the_step_that_fails) {
    const std::pair<Asm, std::string> cases[] = {
        {Asm().op(OP_ADD), "cost 0 StackUnderflow"},
        {Asm().op(0x0c), "cost 0 InvalidOpcode"},
        {Asm().push(9).op(OP_JUMP), "cost 8 BadJump"},
        {Asm().op({OP_PUSH0, OP_PUSH0, OP_REVERT}), "cost 0 Revert"},
        {Asm().push(1).push(1).op(OP_SSTORE), "cost 0 OutOfGas"},
        {Asm().push(60'000).op(OP_MLOAD), "cost 12504 OutOfGas"},
        {Asm().op(OP_INVALID), "cost 0 InvalidOpcode"},
    };
    for (const auto& [code, line] : cases) {
        Recorder recorder;
        World world(rules_of(Fork::Osaka), &recorder);
        (void)world.run_code(code, 1'000);
        ASSERT_GE(recorder.lines.size(), 2U);
        EXPECT_EQ(recorder.lines[recorder.lines.size() - 2], line);
    }
}

/// Steps may be wanted in some frames only: the interpreter changes its instantiation between them.
class EveryOtherFrame final : public Tracer {
public:
    void on_enter(const Message&, ByteView) override { ++frames; }
    void on_exit(const CallResult&, std::uint64_t) override {}
    [[nodiscard]] bool wants_steps() const override { return frames % 2 == 1; }
    void on_step(const Step& step) override {
        EXPECT_EQ(step.depth % 2, 0);
        ++steps;
    }
    int frames = 0;
    int steps = 0;
};
TEST(Tracer, may_want_the_steps_of_some_frames_only) {
    EveryOtherFrame tracer;
    World world(rules_of(Fork::Osaka), &tracer);
    const Asm code = Asm()
                         .push(32)
                         .push(0)
                         .push(0)
                         .push(0)
                         .push(CONTRACT)
                         .push(4'500)
                         .op({OP_GAS, OP_SUB, OP_STATICCALL, OP_ADDRESS, OP_ADD})
                         .return_top();
    const auto traced = world.run_code(code, 100'000);
    World quiet(Fork::Osaka);
    const auto untraced = quiet.run_code(code, 100'000);
    EXPECT_GT(tracer.frames, 10);
    EXPECT_GT(tracer.steps, 50);
    EXPECT_EQ(traced.gas_left, untraced.gas_left);
    EXPECT_EQ(traced.output, untraced.output);
}

}  // namespace
}  // namespace entresol::evm
