// The proof machine's program, which this binary carries, as one chain runs it.
#pragma once

#include "core/program/program_image.hpp"

namespace entresol::program {

/// The executable without a configuration; empty where this binary was built without it.
[[nodiscard]] ByteView guest_executable();

struct ChainProgram {
    Bytes elf;
    Hash32 memory_root;  // before the first step
    std::uint64_t entry = 0;
};
/// Throws std::runtime_error: the binary carries no program, or the configuration does not fit.
[[nodiscard]] ChainProgram make_chain_program(const ProgramConfig& config);

}  // namespace entresol::program
