#include "core/riscv/machine.hpp"

#include "core/riscv/machine_access.hpp"

namespace entresol::riscv {

bool step(Machine& machine) {
    MachineAccess access(machine);
    return step(machine.hart, access);
}

std::uint64_t run(Machine& machine, std::uint64_t max_steps) {
    machine.missing.reset();
    MachineAccess access(machine);
    std::uint64_t steps = 0;
    while (steps < max_steps && machine.hart.status == Status::Running && !machine.memory.is_exhausted()) {
        if (!step(machine.hart, access)) break;
        ++steps;
    }
    return steps;
}

}  // namespace entresol::riscv
