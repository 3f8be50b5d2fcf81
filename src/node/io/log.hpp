// One log for the whole program, on standard error: lines for people ("message key=value …") or JSON objects. spdlog stays in log.cpp. Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace entresol::io {

enum class LogLevel : std::uint8_t { Trace, Debug, Info, Warning, Error };
enum class LogFormat : std::uint8_t { Text, Json };

/// What is below is not written. Info at the start.
void set_log_level(LogLevel level);
void set_log_format(LogFormat format);
/// Whether a line of that level would be written: to ask before a costly one is made.
[[nodiscard]] bool is_logged(LogLevel level);
/// "trace", "debug", "info", "warn", "error"; and back.
[[nodiscard]] std::string_view name_of(LogLevel level);
[[nodiscard]] std::optional<LogLevel> find_log_level(std::string_view name);

/// A fact beside the message. Secrets have no way in: io::Secret and io::PrivateKey convert to none of these.
struct LogField {
    LogField(std::string_view k, std::string_view text) : key(k), value(text) {}
    LogField(std::string_view k, const char* text) : key(k), value(text) {}
    LogField(std::string_view k, const std::string& text) : key(k), value(text) {}
    LogField(std::string_view k, bool fact) : key(k), value(fact ? "true" : "false"), is_bare(true) {}
    template <std::integral T>
    LogField(std::string_view k, T number) : key(k), value(std::to_string(number)), is_bare(true) {}

    std::string_view key;  // snake_case, units last
    std::string value;
    bool is_bare = false;  // a number or boolean
};
using LogFields = std::initializer_list<LogField>;

/// One line: time, level, component, message, fields. Control characters come out escaped, because parts of it may be a stranger's.
void log(LogLevel level, std::string_view component, std::string_view message, LogFields fields = {});

inline void log_debug(std::string_view component, std::string_view message, LogFields fields = {}) {
    log(LogLevel::Debug, component, message, fields);
}
inline void log_info(std::string_view component, std::string_view message, LogFields fields = {}) {
    log(LogLevel::Info, component, message, fields);
}
inline void log_warning(std::string_view component, std::string_view message, LogFields fields = {}) {
    log(LogLevel::Warning, component, message, fields);
}
inline void log_error(std::string_view component, std::string_view message, LogFields fields = {}) {
    log(LogLevel::Error, component, message, fields);
}

/// A message as a text line has it.
[[nodiscard]] std::string escape_for_log(std::string_view message);
/// The text after time and level, and the members of the JSON object after them.
[[nodiscard]] std::string format_text_line(std::string_view component, std::string_view message, LogFields fields);
[[nodiscard]] std::string format_json_members(std::string_view component, std::string_view message, LogFields fields);

}  // namespace entresol::io
