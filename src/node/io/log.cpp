#include "node/io/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace entresol::io {
namespace {

constexpr std::size_t MAX_MESSAGE_BYTES = 4096;

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::Debug: return spdlog::level::debug;
        case LogLevel::Info: return spdlog::level::info;
        case LogLevel::Warning: return spdlog::level::warn;
        case LogLevel::Error: break;
    }
    return spdlog::level::err;
}

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made =
            std::make_shared<spdlog::logger>("entresol", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%L%$ %v", spdlog::pattern_time_type::utc);
        made->flush_on(spdlog::level::info);
        return made;
    }();
    return *instance;
}

}  // namespace

std::string escape_for_log(std::string_view message) {
    static constexpr char DIGITS[] = "0123456789abcdef";
    std::string out;
    const bool is_cut = message.size() > MAX_MESSAGE_BYTES;
    for (const char c : message.substr(0, MAX_MESSAGE_BYTES)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            out += c;
        } else {
            out += "\\x";
            out += DIGITS[byte >> 4];
            out += DIGITS[byte & 15];
        }
    }
    return is_cut ? out + "…" : out;
}

void set_log_level(LogLevel level) { logger().set_level(spdlog_level(level)); }

void log(LogLevel level, std::string_view component, std::string_view message) {
    auto& target = logger();
    const auto severity = spdlog_level(level);
    if (!target.should_log(severity)) return;
    target.log(severity, spdlog::string_view_t(std::string(component) + ": " + escape_for_log(message)));
}

}  // namespace entresol::io
