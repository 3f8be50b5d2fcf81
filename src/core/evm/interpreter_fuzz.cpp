// Any code under any fork: the traced and the untraced interpreter agree on everything, and steps add up to the gas used.
#include "core/evm/assembler_testing.hpp"

namespace {

using namespace entresol;
using namespace entresol::evm;
using namespace entresol::evm::testing;

constexpr std::uint64_t GAS = 200'000;

/// Checks what every step must show.
class Checker final : public Tracer {
public:
    void on_enter(const Message&, ByteView) override { ++open_; }
    void on_exit(const CallResult&, std::uint64_t) override { --open_; }
    [[nodiscard]] bool wants_steps() const override { return true; }
    void on_step(const Step& step) override {
        CHECK(step.stack.size() <= 1024 && step.memory.size() % 32 == 0 && step.gas <= GAS);
        CHECK(!in_step_);
        in_step_ = true;
    }
    void on_step_result(std::uint64_t, Status) override {
        CHECK(in_step_);
        in_step_ = false;
    }
    [[nodiscard]] bool is_balanced() const { return open_ == 0 && !in_step_; }

private:
    int open_ = 0;
    bool in_step_ = false;
};

struct Outcome {
    CallResult result;
    state::StateDiff diff;
};
Outcome run(const chain::Rules& rules, ByteView code, Tracer* tracer) {
    World world(rules, tracer);
    world.state.set_code(CONTRACT, code);
    world.state.accounts[CONTRACT].account.balance = 1'000;
    Outcome outcome;
    const std::uint8_t input[] = {1, 2, 3, 4, 5};
    outcome.result = world.call(CONTRACT, GAS, input, 1);
    world.journal->finish_transaction(rules);
    outcome.diff = world.journal->take_diff();
    return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto rules = rules_of(static_cast<chain::Fork>(data[0] % chain::FORK_COUNT));
    const ByteView code{data + 1, size - 1};
    Checker checker;
    const Outcome traced = run(rules, code, &checker);
    const Outcome untraced = run(rules, code, nullptr);
    CHECK(checker.is_balanced());
    CHECK(traced.result.status == untraced.result.status);
    CHECK(traced.result.gas_left == untraced.result.gas_left && traced.result.gas_left <= GAS);
    CHECK(traced.result.output == untraced.result.output);
    CHECK(traced.diff.accounts.size() == untraced.diff.accounts.size());
    return 0;
}
