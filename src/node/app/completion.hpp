// What a shell offers when the user presses Tab. The shells' scripts only ask `entresol __complete WORDS…`; the answer is made here from the catalogue.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/app/catalogue.hpp"

namespace entresol::app {

/// `words` are those after the program's name, the last being the one under the cursor (maybe empty). One line a candidate: the word, a tab, what it
/// does. The lines ":file" and ":dir" ask the shell for names of files or folders.
[[nodiscard]] std::vector<std::string> complete(const CommandInfo& root, const std::vector<std::string>& words);

/// The script for "bash", "zsh" or "fish".
[[nodiscard]] std::optional<std::string_view> completion_script(std::string_view shell);

}  // namespace entresol::app
