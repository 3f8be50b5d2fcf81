// The program's exit codes. They are stable: scripts and service managers decide by them. docs/cli.md has the same table, which a test compares.
#pragma once

#include <cstdint>
#include <string_view>

#include "node/io/failure.hpp"

namespace entresol::app {

enum class ExitCode : std::uint8_t {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Listen = 3,
    Datadir = 4,
    L1Endpoint = 5,
    Key = 6
};

struct ExitCodeRow {
    ExitCode code;
    std::string_view name;     // "kind" of an error object
    std::string_view meaning;  // one line of help
};
inline constexpr ExitCodeRow EXIT_CODES[] = {
    {ExitCode::Done, "done", "done; a server was asked to stop and did"},
    {ExitCode::Failed, "failed", "failed while running"},
    {ExitCode::Usage, "usage", "wrong usage: flags, environment or configuration file"},
    {ExitCode::Listen, "listen", "cannot listen: the port is taken, or the address is not of this machine"},
    {ExitCode::Datadir, "datadir", "the data directory cannot be written or another process uses it"},
    {ExitCode::L1Endpoint, "l1", "the L1 endpoint cannot be reached or is another chain"},
    {ExitCode::Key, "key", "a key is missing, malformed, or others may read it"},
};
/// 128 + the signal's number, as shells report it: interrupted while starting, or a second time while stopping.
inline constexpr int EXIT_BY_SIGNAL = 128;

[[nodiscard]] constexpr ExitCode exit_code_of(io::FailureKind kind) {
    switch (kind) {
        case io::FailureKind::Usage: return ExitCode::Usage;
        case io::FailureKind::Listen: return ExitCode::Listen;
        case io::FailureKind::Datadir: return ExitCode::Datadir;
        case io::FailureKind::L1Endpoint: return ExitCode::L1Endpoint;
        case io::FailureKind::Key: break;
    }
    return ExitCode::Key;
}

}  // namespace entresol::app
