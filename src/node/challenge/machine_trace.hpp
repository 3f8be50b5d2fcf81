// The right history: the chain's program on a game's input, run by core/riscv.
#pragma once

#include <functional>
#include <memory>

#include "core/riscv/fast_run.hpp"
#include "core/riscv/memory_tree.hpp"
#include "core/riscv/state_root.hpp"
#include "node/challenge/trace.hpp"

namespace entresol::challenge {

/// Holds one machine at one step. A question about earlier steps runs it again from the start: a game asks inwards, so that is once a level.
class MachineTrace final : public Trace {
public:
    /// `start` makes the machine before its first step, the same each time it is called, and is called at once.
    explicit MachineTrace(std::function<riscv::Machine()> start);

    [[nodiscard]] std::optional<std::vector<Hash32>> roots(std::uint64_t first, std::uint64_t spacing,
                                                           std::size_t count) override;
    [[nodiscard]] std::optional<Bytes> state(std::uint64_t step) override;
    [[nodiscard]] std::optional<Bytes> prove(std::uint64_t step) override;

private:
    void restart();
    /// False: a limit of the host.
    [[nodiscard]] bool seek(std::uint64_t step);
    [[nodiscard]] riscv::State current();

    std::function<riscv::Machine()> start_;
    std::unique_ptr<riscv::Machine> machine_;
    std::unique_ptr<riscv::FastRunner> runner_;
    riscv::MemoryTree tree_;
    std::uint64_t at_ = 0;
};

}  // namespace entresol::challenge
