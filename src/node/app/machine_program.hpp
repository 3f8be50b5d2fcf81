// What the commands of `entresol machine` share: a program from its file, and the words for a machine's state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"

namespace entresol::riscv {
struct Machine;
class ProvablePreimages;
}  // namespace entresol::riscv

namespace entresol::app {

/// A machine command's flags; each command has some of them.
struct MachineSettings {
    std::string file;
    std::string input;      // a file; empty: the program gets none
    std::string preimages;  // a file; empty: none but the input
    std::uint64_t max_steps = std::uint64_t{1} << 40;
    std::uint64_t memory_mib = 1024;
    std::uint64_t root_every = 0;  // zero: no roots
    std::uint64_t step = 0;
    std::string out;
    std::string pre_root;
    bool print_json = false;
};

/// Both throw io::Failure with what to tell the user.
[[nodiscard]] Bytes read_file(const std::string& path, std::size_t max_bytes);
[[nodiscard]] riscv::Machine load_program(const MachineSettings& settings);
/// Those of the preimages' file, if there is one.
void load_preimages(const MachineSettings& settings, riscv::ProvablePreimages& preimages);
/// Puts the input's hash into the machine's registers, and the input and the preimages' file where the program can read them
/// (docs/spec/machine.md). `preimages` outlives the machine's runs.
void give_input(const MachineSettings& settings, riscv::Machine& machine, riscv::ProvablePreimages& preimages);
/// Throws when the run was given up for a preimage that is not known.
void require_known(const riscv::Machine& machine);

[[nodiscard]] const char* status_of(const riscv::Machine& machine);
/// A sentence's end: "an instruction that is not RV64IM: 0x0".
[[nodiscard]] std::string describe_trap(std::uint64_t cause, std::uint64_t value);

int run_prove_step(const MachineSettings& settings);
int run_verify_step(const MachineSettings& settings);

}  // namespace entresol::app
