#include "node/io/log.hpp"

#include <unistd.h>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "node/io/log_escape.hpp"
#include "node/io/terminal.hpp"

namespace entresol::io {
namespace {

constexpr std::size_t MAX_MESSAGE_BYTES = 4096;
constexpr std::string_view LEVEL_NAMES[] = {"trace", "debug", "info", "warn", "error"};
constexpr const char* TEXT_PATTERN = "%Y-%m-%dT%H:%M:%S.%eZ %^%L%$ %v";
constexpr const char* JSON_PATTERN = R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ",%v})";

spdlog::level::level_enum spdlog_level(LogLevel level) {
    switch (level) {
        case LogLevel::Trace: return spdlog::level::trace;
        case LogLevel::Debug: return spdlog::level::debug;
        case LogLevel::Info: return spdlog::level::info;
        case LogLevel::Warning: return spdlog::level::warn;
        case LogLevel::Error: break;
    }
    return spdlog::level::err;
}

struct Log {
    Log() {
        auto sink = std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
        sink->set_color_mode(use_colour(STDERR_FILENO) ? spdlog::color_mode::always : spdlog::color_mode::never);
        logger = std::make_shared<spdlog::logger>("entresol", std::move(sink));
        logger->set_pattern(TEXT_PATTERN, spdlog::pattern_time_type::utc);
        logger->flush_on(spdlog::level::trace);
    }
    std::shared_ptr<spdlog::logger> logger;
    std::atomic<LogFormat> format{LogFormat::Text};
};

Log& instance() {
    static Log log;
    return log;
}

std::string_view cut(std::string_view text) { return text.substr(0, MAX_MESSAGE_BYTES); }

}  // namespace

std::string_view name_of(LogLevel level) { return LEVEL_NAMES[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> find_log_level(std::string_view name) {
    for (std::size_t i = 0; i < std::size(LEVEL_NAMES); ++i)
        if (LEVEL_NAMES[i] == name) return static_cast<LogLevel>(i);
    return std::nullopt;
}

std::string escape_for_log(std::string_view message) {
    auto out = escape_controls(cut(message));
    return message.size() > MAX_MESSAGE_BYTES ? out + "…" : out;
}

std::string format_text_line(std::string_view component, std::string_view message, LogFields fields) {
    std::string out = std::string(component) + ": " + escape_for_log(message);
    for (const auto& field : fields) {
        out += ' ';
        out += field.key;
        out += '=';
        out += field.is_bare ? field.value : quote_if_needed(cut(field.value));
    }
    return out;
}

std::string format_json_members(std::string_view component, std::string_view message, LogFields fields) {
    std::string out = "\"component\":" + quote_json(component) + ",\"message\":" + quote_json(cut(message));
    for (const auto& field : fields)
        out += "," + quote_json(field.key) + ":" + (field.is_bare ? field.value : quote_json(cut(field.value)));
    return out;
}

void set_log_level(LogLevel level) { instance().logger->set_level(spdlog_level(level)); }

void set_log_format(LogFormat format) {
    auto& log = instance();
    log.format = format;
    log.logger->set_pattern(format == LogFormat::Json ? JSON_PATTERN : TEXT_PATTERN, spdlog::pattern_time_type::utc);
}

bool is_logged(LogLevel level) { return instance().logger->should_log(spdlog_level(level)); }

void log(LogLevel level, std::string_view component, std::string_view message, LogFields fields) {
    if (!is_logged(level)) return;
    auto& target = instance();
    const auto line = target.format == LogFormat::Json ? "\"level\":" + quote_json(name_of(level)) + "," +
                                                             format_json_members(component, message, fields)
                                                       : format_text_line(component, message, fields);
    target.logger->log(spdlog_level(level), spdlog::string_view_t(line));
}

}  // namespace entresol::io
