#include "node/app/machine_program.hpp"

#include <fstream>
#include <stdexcept>
#include <utility>

#include "core/base/hex.hpp"
#include "core/riscv/elf.hpp"
#include "core/riscv/preimage_file.hpp"
#include "core/riscv/state_root.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

const char* name_of_cause(std::uint64_t cause) {
    switch (static_cast<riscv::Cause>(cause)) {
        case riscv::Cause::FetchMisaligned: return "a jump to an address that is no multiple of four:";
        case riscv::Cause::IllegalInstruction: return "an instruction that is not RV64IM:";
        case riscv::Cause::Breakpoint: return "ebreak at";
        case riscv::Cause::LoadMisaligned: return "a misaligned load from";
        case riscv::Cause::StoreMisaligned: return "a misaligned store to";
        case riscv::Cause::EnvironmentCall:
            return "an ecall that is no call, or a call with arguments that it does not take:";
    }
    return "trap";
}

}  // namespace

Bytes read_file(const std::string& path, std::size_t max_bytes) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0) throw io::Failure(io::FailureKind::Usage, path + " cannot be read");
    if (static_cast<std::size_t>(size) > max_bytes)
        throw io::Failure(io::FailureKind::Usage, path + " is above " + std::to_string(max_bytes) + " bytes");
    Bytes bytes(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(bytes.data()), size);
    if (!in) throw io::Failure(io::FailureKind::Usage, path + " cannot be read");
    return bytes;
}

riscv::Machine load_program(const MachineSettings& settings) {
    constexpr std::size_t MAX_PROGRAM_BYTES = std::size_t{1} << 29;
    const std::uint64_t pages = settings.memory_mib * 256;  // of 4 KiB
    auto machine = riscv::load_elf(read_file(settings.file, MAX_PROGRAM_BYTES), pages);
    if (!machine) throw io::Failure(io::FailureKind::Usage, settings.file + ": " + riscv::to_string(machine.error()));
    return std::move(machine).value();
}

void load_preimages(const MachineSettings& settings, riscv::ProvablePreimages& preimages) {
    constexpr std::size_t MAX_PREIMAGES_BYTES = std::size_t{1} << 32;
    if (settings.preimages.empty()) return;
    if (const auto read = read_preimages(read_file(settings.preimages, MAX_PREIMAGES_BYTES), preimages); !read)
        throw io::Failure(io::FailureKind::Usage, settings.preimages + ": " + riscv::to_string(read.error()));
}

void give_input(const MachineSettings& settings, riscv::Machine& machine, riscv::ProvablePreimages& preimages) {
    constexpr std::size_t MAX_INPUT_BYTES = std::size_t{1} << 28;
    machine.preimages = &preimages;
    load_preimages(settings, preimages);
    if (settings.input.empty()) return;
    riscv::set_input(machine.hart, preimages.add_keccak256(read_file(settings.input, MAX_INPUT_BYTES)));
}

void require_known(const riscv::Machine& machine) {
    if (!machine.missing) return;
    throw std::runtime_error("the program reads a preimage that is not known here: type " +
                             std::to_string(static_cast<std::uint64_t>(machine.missing->type)) + ", key " +
                             to_hex(machine.missing->key));
}

const char* status_of(const riscv::Machine& machine) {
    if (machine.hart.status == riscv::Status::Exited) return "exited";
    if (machine.hart.status == riscv::Status::Trapped) return "trapped";
    return machine.memory.is_exhausted() ? "out of memory" : "running";
}

std::string describe_trap(std::uint64_t cause, std::uint64_t value) {
    return std::string(name_of_cause(cause)) + " " + to_quantity(value);
}

}  // namespace entresol::app
