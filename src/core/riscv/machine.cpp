#include "core/riscv/machine.hpp"

#include "core/riscv/machine_access.hpp"

namespace entresol::riscv {

bool step(Machine& machine) {
    MachineAccess access(machine);
    return step(machine.hart, access);
}

std::optional<PreimageRequest> find_unpublished(const Machine& machine) {
    const Hart& hart = machine.hart;
    const auto word = static_cast<std::uint32_t>(machine.memory.load(hart.pc, 4));
    if (hart.status != Status::Running || decode(word).op != Op::Ecall || hart.x[A7] != PREIMAGE_CALL ||
        !plan_call(hart))
        return std::nullopt;
    PreimageRequest request{static_cast<PreimageType>(hart.x[A0 + 4]), {}, hart.x[A0 + 2], hart.x[A0 + 3]};
    machine.memory.read(hart.x[A0 + 1], request.key.bytes);
    if (request.type == PreimageType::Blob || machine.preimages == nullptr) return std::nullopt;
    const auto preimage = machine.preimages->find(request.type, request.key);
    const bool is_long = preimage && preimage->size() > MAX_INLINE_BYTES;
    return request.type == PreimageType::Computation || is_long ? std::optional(request) : std::nullopt;
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
