#include "node/app/completion.hpp"

#include <set>

namespace entresol::app {
namespace {

constexpr std::string_view BASH = R"(# Completion of entresol for bash:  source <(entresol completion bash)
_entresol() {
    local program=${COMP_WORDS[0]/#\~/$HOME} current=${COMP_WORDS[COMP_CWORD]} line
    [ "$current" = = ] && current=
    COMPREPLY=()
    while IFS=$'\t' read -r line _; do
        case $line in
            :file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
            :dir) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
            *) COMPREPLY+=("$line") ;;
        esac
    done < <("$program" __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _entresol entresol
)";

constexpr std::string_view ZSH = R"(#compdef entresol
# Completion of entresol for zsh:  source <(entresol completion zsh), after compinit; or as the file _entresol in a folder of $fpath
_entresol() {
    local line
    local -a candidates
    for line in "${(@f)$("${words[1]}" __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
        case $line in
            :file) _files ;;
            :dir) _files -/ ;;
            ?*) candidates+=("${line/$'\t'/:}") ;;
        esac
    done
    (( ${#candidates} )) && _describe entresol candidates
}
compdef _entresol entresol
)";

constexpr std::string_view FISH = R"(# Completion of entresol for fish:  entresol completion fish | source
function __entresol_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] 2>/dev/null)
        switch $line
            case :file
                __fish_complete_path (commandline -ct)
            case :dir
                __fish_complete_directories (commandline -ct)
            case '*'
                echo $line
        end
    end
end
complete -c entresol -f -a '(__entresol_complete)'
)";

struct Script {
    std::string_view shell, text;
};
constexpr Script SCRIPTS[] = {{"bash", BASH}, {"zsh", ZSH}, {"fish", FISH}};

// A description's first sentence: the line has little room.
std::string brief(const std::string& description) { return description.substr(0, description.find(". ")); }

class Completer {
public:
    explicit Completer(const CommandInfo& root) : command_(&root) {}

    std::vector<std::string> run(const std::vector<std::string>& words) {
        for (std::size_t i = 0; i + 1 < words.size(); ++i) pass(words[i]);
        const auto current = words.empty() ? std::string() : words.back();
        offer_for(current);
        return std::move(out_);
    }

private:
    // A word before the cursor.
    void pass(const std::string& word) {
        if (word == "=") return;  // bash splits "--da=blobs" into three words
        if (waits_ != nullptr) {
            waits_ = nullptr;
        } else if (word.starts_with("--")) {
            const auto name = word.substr(2, word.find('=') - 2);
            given_.insert(name);
            const auto* flag = command_->find_flag(name);
            if (flag != nullptr && flag->takes_value() && word.find('=') == std::string::npos) waits_ = flag;
        } else if (const auto* child = command_->find_command(word)) {
            command_ = child;
        } else if (!word.starts_with('-')) {
            ++arguments_;
        }
    }

    void offer_for(const std::string& current) {
        if (waits_ != nullptr) return offer_values(waits_->choices, waits_->kind, current == "=" ? "" : current, "");
        if (const auto equals = current.find('='); current.starts_with("--") && equals != std::string::npos) {
            const auto* flag = command_->find_flag(current.substr(2, equals - 2));
            if (flag != nullptr)
                offer_values(flag->choices, flag->kind, current.substr(equals + 1), current.substr(0, equals + 1));
            return;
        }
        if (!current.starts_with('-')) {
            for (const auto& child : command_->commands) offer(child.path.back(), child.description, current);
            if (arguments_ < command_->arguments.size()) {
                const auto& argument = command_->arguments[arguments_];
                offer_values(argument.choices, argument.kind, current, "");
            }
            if (!out_.empty()) return;
        }
        for (const auto& flag : command_->flags)
            if (!given_.contains(flag.name)) offer("--" + flag.name, flag.description, current);
    }

    void offer_values(const std::vector<std::string>& choices, ValueKind kind, const std::string& current,
                      const std::string& prefix) {
        for (const auto& choice : choices)
            if (choice.starts_with(current)) out_.push_back(prefix + choice);
        if (!choices.empty()) return;
        if (kind == ValueKind::File) out_.emplace_back(":file");
        if (kind == ValueKind::Directory) out_.emplace_back(":dir");
    }

    void offer(const std::string& word, const std::string& description, const std::string& current) {
        if (word.starts_with(current)) out_.push_back(word + "\t" + brief(description));
    }

    const CommandInfo* command_;
    const Flag* waits_ = nullptr;
    std::size_t arguments_ = 0;
    std::set<std::string> given_;
    std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> complete(const CommandInfo& root, const std::vector<std::string>& words) {
    return Completer(root).run(words);
}

std::optional<std::string_view> completion_script(std::string_view shell) {
    for (const auto& script : SCRIPTS)
        if (script.shell == shell) return script.text;
    return std::nullopt;
}

}  // namespace entresol::app
