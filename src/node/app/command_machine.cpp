// The proof machine on its own: any static RV64IM program, run to its end; the flags of all its commands.
#include <algorithm>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "core/riscv/fast_run.hpp"
#include "core/riscv/machine.hpp"
#include "core/riscv/memory_tree.hpp"
#include "core/riscv/provable_preimages.hpp"
#include "core/riscv/state_root.hpp"
#include "node/app/commands.hpp"
#include "node/app/exit_code.hpp"
#include "node/app/machine_program.hpp"

namespace entresol::app {
namespace {

namespace json = boost::json;

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

std::string as_text(const riscv::Machine& machine, std::uint64_t steps) {
    const auto& hart = machine.hart;
    std::string out =
        std::string(status_of(machine)) + " after " + std::to_string(steps) + " steps at pc " + to_quantity(hart.pc);
    if (hart.status == riscv::Status::Exited) out += " with status " + std::to_string(hart.exit_code);
    if (hart.status == riscv::Status::Trapped) out += ": " + describe_trap(hart.mcause, hart.mtval);
    return out + "\n";
}

// The program's own status, as a shell sees it; a status whose low byte is zero is still not success.
int exit_code_of(const riscv::Machine& machine) {
    constexpr auto FAILED = static_cast<int>(ExitCode::Failed);
    if (machine.hart.status != riscv::Status::Exited) return FAILED;
    const auto low = static_cast<int>(machine.hart.exit_code & 0xff);
    return low == 0 && machine.hart.exit_code != 0 ? FAILED : low;
}

void print_root(const MachineSettings& settings, const riscv::State& state, std::uint64_t step) {
    const std::string root = to_hex(compute_state_root(state));
    if (settings.print_json)
        print(
            json::serialize(json::object{{"step", step}, {"root", root}, {"memory_root", to_hex(state.memory_root)}}) +
            "\n");
    else
        print(std::to_string(step) + " " + root + "\n");
}

// The root before the first step, after every so many and after the last; none of a state that the memory limit cut short.
std::uint64_t run_with_roots(riscv::Machine& machine, const MachineSettings& settings) {
    riscv::MemoryTree tree;
    riscv::FastRunner runner(machine);
    print_root(settings, {tree.update(machine.memory), machine.hart}, 0);
    std::uint64_t steps = 0;
    while (machine.hart.status == riscv::Status::Running && steps < settings.max_steps) {
        steps += runner.run(std::min(settings.root_every, settings.max_steps - steps));
        if (machine.memory.is_exhausted() || machine.missing) break;
        print_root(settings, {tree.update(machine.memory), machine.hart}, steps);
    }
    return steps;
}

int run_program(const MachineSettings& settings) {
    auto machine = load_program(settings);
    riscv::ProvablePreimages preimages;
    give_input(settings, machine, preimages);
    const std::uint64_t steps = settings.root_every == 0 ? riscv::FastRunner(machine).run(settings.max_steps)
                                                         : run_with_roots(machine, settings);
    require_known(machine);
    print(settings.print_json ? as_json(machine, steps) : as_text(machine, steps));
    return exit_code_of(machine);
}

void add_program_options(CLI::App& command, MachineSettings& settings) {
    command.add_option("FILE", settings.file, "A static ELF executable for rv64im")
        ->required()
        ->check(CLI::ExistingFile);
    command.add_option("--input", settings.input, "What the program reads; its keccak256 is in a0 to a3 at the start")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command
        .add_option("--preimages", settings.preimages,
                    "What it may read by hash (docs/spec/machine.md, \"Preimages as a file\")")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command.add_option("--memory", settings.memory_mib, "Give up when more was written than this")
        ->type_name("MIB")
        ->capture_default_str()
        ->check(CLI::Range(1, 1 << 16));
}

constexpr std::uint64_t MAX_STEP = std::uint64_t{1} << 62;

CLI::App* add_run(CLI::App& group, MachineSettings& settings) {
    auto* command = group.add_subcommand("run", "Run a static RV64IM program until it ends, traps or was given up");
    add_program_options(*command, settings);
    command->add_option("--max-steps", settings.max_steps, "Give up after so many instructions")
        ->type_name("N")
        ->capture_default_str();
    command
        ->add_option("--root-every", settings.root_every,
                     "Print the state root before the first step, after every N and after the last")
        ->check(CLI::Range(std::uint64_t{1}, MAX_STEP));
    command->add_flag("--json", settings.print_json, "Print one JSON object; with --root-every one a line");
    command->footer(
        "ecall with a7 = 93 ends the program; the lowest byte of a0 becomes this command's exit code. A trap without a "
        "handler, or a limit, gives 1. With --root-every, each line before the last is a step and the state root after "
        "so many steps (docs/spec/machine.md).\n\n"
        "Examples:\n  entresol machine run program.elf\n  entresol machine run program.elf --max-steps 1000000 --json "
        "| jq .exit_code\n  entresol machine run program.elf --root-every 1000000\n  entresol machine run program.elf "
        "--root-every 1 --json | jq -r 'select(.root) | .root'");
    return command;
}

CLI::App* add_prove_step(CLI::App& group, MachineSettings& settings) {
    auto* command = group.add_subcommand("prove-step", "Print a proof of one step of a program");
    add_program_options(*command, settings);
    command
        ->add_option("--step", settings.step,
                     "Which: 0 is the first. Every step after a program's end leaves the state as it is")
        ->required()
        ->check(CLI::Range(std::uint64_t{0}, MAX_STEP));
    command->add_option("--out", settings.out, "Write the proof there and print what it proves")->type_name("FILE");
    command->add_flag("--json", settings.print_json, "Print one JSON object, with the proof unless --out has it");
    command->footer(
        "The proof is a line of hexadecimal digits. It holds what the step reads under the state root before it, and "
        "no "
        "other bytes prove that step (docs/spec/machine.md).\n\n"
        "Examples:\n  entresol machine prove-step program.elf --step 1000 > proof.hex\n  entresol machine prove-step "
        "program.elf --step 1000 --out proof.hex\n  entresol machine prove-step program.elf --step 1000 --json | jq -r "
        ".post_root");
    return command;
}

CLI::App* add_verify_step(CLI::App& group, MachineSettings& settings) {
    auto* command = group.add_subcommand("verify-step", "Check a proof of one step, without the program");
    command->add_option("FILE", settings.file, "A proof as prove-step writes it")->required()->check(CLI::ExistingFile);
    command->add_option("--preimages", settings.preimages, "Preimages that the step reads and the proof does not hold")
        ->type_name("FILE")
        ->check(CLI::ExistingFile);
    command->add_option("--pre-root", settings.pre_root, "Fail unless the step starts from this state root")
        ->type_name("HASH");
    command->add_flag("--json", settings.print_json, "Print one JSON object");
    command->footer(
        "Prints the state roots before and after, the instruction, and each word that changed. The proof itself says "
        "from which root it starts: compare that with one that is agreed, or give it as --pre-root. A proof that does "
        "not hold gives 1.\n\n"
        "Examples:\n  entresol machine verify-step proof.hex\n  entresol machine verify-step proof.hex --json | jq -r "
        ".post_root");
    return command;
}

}  // namespace

Command add_machine_command(CLI::App& app) {
    auto settings = std::make_shared<MachineSettings>();
    auto* group = app.add_subcommand("machine", "Run programs on the proof machine (RV64IM) and prove their steps");
    group->require_subcommand(1);
    group->footer(
        "Examples:\n  entresol machine run program.elf\n  entresol machine prove-step program.elf --step 1000 --out "
        "proof.hex\n  entresol machine verify-step proof.hex");
    add_run(*group, *settings);
    const auto* prove = add_prove_step(*group, *settings);
    const auto* verify = add_verify_step(*group, *settings);
    return [settings, prove, verify] {
        if (prove->parsed()) return run_prove_step(*settings);
        return verify->parsed() ? run_verify_step(*settings) : run_program(*settings);
    };
}

}  // namespace entresol::app
