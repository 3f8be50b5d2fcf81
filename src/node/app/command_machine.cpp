// The proof machine on its own: any static RV64IM program, run to its end.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "core/riscv/elf.hpp"
#include "node/app/commands.hpp"
#include "node/app/exit_code.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

struct Settings {
    std::string file;
    std::uint64_t max_steps = std::uint64_t{1} << 40;
    std::uint64_t memory_mib = 1024;
    bool print_json = false;
};

Bytes read_program(const std::string& path) {
    constexpr std::size_t MAX_FILE_BYTES = std::size_t{1} << 29;
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    const auto size = in ? static_cast<std::streamoff>(in.tellg()) : -1;
    if (size < 0) throw io::Failure(io::FailureKind::Usage, path + " cannot be read");
    if (static_cast<std::size_t>(size) > MAX_FILE_BYTES)
        throw io::Failure(io::FailureKind::Usage, path + " is above 512 MiB");
    Bytes bytes(static_cast<std::size_t>(size));
    in.seekg(0);
    in.read(reinterpret_cast<char*>(bytes.data()), size);
    if (!in) throw io::Failure(io::FailureKind::Usage, path + " cannot be read");
    return bytes;
}

riscv::Machine load_program(const Settings& settings) {
    auto machine = riscv::load_elf(read_program(settings.file), settings.memory_mib * 256);  // pages of 4 KiB
    if (!machine) throw io::Failure(io::FailureKind::Usage, settings.file + ": " + riscv::to_string(machine.error()));
    return std::move(machine).value();
}

const char* status_of(const riscv::Machine& machine) {
    if (machine.hart.status == riscv::Status::Exited) return "exited";
    if (machine.hart.status == riscv::Status::Trapped) return "trapped";
    return machine.memory.is_exhausted() ? "out of memory" : "running";
}

std::string as_json(const riscv::Machine& machine, std::uint64_t steps) {
    const auto& hart = machine.hart;
    json::object out{{"status", status_of(machine)}, {"steps", steps}, {"pc", to_quantity(hart.pc)}};
    if (hart.status == riscv::Status::Exited) out["exit_code"] = hart.exit_code;
    if (hart.status == riscv::Status::Trapped)
        out["trap"] = json::object{{"cause", hart.mcause}, {"value", to_quantity(hart.mtval)}};
    json::array registers;
    for (const auto x : hart.x) registers.push_back(json::string(to_quantity(x)));
    out["registers"] = std::move(registers);
    return json::serialize(out) + "\n";
}

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

std::string as_text(const riscv::Machine& machine, std::uint64_t steps) {
    const auto& hart = machine.hart;
    std::string out =
        std::string(status_of(machine)) + " after " + std::to_string(steps) + " steps at pc " + to_quantity(hart.pc);
    if (hart.status == riscv::Status::Exited) out += " with status " + std::to_string(hart.exit_code);
    if (hart.status == riscv::Status::Trapped)
        out += std::string(": ") + name_of_cause(hart.mcause) + " " + to_quantity(hart.mtval);
    return out + "\n";
}

// The program's own status, as a shell sees it; a status whose low byte is zero is still not success.
int exit_code_of(const riscv::Machine& machine) {
    constexpr auto FAILED = static_cast<int>(ExitCode::Failed);
    if (machine.hart.status != riscv::Status::Exited) return FAILED;
    const auto low = static_cast<int>(machine.hart.exit_code & 0xff);
    return low == 0 && machine.hart.exit_code != 0 ? FAILED : low;
}

int run_program(const Settings& settings) {
    auto machine = load_program(settings);
    const std::uint64_t steps = riscv::run(machine, settings.max_steps);
    print(settings.print_json ? as_json(machine, steps) : as_text(machine, steps));
    return exit_code_of(machine);
}

}  // namespace

Command add_machine_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* group = app.add_subcommand("machine", "Run programs on the proof machine (RV64IM)");
    group->require_subcommand(1);
    group->footer("Examples:\n  entresol machine run program.elf");
    auto* command = group->add_subcommand("run", "Run a static RV64IM program until it ends, traps or was given up");
    command->add_option("FILE", settings->file, "A static ELF executable for rv64im")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--max-steps", settings->max_steps, "Give up after so many instructions")
        ->type_name("N")
        ->capture_default_str();
    command->add_option("--memory", settings->memory_mib, "Give up when more was written than this")
        ->type_name("MIB")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 16));
    command->add_flag("--json", settings->print_json, "Print one JSON object");
    command->footer(
        "ecall with a7 = 93 ends the program; the lowest byte of a0 becomes this command's exit code. A trap without a "
        "handler, or a limit, gives 1.\n\n"
        "Examples:\n  entresol machine run program.elf\n  entresol machine run program.elf --max-steps 1000000 --json "
        "| jq .exit_code");
    return [settings] { return run_program(*settings); };
}

}  // namespace entresol::app
