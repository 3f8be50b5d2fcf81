// A machine: its 40 words, its memory, and where it gets preimages from.
#pragma once

#include "core/riscv/hart.hpp"
#include "core/riscv/memory.hpp"
#include "core/riscv/preimages.hpp"

namespace entresol::riscv {

struct Machine {
    Hart hart;
    Memory memory;
    PreimageSource* preimages = nullptr;  // none: nothing is known
    /// The host's limit, no part of the machine: the preimage that the next step reads and that was not known.
    std::optional<PreimageRequest> missing = std::nullopt;
};

/// One step, unless the preimage that it reads is not known: then false, and `missing` says which.
bool step(Machine& machine);

/// The preimage that must be published on L1 before the machine's next step can be proven there (PublishedPreimages.sol). Nothing: none.
[[nodiscard]] std::optional<PreimageRequest> find_unpublished(const Machine& machine);

/// Steps until the machine stops, max_steps were made, or one of the host's limits is met: memory.is_exhausted() or `missing`. Returns
/// how many were made; the step that stops it counts.
std::uint64_t run(Machine& machine, std::uint64_t max_steps);

}  // namespace entresol::riscv
