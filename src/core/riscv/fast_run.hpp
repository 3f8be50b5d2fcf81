// The machine's run for when nothing is recorded: instructions decoded once, pages found once. Its states are those of step(), after
// every number of steps.
#pragma once

#include "core/riscv/fast_code.hpp"
#include "core/riscv/fast_memory.hpp"
#include "core/riscv/machine.hpp"

namespace entresol::riscv {

/// Keeps what it decoded from one run to the next. Between runs anybody may change the machine and take the record of written
/// pages: each run finds its pages anew and compares its code with what memory holds. Large: 33 KiB, and 12 KiB for each page of code.
class FastRunner {
public:
    /// The machine outlives it and stays where it is.
    explicit FastRunner(Machine& machine) : machine_(machine) {}
    FastRunner(const FastRunner&) = delete;
    FastRunner& operator=(const FastRunner&) = delete;

    /// As riscv::run.
    std::uint64_t run(std::uint64_t max_steps);

private:
    class FastAccess;

    /// Until the budget ends or something is met that is step()'s; what is left of the budget.
    std::uint64_t interpret(CodePage* page, std::uint64_t budget);
    CodePage* enter(std::uint64_t pc);
    void find_for_load(std::uint64_t address);
    /// The store happened in a code page, can now be done, or is step()'s.
    enum class Stored { Done, Retry, Step };
    Stored find_for_store(std::uint64_t address, unsigned bytes, std::uint64_t value);
    /// The call happened, is step()'s (it is none, not legal, or reads what is not known), or met the host's memory limit.
    enum class Called { Done, Step, Exhausted };
    Called make_call_at(std::uint64_t pc, std::uint64_t* registers);
    bool write_in_page(std::uint64_t address, ByteView bytes);

    Machine& machine_;
    Places<const std::uint8_t> loads_;
    Places<std::uint8_t> stores_;
    CodePages code_;
    bool was_exhausted_by_call_ = false;  // a step that was made, unlike a store's
};

}  // namespace entresol::riscv
