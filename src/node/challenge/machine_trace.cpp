#include "node/challenge/machine_trace.hpp"

#include "core/riscv/proof.hpp"

namespace entresol::challenge {

MachineTrace::MachineTrace(std::function<riscv::Machine()> start) : start_(std::move(start)) { restart(); }

void MachineTrace::restart() {
    runner_.reset();
    machine_ = std::make_unique<riscv::Machine>(start_());
    runner_ = std::make_unique<riscv::FastRunner>(*machine_);
    tree_ = {};
    at_ = 0;
}

bool MachineTrace::seek(std::uint64_t step) {
    if (step < at_) restart();
    if (step > at_ && machine_->hart.status == riscv::Status::Running) runner_->run(step - at_);
    if (machine_->missing || machine_->memory.is_exhausted()) {
        restart();
        return false;
    }
    at_ = step;  // a machine that has stopped stays as it is
    return true;
}

riscv::State MachineTrace::current() { return {tree_.update(machine_->memory), machine_->hart}; }

std::optional<std::vector<Hash32>> MachineTrace::roots(std::uint64_t first, std::uint64_t spacing, std::size_t count) {
    std::vector<Hash32> out;
    for (std::size_t i = 1; i <= count; ++i) {
        // The rest of a run that is over is one root.
        if (!out.empty() && machine_->hart.status != riscv::Status::Running) {
            out.push_back(out.back());
            continue;
        }
        if (!seek(first + i * spacing)) return std::nullopt;
        out.push_back(compute_state_root(current()));
    }
    return out;
}

std::optional<Bytes> MachineTrace::state(std::uint64_t step) {
    if (!seek(step)) return std::nullopt;
    const auto encoded = encode_state(current());
    return Bytes(encoded.begin(), encoded.end());
}

std::optional<Bytes> MachineTrace::prove(std::uint64_t step) {
    if (!seek(step)) return std::nullopt;
    tree_.update(machine_->memory);
    return prove_step(*machine_, tree_);
}

}  // namespace entresol::challenge
