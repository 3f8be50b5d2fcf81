// What the machine is besides its memory: 40 words of 64 bits, in the order in which they are committed (docs/spec/machine.md).
#pragma once

#include <array>
#include <cstdint>

namespace entresol::riscv {

enum class Status : std::uint64_t { Running = 0, Exited = 1, Trapped = 2 };

/// mcause of the traps that this machine raises (RISC-V privileged specification, table of mcause values).
enum class Cause : std::uint64_t {
    FetchMisaligned = 0,
    IllegalInstruction = 2,
    Breakpoint = 3,
    LoadMisaligned = 4,
    StoreMisaligned = 6,
    EnvironmentCall = 11,
};

/// Invariants: x[0] is zero; pc, mtvec and mepc are multiples of four.
struct Hart {
    std::array<std::uint64_t, 32> x{};
    std::uint64_t pc = 0;
    Status status = Status::Running;
    std::uint64_t exit_code = 0;  // a0 of the ecall that ended the program
    std::uint64_t mtvec = 0;      // zero: a trap stops the machine
    std::uint64_t mscratch = 0;
    std::uint64_t mepc = 0;
    std::uint64_t mcause = 0;
    std::uint64_t mtval = 0;

    bool operator==(const Hart&) const = default;
};

}  // namespace entresol::riscv
