#include "node/app/run.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>
#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "node/app/commands.hpp"
#include "node/app/completion.hpp"
#include "node/app/exit_code.hpp"
#include "node/app/invocation.hpp"
#include "node/app/print_config.hpp"
#include "node/app/reference.hpp"
#include "node/app/version.hpp"
#include "node/io/terminal.hpp"

namespace entresol::app {
namespace {

using Commands = std::vector<std::pair<std::string, Command>>;

Commands add_commands(CLI::App& app) {
    return {{"devnet", add_devnet_command(app)},
            {"node", add_node_command(app)},
            {"sequencer", add_sequencer_command(app)},
            {"challenge", add_challenge_command(app)},
            {"conformance", add_conformance_command(app)},
            {"trace", add_trace_command(app)},
            {"replay", add_replay_command(app)},
            {"key", add_key_command(app)},
            {"codec", add_codec_command(app)},
            {"machine", add_machine_command(app)},
            {"snapshot", add_snapshot_command(app)},
            {"program", add_program_command(app)},
            {"version", add_version_command(app)},
            {"completion", add_completion_command(app)}};
}

// What every command has; the values are read by read_invocation, CLI11 only needs to know the words.
void add_shared_options(CLI::App& command) {
    const auto children = command.get_subcommands([](const CLI::App*) { return true; });
    for (auto* child : children) add_shared_options(*child);
    if (!children.empty()) return;
    if (command.get_option_no_throw("--json") == nullptr)
        command.add_flag("--json")->description("Report errors as one JSON object");
    command.add_option("--config", "Read settings from this TOML file: a table for each command, a key for each flag")
        ->type_name("FILE");
    command.add_flag("--print-config")
        ->description("Print what is in force and where it comes from, and do nothing else");
}

struct Problem {
    ExitCode code = ExitCode::Failed;
    std::string words;  // lines after the first are advice
};

std::string_view kind_of(ExitCode code) {
    for (const auto& row : EXIT_CODES)
        if (row.code == code) return row.name;
    return "failed";
}

int tell(const Problem& problem, bool as_json) {
    const auto line_end = problem.words.find('\n');
    const auto message = problem.words.substr(0, line_end);
    const auto advice = line_end == std::string::npos ? "" : problem.words.substr(line_end + 1);
    const int code = static_cast<int>(problem.code);
    if (as_json) {
        boost::json::object error{{"code", code}, {"kind", kind_of(problem.code)}, {"message", message}};
        if (!advice.empty()) error["advice"] = advice;
        std::fprintf(stderr, "%s\n", boost::json::serialize(error).c_str());
        return code;
    }
    const bool colour = io::use_colour(STDERR_FILENO);
    std::fprintf(stderr, "%sentresol:%s %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "", message.c_str());
    if (!advice.empty()) std::fprintf(stderr, "          %s\n", advice.c_str());
    if (problem.code == ExitCode::Usage && advice.empty())
        std::fprintf(stderr, "          entresol --help tells more\n");
    return code;
}

bool ends_in_json = false;  // for who ends the program outside of run()

// A thread cannot go on: the disk is full, mostly. No destructor runs, for other threads still do; what was written is with the system.
[[noreturn]] void end_in_words() {
    const auto last = std::current_exception();
    if (last == nullptr) std::abort();
    try {
        std::rethrow_exception(last);
    } catch (const io::Failure& failure) {
        std::_Exit(tell({exit_code_of(failure.kind()), failure.what()}, ends_in_json));
    } catch (const std::exception& problem) {
        std::_Exit(tell({ExitCode::Failed, problem.what()}, ends_in_json));
    }
}

bool is_true(const std::string& word) { return word == "--json" || word == "--json=true"; }

// Before anything was understood: the flag itself, or its variable.
bool wants_json(const std::vector<std::string>& words) {
    const char* variable = std::getenv("ENTRESOL_JSON");  // NOLINT(concurrency-mt-unsafe): no other thread yet
    return std::any_of(words.begin(), words.end(), is_true) ||
           (variable != nullptr && std::string_view(variable) == "true");
}

// CLI11's words for a value that does not fit, with the place it came from when that is not the command line.
std::string explain(const CLI::ParseError& problem, const Invocation& call) {
    constexpr std::string_view UNREADABLE = "Could not convert: ";
    std::string words = problem.what();
    std::replace(words.begin(), words.end(), '\n', ' ');
    if (words.starts_with(UNREADABLE)) words = words.substr(UNREADABLE.size()) + " is not a value that fits";
    const auto name = words.substr(0, words.find_first_of(": ="));
    if (!name.starts_with("--")) return words;
    const auto source = call.source_of(name.substr(2));
    return source.source == Source::Flag || source.place.empty() ? words : words + " (" + source.place + ")";
}

int run_command(const CLI::App& app, const Commands& commands) {
    for (const auto& [name, command] : commands)
        if (app.got_subcommand(name)) return command();
    return static_cast<int>(ExitCode::Usage);
}

int parse_and_run(CLI::App& app, const Commands& commands, const Invocation& call, bool& as_json) {
    as_json = as_json || std::any_of(call.words.begin(), call.words.end(), is_true);
    ends_in_json = as_json;
    auto reversed = call.words;
    std::reverse(reversed.begin(), reversed.end());
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::Success& help) {
        (void)app.exit(help);
        print("");  // what could not be written is an error
        return 0;
    } catch (const CLI::ParseError& problem) {
        return tell({ExitCode::Usage, explain(problem, call)}, as_json);
    }
    if (call.prints_config) {
        print(as_json ? print_config_json(call) : print_config_toml(call));
        return 0;
    }
    return run_command(app, commands);
}

int answer_completion(const CommandInfo& root, std::vector<std::string> words) {
    words.erase(words.begin());
    std::string out;
    for (const auto& line : complete(root, words)) out += line + "\n";
    print(out);
    return 0;
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Entresol: an Ethereum layer 2 in one program.", "entresol"};
    app.set_version_flag("--version", "entresol " + std::string(VERSION));
    app.require_subcommand(1);
    app.footer(
        "Every flag of a command is also a variable (--l1-port: ENTRESOL_L1_PORT) and a key in the file of --config.\n"
        "Flags win over the environment, the environment over the file; --print-config shows what is in force.\n\n"
        "Examples:\n  entresol devnet\n  entresol devnet --datadir ./data --block-time 2000\n  entresol devnet --json "
        "| jq "
        ".contracts\n  entresol help node\n\n" +
        exit_code_help());
    const auto commands = add_commands(app);
    add_shared_options(app);
    const std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
    bool as_json = wants_json(words);
    std::set_terminate(end_in_words);
    try {
        const auto root = describe(app);
        if (!words.empty() && words[0] == "__complete") return answer_completion(root, words);
        if (words == std::vector<std::string>{"__reference"}) return print(make_reference(root)), 0;
        return parse_and_run(app, commands,
                             read_invocation(root, words, [](const char* n) -> const char* { return std::getenv(n); }),
                             as_json);
    } catch (const io::Failure& failure) {
        return tell({exit_code_of(failure.kind()), failure.what()}, as_json);
    } catch (const std::exception& problem) {
        return tell({ExitCode::Failed, problem.what()}, as_json);
    }
}

}  // namespace entresol::app
