// What --print-config shows: every setting of a command with its value and where that came from, as TOML that --config takes, or as JSON.
#pragma once

#include <string>

#include "node/app/invocation.hpp"

namespace entresol::app {

[[nodiscard]] std::string print_config_toml(const Invocation& call);
[[nodiscard]] std::string print_config_json(const Invocation& call);

}  // namespace entresol::app
