#include "node/app/config_file.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include "node/app/suggest.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

constexpr std::size_t MAX_FILE_BYTES = 1 << 20;
constexpr std::size_t MAX_ARRAY = 256;

class Reader {
public:
    Reader(std::string path, const CommandInfo& root) : root_(root) { file_.path = std::move(path); }

    void read_table(const toml::table& table, const CommandInfo& command) {
        for (const auto& [key, node] : table) {
            const std::string name(key.str());
            const auto line = static_cast<std::size_t>(node.source().begin.line);
            const auto* flag = find_flag(command, name);
            if (const auto* child = command.find_command(name); child != nullptr && node.is_table())
                read_table(*node.as_table(), *child);
            else if (flag == nullptr)
                refuse_name(name, node.is_table(), command, line);
            else
                file_.entries.push_back({command.path, name, values_of(node, name, line), line});
        }
    }

    ConfigFile take() { return std::move(file_); }

private:
    // At the top of the file stand settings that some command knows.
    [[nodiscard]] const Flag* find_flag(const CommandInfo& command, std::string_view name) const {
        if (const auto* flag = command.find_flag(name)) return flag->is_setting ? flag : nullptr;
        if (!command.path.empty()) return nullptr;
        for (const auto& child : root_.commands)
            if (const auto* flag = child.find_flag(name); flag != nullptr && flag->is_setting) return flag;
        return nullptr;
    }

    [[noreturn]] void fail_at(std::size_t line, const std::string& words) const {
        throw io::Failure(io::FailureKind::Usage, file_.path + ", line " + std::to_string(line) + ": " + words);
    }

    [[noreturn]] void refuse_name(const std::string& name, bool is_table, const CommandInfo& command,
                                  std::size_t line) const {
        if (is_table)
            fail_at(line, "no command is called '" + name + "'" + did_you_mean(name, command.command_names()));
        std::vector<std::string> keys;
        for (const auto& flag : (command.path.empty() ? root_.commands.front() : command).flags)
            if (flag.is_setting) keys.push_back(flag.name);
        fail_at(line, "'" + name + "' is no setting of " + command.title() + did_you_mean(name, keys));
    }

    [[nodiscard]] std::string text_of(const toml::node& node, const std::string& name, std::size_t line) const {
        if (const auto* text = node.as_string()) return text->get();
        if (const auto* number = node.as_integer()) return std::to_string(number->get());
        if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
        if (const auto* real = node.as_floating_point()) {
            std::ostringstream out;
            out << real->get();
            return out.str();
        }
        fail_at(line, "'" + name + "' is neither text, number nor boolean");
    }

    [[nodiscard]] std::vector<std::string> values_of(const toml::node& node, const std::string& name,
                                                     std::size_t line) const {
        const auto* array = node.as_array();
        if (array == nullptr) return {text_of(node, name, line)};
        if (array->size() > MAX_ARRAY) fail_at(line, "'" + name + "' has too many values");
        std::vector<std::string> out;
        for (const auto& element : *array) out.push_back(text_of(element, name, line));
        return out;
    }

    const CommandInfo& root_;
    ConfigFile file_;
};

}  // namespace

const ConfigEntry* ConfigFile::find(const std::vector<std::string>& command, std::string_view key) const {
    const ConfigEntry* best = nullptr;
    for (const auto& entry : entries) {
        if (entry.key != key) continue;
        if (entry.table == command) return &entry;
        if (entry.table.empty()) best = &entry;
    }
    return best;
}

ConfigFile parse_config(const std::string& path, std::string_view text, const CommandInfo& root) {
    const auto parsed = toml::parse(text);
    if (!parsed) {
        const auto& error = parsed.error();
        throw io::Failure(io::FailureKind::Usage, path + ", line " + std::to_string(error.source().begin.line) + ": " +
                                                      std::string(error.description()));
    }
    Reader reader(path, root);
    reader.read_table(parsed.table(), root);
    return reader.take();
}

ConfigFile load_config_file(const std::string& path, const CommandInfo& root) {
    std::ifstream in(path, std::ios::binary);
    std::string text;
    char chunk[4096];
    while (in && text.size() <= MAX_FILE_BYTES) {
        in.read(chunk, sizeof chunk);
        text.append(chunk, static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof() || in.bad())
        throw io::Failure(io::FailureKind::Usage, text.size() > MAX_FILE_BYTES
                                                      ? path + ": larger than a configuration file may be"
                                                      : "cannot read the configuration file " + path);
    return parse_config(path, text, root);
}

}  // namespace entresol::app
