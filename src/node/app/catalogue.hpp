// What the command line offers, as plain data read from the CLI11 app: help, completion, suggestions, the configuration file and the reference in
// docs/cli.md are all made from it, so that none of them can miss a flag.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace entresol::app {

enum class ValueKind : std::uint8_t { None, Text, Number, File, Directory };

struct Flag {
    std::string name;  // "l1-port", without dashes
    std::string description;
    std::string type;  // as help shows it
    std::string default_value;
    std::vector<std::string> choices;
    ValueKind kind = ValueKind::None;
    bool is_required = false;
    bool is_setting = true;  // can come from the environment and a file; --help, --config and the like cannot

    [[nodiscard]] bool takes_value() const { return kind != ValueKind::None; }
    /// "ENTRESOL_L1_PORT".
    [[nodiscard]] std::string environment() const;
};

/// What stands on the command line without a flag.
struct Argument {
    std::string name;
    std::string description;
    std::vector<std::string> choices;
    ValueKind kind = ValueKind::Text;
};

struct CommandInfo {
    std::vector<std::string> path;  // {"key", "new"}; empty: the program itself
    std::string description;
    std::string footer;  // examples
    std::vector<Flag> flags;
    std::vector<Argument> arguments;
    std::vector<CommandInfo> commands;

    [[nodiscard]] const Flag* find_flag(std::string_view wanted) const;
    [[nodiscard]] const CommandInfo* find_command(std::string_view wanted) const;
    /// "entresol key new"
    [[nodiscard]] std::string title() const;
    [[nodiscard]] std::vector<std::string> command_names() const;
    [[nodiscard]] std::vector<std::string> flag_names() const;  // with dashes
};

[[nodiscard]] CommandInfo describe(const CLI::App& app);

}  // namespace entresol::app
