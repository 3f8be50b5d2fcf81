#include "node/app/reference.hpp"

#include <string_view>

#include "node/app/exit_code.hpp"

namespace entresol::app {
namespace {

std::string value_words(const Flag& flag) {
    if (!flag.takes_value()) return "";
    if (flag.choices.empty())
        return flag.kind == ValueKind::Number      ? " N"
               : flag.kind == ValueKind::File      ? " FILE"
               : flag.kind == ValueKind::Directory ? " DIR"
                                                   : " TEXT";
    std::string out;
    for (const auto& choice : flag.choices) out += (out.empty() ? " " : "\\|") + choice;
    return out;
}

std::string notes(const Flag& flag) {
    if (flag.is_required) return "required";
    return flag.takes_value() && !flag.default_value.empty() ? "`" + flag.default_value + "`" : "";
}

// Examples alone need no word before them; what explains more stays.
std::string without_heading(const std::string& footer) {
    constexpr std::string_view HEADING = "Examples:\n";
    return footer.starts_with(HEADING) ? footer.substr(HEADING.size()) : footer;
}

void add_command(std::string& out, const CommandInfo& command) {
    if (command.commands.empty()) {
        out += "\n### " + command.title();
        for (const auto& argument : command.arguments) out += " " + argument.name;
        out += "\n" + command.description + ".\n";
        for (const auto& argument : command.arguments)
            out += "\n" + argument.name + ": " + argument.description + ".\n";
        out += "\n| flag | meaning | default | environment |\n|---|---|---|---|\n";
        for (const auto& flag : command.flags)
            out += "| `--" + flag.name + value_words(flag) + "` | " + flag.description + " | " + notes(flag) + " | " +
                   (flag.is_setting ? "`" + flag.environment() + "`" : "") + " |\n";
        if (!command.footer.empty()) out += "\n```\n" + without_heading(command.footer) + "\n```\n";
    }
    for (const auto& child : command.commands) add_command(out, child);
}

}  // namespace

std::string exit_code_help() {
    std::string out = "Exit codes:";
    for (const auto& row : EXIT_CODES)
        out += "\n  " + std::to_string(static_cast<int>(row.code)) + "  " + std::string(row.meaning);
    return out + "\n  " + std::to_string(EXIT_BY_SIGNAL) +
           "+n  ended by signal n: while starting, or by a second one while stopping";
}

std::string make_reference(const CommandInfo& root) {
    std::string out = "## Exit codes\n| code | kind | meaning |\n|---|---|---|\n";
    for (const auto& row : EXIT_CODES)
        out += "| " + std::to_string(static_cast<int>(row.code)) + " | `" + std::string(row.name) + "` | " +
               std::string(row.meaning) + " |\n";
    out += "| " + std::to_string(EXIT_BY_SIGNAL) +
           "+n | | ended by signal n: while starting, or by a second one while stopping |\n";
    out += "\n## Commands\n";
    for (const auto& child : root.commands) add_command(out, child);
    return out;
}

}  // namespace entresol::app
