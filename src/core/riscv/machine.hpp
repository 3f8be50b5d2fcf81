// A machine: its 40 words and its memory.
#pragma once

#include "core/riscv/hart.hpp"
#include "core/riscv/memory.hpp"

namespace entresol::riscv {

struct Machine {
    Hart hart;
    Memory memory;
};

/// Steps until the machine stops, max_steps were made, or the host's memory limit is met (memory.is_exhausted()). Returns how
/// many were made; the step that stops it counts.
std::uint64_t run(Machine& machine, std::uint64_t max_steps);

}  // namespace entresol::riscv
