// One call of the program: which command, which flags, and where every setting comes from. Flags win over the environment, the environment over the
// configuration file, the file over the default.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "node/app/catalogue.hpp"

namespace entresol::app {

enum class Source : std::uint8_t { Default, File, Environment, Flag };

struct Setting {
    Source source = Source::Default;
    std::string place;  // "ENTRESOL_PORT"; "node.toml, line 3"
};

struct Invocation {
    const CommandInfo* command = nullptr;
    std::vector<std::string> words;  // for CLI11: the command's path, what was given, what environment and file add
    std::map<std::string, Setting> settings;  // by flag name; what is at its default is not here
    std::string config_path;
    bool wants_help = false;     // --help or --version: nothing else is looked at
    bool prints_config = false;  // --print-config

    [[nodiscard]] Setting source_of(const std::string& flag) const;
};

using FindVariable = const char* (*)(const char* name);

/// Throws io::Failure (usage) on unknown commands and flags, with what was probably meant, and on a configuration file that cannot be used.
/// `find_variable` is the environment (std::getenv).
[[nodiscard]] Invocation read_invocation(const CommandInfo& root, const std::vector<std::string>& arguments,
                                         FindVariable find_variable);

/// "flag", "environment", "file", "default".
[[nodiscard]] const char* name_of(Source source);

}  // namespace entresol::app
