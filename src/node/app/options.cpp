// Options that several commands share.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <CLI/CLI.hpp>

#include "node/app/commands.hpp"
#include "node/io/failure.hpp"
#include "node/io/key_file.hpp"
#include "node/io/log.hpp"
#include "node/replica/replica.hpp"
#include "node/settlement/posting.hpp"

namespace entresol::app {

void LogSettings::apply() const {
    io::set_log_level(io::find_log_level(level).value_or(io::LogLevel::Info));
    io::set_log_format(format == "json" ? io::LogFormat::Json : io::LogFormat::Text);
}

std::shared_ptr<LogSettings> add_log_options(CLI::App& command, const char* default_level) {
    auto settings = std::make_shared<LogSettings>();
    settings->level = default_level;
    command.add_option("--log-level", settings->level, "Least level of the log on standard error")
        ->capture_default_str()
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error"}));
    command.add_option("--log-format", settings->format, "key=value lines or JSON lines")
        ->capture_default_str()
        ->check(CLI::IsMember({"text", "json"}));
    return settings;
}

settlement::PostingOptions PostingSettings::options(std::uint64_t sequencing_window_s) const {
    if (deadline_s > sequencing_window_s / 2)
        throw io::Failure(io::FailureKind::Usage, "--batch-deadline " + std::to_string(deadline_s) +
                                                      " is more than half of the sequencing window, " +
                                                      std::to_string(sequencing_window_s) + " s");
    const auto choice = data == "blobs"      ? settlement::DataChoice::Blobs
                        : data == "calldata" ? settlement::DataChoice::Calldata
                                             : settlement::DataChoice::Cheapest;
    return {.data = choice, .deadline_ms = deadline_s * 1000};
}

void add_posting_options(CLI::App& command, PostingSettings& settings) {
    command.add_option("--da", settings.data, "Where batches go; auto takes what L1 asks less for, each time")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "blobs", "calldata"}));
    command
        .add_option(
            "--batch-deadline", settings.deadline_s,
            "Seconds that a block may wait for blobs to fill and fees to fall before it is posted; 0 posts at once")
        ->capture_default_str()
        ->type_name("SECONDS");
}

void add_durability_option(CLI::App& command, std::string& name) {
    command
        .add_option("--durability", name,
                    "What a power cut may take back of --datadir: block: no sealed block; async: blocks that are not "
                    "final yet. A killed process loses no sealed block in either")
        ->capture_default_str()
        ->check(CLI::IsMember({"async", "block"}));
}

store::Durability resolve_durability(const std::string& name) {
    return store::find_durability(name).value_or(store::Durability::Async);
}

void add_blob_retention_option(CLI::App& command, std::uint64_t& seconds) {
    command
        .add_option(
            "--blob-retention", seconds,
            "Seconds of L1 time for which --datadir keeps the blobs that blocks were derived from, served again "
            "at /eth/v1/beacon/blob_sidecars; 0 keeps all")
        ->capture_default_str()
        ->type_name("SECONDS");
}

void add_health_option(CLI::App& command, std::uint64_t& seconds) {
    command
        .add_option(
            "--health-max-age", seconds,
            "Seconds that the head may be behind the clock before GET /health answers 503; GET /metrics tells more")
        ->capture_default_str()
        ->type_name("SECONDS");
}

void add_access_options(CLI::App& command, replica::Options& options) {
    command
        .add_option(
            "--cors-origin", options.allowed_origin,
            "Web pages that may call: one origin (https://app.example), or * for every; else only this server's own")
        ->type_name("ORIGIN");
    command
        .add_option("--allow-host", options.allowed_hosts,
                    "Name under which it may be called, beside loopback's; several separated by commas")
        ->type_name("NAME")
        ->delimiter(',');
}

void add_key_options(CLI::App& command, const std::string& role, io::KeyLocation& location) {
    location.environment = "ENTRESOL_";
    for (const char c : role + "_key")
        location.environment += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    command
        .add_option("--" + role + "-key-file", location.file,
                    "File with the " + role +
                        "'s key, or keystore, that only its owner may read; else the key is taken from " +
                        location.environment)
        ->type_name("FILE");
    command.add_option("--" + role + "-password-file", location.password_file, "File with the keystore's password")
        ->type_name("FILE");
}

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
        throw std::runtime_error(std::string("cannot write to standard output: ") + std::strerror(errno));  // NOLINT
}

}  // namespace entresol::app
