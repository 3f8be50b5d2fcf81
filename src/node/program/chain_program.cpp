#include "node/program/chain_program.hpp"

#include <stdexcept>

#include <entresol_embedded/guest_program.hpp>

#include "core/riscv/elf.hpp"
#include "core/riscv/memory_tree.hpp"

namespace entresol::program {

ByteView guest_executable() {
    const auto files = embedded::guest_program();
    return files.empty() ? ByteView() : ByteView(files.front().data);
}

ChainProgram make_chain_program(const ProgramConfig& config) {
    constexpr std::size_t MAX_PAGES = 4096;
    const ByteView executable = guest_executable();
    if (executable.empty()) throw std::runtime_error("this binary was built without the proof machine's program");
    const auto area = make_config_area(config);
    if (!area) throw std::runtime_error("the chain's configuration does not fit into the program");
    auto elf = configure_program(executable, *area);
    if (!elf) throw std::runtime_error("the program has no place for a configuration");
    auto machine = riscv::load_elf(*elf, MAX_PAGES);
    if (!machine) throw std::runtime_error(std::string("the program: ") + riscv::to_string(machine.error()));
    riscv::MemoryTree tree;
    return {*std::move(elf), tree.update(machine->memory), machine->hart.pc};
}

}  // namespace entresol::program
