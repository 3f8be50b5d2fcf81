#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "core/base/check.hpp"
#include "node/app/commands.hpp"
#include "node/app/completion.hpp"

namespace entresol::app {

Command add_completion_command(CLI::App& app) {
    auto* command = app.add_subcommand("completion", "Print the script that completes command lines in a shell");
    auto shell = std::make_shared<std::string>();
    command->add_option("SHELL", *shell, "Which shell")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->footer(
        "Examples:\n  source <(entresol completion bash)\n  entresol completion zsh > ~/.zfunc/_entresol\n  entresol "
        "completion fish > ~/.config/fish/completions/entresol.fish");
    return [shell] {
        const auto script = completion_script(*shell);
        CHECK(script.has_value());  // the option takes no other word
        print(std::string(*script));
        return 0;
    };
}

}  // namespace entresol::app
