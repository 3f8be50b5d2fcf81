#include "node/app/catalogue.hpp"

#include <algorithm>
#include <cctype>

#include <CLI/CLI.hpp>

namespace entresol::app {
namespace {

constexpr std::string_view NOT_SETTINGS[] = {"help", "version", "config", "print-config"};

// CLI11 shows the allowed words of an option in its type: "TEXT:{blobs,calldata}".
std::vector<std::string> choices_in(const std::string& type) {
    std::vector<std::string> out;
    const auto begin = type.find('{'), end = type.find('}');
    if (begin == std::string::npos || end == std::string::npos || end < begin) return out;
    std::string word;
    for (const char c : type.substr(begin + 1, end - begin - 1) + ",") {
        if (c != ',')
            word += c;
        else
            out.push_back(std::exchange(word, ""));
    }
    return out;
}

ValueKind kind_of(const CLI::Option& option, const std::string& type) {
    if (option.get_items_expected_max() == 0 || option.get_expected_max() == 0) return ValueKind::None;
    if (type.find("DIR") != std::string::npos) return ValueKind::Directory;
    if (type.find("FILE") != std::string::npos) return ValueKind::File;
    if (type.find("INT") != std::string::npos || type.find("FLOAT") != std::string::npos) return ValueKind::Number;
    return ValueKind::Text;
}

Flag describe_flag(const CLI::Option& option) {
    const auto type = option.get_type_name();
    const auto kind = kind_of(option, type);
    Flag flag{.name = option.get_lnames().front(),
              .description = option.get_description(),
              .type = type,
              .default_value = option.get_default_str(),
              .choices = choices_in(type),
              .kind = kind,
              .is_required = option.get_required()};
    flag.is_setting = std::find(std::begin(NOT_SETTINGS), std::end(NOT_SETTINGS), flag.name) == std::end(NOT_SETTINGS);
    return flag;
}

CommandInfo describe_command(const CLI::App& app, std::vector<std::string> path) {
    CommandInfo out;
    out.description = app.get_description();
    out.footer = app.get_footer();
    for (const auto* option : app.get_options()) {
        const auto type = option->get_type_name();
        if (!option->get_lnames().empty())
            out.flags.push_back(describe_flag(*option));
        else if (option->get_positional())
            out.arguments.push_back(
                {option->get_name(), option->get_description(), choices_in(type), kind_of(*option, type)});
    }
    for (const auto* child : app.get_subcommands([](const CLI::App* a) { return !a->get_name().empty(); })) {
        auto child_path = path;
        child_path.push_back(child->get_name());
        out.commands.push_back(describe_command(*child, std::move(child_path)));
    }
    out.path = std::move(path);
    return out;
}

}  // namespace

std::string Flag::environment() const {
    std::string out = "ENTRESOL_";
    for (const char c : name) out += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

const Flag* CommandInfo::find_flag(std::string_view wanted) const {
    const auto it = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.name == wanted; });
    return it == flags.end() ? nullptr : &*it;
}

const CommandInfo* CommandInfo::find_command(std::string_view wanted) const {
    const auto it = std::find_if(commands.begin(), commands.end(),
                                 [&](const CommandInfo& command) { return command.path.back() == wanted; });
    return it == commands.end() ? nullptr : &*it;
}

std::string CommandInfo::title() const {
    std::string out = "entresol";
    for (const auto& word : path) out += " " + word;
    return out;
}

std::vector<std::string> CommandInfo::command_names() const {
    std::vector<std::string> out;
    for (const auto& command : commands) out.push_back(command.path.back());
    return out;
}

std::vector<std::string> CommandInfo::flag_names() const {
    std::vector<std::string> out;
    for (const auto& flag : flags) out.push_back("--" + flag.name);
    return out;
}

CommandInfo describe(const CLI::App& app) { return describe_command(app, {}); }

}  // namespace entresol::app
