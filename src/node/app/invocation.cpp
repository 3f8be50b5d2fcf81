#include "node/app/invocation.hpp"

#include <set>

#include "node/app/config_file.hpp"
#include "node/app/suggest.hpp"
#include "node/io/failure.hpp"

namespace entresol::app {
namespace {

[[noreturn]] void fail_usage(const std::string& words) { throw io::Failure(io::FailureKind::Usage, words); }

bool is_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

struct FlagWord {
    std::string name;
    bool has_value = false;
};

FlagWord split_flag(std::string_view word) {
    if (!word.starts_with("--")) return {word == "-h" ? "help" : std::string(word.substr(1)), false};
    const auto equals = word.find('=');
    return {std::string(word.substr(2, equals - 2)), equals != std::string_view::npos};
}

// Words in the order they were given, with the command they belong to: flags may stand before their command's name.
class Reader {
public:
    Reader(const CommandInfo& root, const std::vector<std::string>& words) : words_(words) { call_.command = &root; }

    Invocation read() {
        find_command();
        check_flags();
        if (call_.wants_help) {
            drop_all_but_help();
            return std::move(call_);
        }
        if (!call_.command->commands.empty())
            fail_usage("'" + call_.command->title() + "' needs a command" + list(call_.command->command_names()));
        return std::move(call_);
    }
    [[nodiscard]] const std::set<std::string>& given() const { return given_; }

private:
    static std::string list(const std::vector<std::string>& names) {
        std::string out = "\none of:";
        for (const auto& name : names) out += " " + name;
        return out;
    }

    // Whether some command has a flag of that name which takes a value: its next word is no command then.
    static bool takes_value(const CommandInfo& command, const std::string& name) {
        if (const auto* flag = command.find_flag(name)) return flag->takes_value();
        for (const auto& child : command.commands)
            if (takes_value(child, name)) return true;
        return false;
    }

    void find_command() {
        std::size_t i = 0;
        bool asks_help = false;
        for (; i < words_.size(); ++i) {
            const auto& word = words_[i];
            if (is_flag(word)) {
                const auto flag = split_flag(word);
                rest_.push_back(word);
                if (flag.has_value || !takes_value(*call_.command, flag.name)) continue;
                if (i + 1 < words_.size()) rest_.push_back(words_[++i]);
            } else if (word == "help" && call_.command->path.empty() && !asks_help) {
                asks_help = true;
            } else if (const auto* child = call_.command->find_command(word)) {
                call_.command = child;
                call_.words.push_back(word);
            } else if (!call_.command->commands.empty()) {
                fail_usage("'" + call_.command->title() + "' has no command '" + word + "'" +
                           did_you_mean(word, call_.command->command_names()));
            } else {
                rest_.push_back(word);
            }
        }
        if (asks_help) rest_.insert(rest_.begin(), "--help");
        call_.words.insert(call_.words.end(), rest_.begin(), rest_.end());
    }

    void check_flags() {
        const auto& command = *call_.command;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            if (!is_flag(rest_[i])) continue;
            const auto [name, has_value] = split_flag(rest_[i]);
            const auto* flag = command.find_flag(name);
            if (flag == nullptr) {
                refuse_flag(rest_[i]);
                continue;
            }
            given_.insert(name);
            call_.settings[name] = {Source::Flag, "--" + name};
            call_.wants_help = call_.wants_help || name == "help" || name == "version";
            call_.prints_config = call_.prints_config || name == "print-config";
            if (name == "config" && (has_value || i + 1 < rest_.size()))
                call_.config_path = has_value ? rest_[i].substr(rest_[i].find('=') + 1) : rest_[i + 1];
            if (flag->takes_value() && !has_value) ++i;
        }
    }

    void drop_all_but_help() {
        call_.words = call_.command->path;
        call_.words.emplace_back(given_.contains("help") ? "--help" : "--version");
    }

    // Whether a command below this one has the flag: then the command's name is what is missing.
    static bool is_known_below(const CommandInfo& command, const std::string& name) {
        for (const auto& child : command.commands)
            if (child.find_flag(name) != nullptr || is_known_below(child, name)) return true;
        return false;
    }

    void refuse_flag(const std::string& word) const {
        const auto& command = *call_.command;
        const auto name = word.substr(0, word.find('='));
        if (is_known_below(command, split_flag(word).name)) return;
        fail_usage("'" + command.title() + "' has no flag " + name + did_you_mean(name, command.flag_names()));
    }

    const std::vector<std::string>& words_;
    std::vector<std::string> rest_;
    std::set<std::string> given_;
    Invocation call_;
};

void add_setting(Invocation& call, const Flag& flag, const std::string& value, const Setting& setting) {
    if (value.empty()) return;  // said to be not set
    call.words.push_back("--" + flag.name + "=" + value);
    call.settings[flag.name] = setting;
}

}  // namespace

Setting Invocation::source_of(const std::string& flag) const {
    const auto it = settings.find(flag);
    return it == settings.end() ? Setting{} : it->second;
}

Invocation read_invocation(const CommandInfo& root, const std::vector<std::string>& arguments,
                           FindVariable find_variable) {
    Reader reader(root, arguments);
    auto call = reader.read();
    if (call.wants_help) return call;
    if (const char* path = find_variable("ENTRESOL_CONFIG"); path != nullptr && call.config_path.empty())
        if (call.command->find_flag("config") != nullptr) call.config_path = path;
    ConfigFile file;
    if (!call.config_path.empty()) file = load_config_file(call.config_path, root);
    for (const auto& flag : call.command->flags) {
        if (!flag.is_setting || reader.given().contains(flag.name)) continue;
        const auto variable = flag.environment();
        if (const char* value = find_variable(variable.c_str()); value != nullptr && *value != '\0') {
            add_setting(call, flag, value, {Source::Environment, variable});
        } else if (const auto* entry = file.find(call.command->path, flag.name)) {
            for (const auto& text : entry->values)
                add_setting(call, flag, text, {Source::File, file.path + ", line " + std::to_string(entry->line)});
        }
    }
    return call;
}

const char* name_of(Source source) {
    switch (source) {
        case Source::Default: return "default";
        case Source::File: return "file";
        case Source::Environment: return "environment";
        case Source::Flag: break;
    }
    return "flag";
}

}  // namespace entresol::app
