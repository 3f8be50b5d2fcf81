// A machine's own memory and preimages as step() reaches them when nothing is recorded.
#pragma once

#include "core/riscv/machine.hpp"
#include "core/riscv/step.hpp"

namespace entresol::riscv {

class MachineAccess : public CallMemory {
public:
    explicit MachineAccess(Machine& machine) : machine_(machine) {}

    std::uint64_t load(std::uint64_t address, unsigned bytes) const { return machine_.memory.load(address, bytes); }
    void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
        machine_.memory.store(address, bytes, value);
    }
    void read(std::uint64_t address, std::span<std::uint8_t> to) override { machine_.memory.read(address, to); }
    void write(std::uint64_t address, ByteView bytes) override { machine_.memory.write(address, bytes); }
    std::optional<PreimagePart> read_preimage(const PreimageRequest& request) override {
        if (machine_.preimages != nullptr)
            if (const auto preimage = machine_.preimages->find(request.type, request.key))
                return part_of(*preimage, request);
        machine_.missing = request;
        return std::nullopt;
    }

private:
    Machine& machine_;
};

}  // namespace entresol::riscv
