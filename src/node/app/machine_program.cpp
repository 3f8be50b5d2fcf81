#include "node/app/machine_program.hpp"

#include <fstream>
#include <utility>

#include "core/base/hex.hpp"
#include "core/riscv/elf.hpp"
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
        case riscv::Cause::EnvironmentCall: return "an ecall other than 93 (exit);";
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

const char* status_of(const riscv::Machine& machine) {
    if (machine.hart.status == riscv::Status::Exited) return "exited";
    if (machine.hart.status == riscv::Status::Trapped) return "trapped";
    return machine.memory.is_exhausted() ? "out of memory" : "running";
}

std::string describe_trap(std::uint64_t cause, std::uint64_t value) {
    return std::string(name_of_cause(cause)) + " " + to_quantity(value);
}

}  // namespace entresol::app
