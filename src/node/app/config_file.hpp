// The configuration file (TOML): one table a command, one key a flag. toml++ shows in config_file.cpp alone.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "node/app/catalogue.hpp"

namespace entresol::app {

struct ConfigEntry {
    std::vector<std::string> table;  // {"key", "new"}; empty: the top of the file, for all commands
    std::string key;
    std::vector<std::string> values;  // as they would stand behind the flag; several where the file has an array
    std::size_t line = 0;
};

struct ConfigFile {
    std::string path;
    std::vector<ConfigEntry> entries;

    /// The entry for a command's flag: that of its own table, else that of the top.
    [[nodiscard]] const ConfigEntry* find(const std::vector<std::string>& command, std::string_view key) const;
};

/// Throws io::Failure (usage) with file and line: unreadable, not TOML, or a table or key that no command knows.
[[nodiscard]] ConfigFile load_config_file(const std::string& path, const CommandInfo& root);
[[nodiscard]] ConfigFile parse_config(const std::string& path, std::string_view text, const CommandInfo& root);

}  // namespace entresol::app
