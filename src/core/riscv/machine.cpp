#include "core/riscv/machine.hpp"

#include "core/riscv/step.hpp"

namespace entresol::riscv {

std::uint64_t run(Machine& machine, std::uint64_t max_steps) {
    std::uint64_t steps = 0;
    for (; steps < max_steps && machine.hart.status == Status::Running && !machine.memory.is_exhausted(); ++steps)
        step(machine.hart, machine.memory);
    return steps;
}

}  // namespace entresol::riscv
