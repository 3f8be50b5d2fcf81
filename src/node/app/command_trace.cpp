// EIP-3155 traces: where two clients part can be found with diff.
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "core/base/hex.hpp"
#include "node/app/commands.hpp"
#include "node/conformance/state_trace.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

constexpr std::uint64_t MAX_GAS = 1'000'000'000'000;

struct Settings {
    std::string file, code, input;
    std::uint64_t gas = 10'000'000;
    std::optional<std::size_t> index;
    conformance::TraceSelection selection;
    conformance::StepLineOptions lines;
};

Bytes read_hex(const std::string& flag, const std::string& text) {
    auto bytes = parse_hex(text.starts_with("0x") ? text : "0x" + text);
    if (!bytes) throw io::Failure(io::FailureKind::Usage, "--" + flag + " is not hexadecimal");
    return std::move(*bytes);
}

// Straight into the pipe, and no further where nobody reads any more.
void write_line(const std::string& line) {
    if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fputc('\n', stdout) == EOF)
        throw std::runtime_error("standard output is closed or full");
}

int run_trace(const Settings& settings) {
    if (settings.file.empty() == settings.code.empty())
        throw io::Failure(io::FailureKind::Usage, "give a file of state tests, or --code");
    if (!settings.code.empty()) {
        conformance::trace_code({.code = read_hex("code", settings.code),
                                 .input = read_hex("input", settings.input),
                                 .gas = settings.gas,
                                 .value = {},
                                 .fork = settings.selection.fork},
                                settings.lines, write_line);
    } else if (conformance::trace_state_tests(settings.file, settings.selection, settings.lines, write_line) == 0) {
        throw io::Failure(io::FailureKind::Usage, settings.file + " has no such test");
    }
    if (std::fflush(stdout) != 0) throw std::runtime_error("standard output is closed or full");
    return 0;
}

}  // namespace

Command add_trace_command(CLI::App& app) {
    auto settings = std::make_shared<Settings>();
    auto* command = app.add_subcommand("trace", "Print an execution as EIP-3155 lines, one an instruction");
    command->add_option("FILE", settings->file, "State tests in their published JSON")->check(CLI::ExistingFile);
    command->add_option("--test", settings->selection.test, "Tests whose name contains this")->type_name("NAME");
    command
        ->add_option("--fork", settings->selection.fork,
                     "Of a test's forks, this one; with --code, the rules to run by")
        ->type_name("NAME");
    command->add_option("--index", settings->selection.index, "Of several cases under a fork, this one")
        ->type_name("N");
    command->add_option("--code", settings->code, "Run this code instead, as an account called by another")
        ->type_name("HEX");
    command->add_option("--input", settings->input, "Its call data")->type_name("HEX");
    command->add_option("--gas", settings->gas, "Its gas")
        ->capture_default_str()
        ->check(CLI::Range(std::uint64_t{1}, MAX_GAS));
    command->add_flag("--memory", settings->lines.memory, "Memory's content in each line");
    command->add_flag("--return-data", settings->lines.return_data, "What the last call returned in each line");
    command->footer(
        "Fields and their order are those of geth's evm; a line of state root, output and gas closes each case.\n\n"
        "Examples:\n  entresol trace --code 0x6001600201\n  entresol trace state_tests/test.json --fork Osaka --index "
        "0 "
        "> ours.jsonl");
    return [settings] { return run_trace(*settings); };
}

}  // namespace entresol::app
