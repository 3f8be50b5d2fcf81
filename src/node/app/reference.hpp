// The reference part of docs/cli.md: every command and flag as Markdown. A test keeps the document equal to it.
#pragma once

#include <string>

#include "node/app/catalogue.hpp"

namespace entresol::app {

[[nodiscard]] std::string make_reference(const CommandInfo& root);
/// "Exit codes:" and a line for each, as help shows them.
[[nodiscard]] std::string exit_code_help();

}  // namespace entresol::app
