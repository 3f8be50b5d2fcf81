// One log for the whole program, on standard error. spdlog stays in log.cpp. Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace entresol::io {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

/// What is below is not written. Info at the start.
void set_log_level(LogLevel level);
/// One line: time, level, component, message. Control characters in the message come out escaped, because parts of it may be a stranger's.
/// Never put a key into a message.
void log(LogLevel level, std::string_view component, std::string_view message);

inline void log_info(std::string_view component, std::string_view message) { log(LogLevel::Info, component, message); }
inline void log_warning(std::string_view component, std::string_view message) {
    log(LogLevel::Warning, component, message);
}
inline void log_error(std::string_view component, std::string_view message) {
    log(LogLevel::Error, component, message);
}

/// The message as it is written.
[[nodiscard]] std::string escape_for_log(std::string_view message);

}  // namespace entresol::io
