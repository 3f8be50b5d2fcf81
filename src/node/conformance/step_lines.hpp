// EIP-3155: one JSON line an instruction, so that two clients' executions can be compared with diff.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "core/evm/vm.hpp"
#include "core/state/journal.hpp"

namespace entresol::conformance {

struct StepLineOptions {
    bool memory = false;       // its content too
    bool return_data = false;  // of the last call
};

/// Field for field, and in their order, as go-ethereum's evm prints them. A call's line waits for the call's end, because only then its cost is known;
/// lines leave in the order of execution.
class StepLines final : public evm::Tracer {
public:
    using Write = std::function<void(const std::string& line)>;
    StepLines(StepLineOptions options, Write write) : options_(options), write_(std::move(write)) {}

    /// Before the transaction.
    void begin(const state::Journal& journal, const chain::Rules& rules);
    /// What no later step would have let go. Throws std::runtime_error where lines that wait took more memory than is reasonable.
    void end();

    bool wants_steps() const override { return true; }
    void on_enter(const evm::Message& message, ByteView code) override;
    void on_exit(const evm::CallResult& result, std::uint64_t gas_used) override;
    void on_step(const Step& step) override;
    void on_step_result(std::uint64_t gas_cost, evm::Status status) override;

private:
    struct Line {
        std::string before, after;  // of the cost
        std::uint64_t gas_cost = 0;
        std::uint64_t refund = 0;
        std::string error;
        bool is_done = false;
    };
    struct Frame {
        bool is_create = false, has_stipend = false;
        std::size_t line = NONE;  // of the instruction in progress, counted from the first ever
        std::int64_t correction = 0;
        evm::Fault fault = {};
    };
    static constexpr std::size_t NONE = ~std::size_t{0};
    void write_finished();

    StepLineOptions options_;
    Write write_;
    const state::Journal* journal_ = nullptr;
    chain::Rules rules_;
    std::vector<Frame> frames_;
    std::deque<Line> lines_;
    std::size_t written_ = 0;        // lines that have left
    std::size_t waiting_bytes_ = 0;  // of those that have not
    bool is_too_large_ = false;
};

}  // namespace entresol::conformance
