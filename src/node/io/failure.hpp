// What keeps the program from starting or going on, in words for its user. The kind decides the exit code (docs/cli.md).
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace entresol::io {

enum class FailureKind : std::uint8_t {
    Usage,       // flags, environment or configuration file
    Listen,      // the address to serve at: taken, not permitted, not of this machine
    Datadir,     // cannot be written, is in use, or holds something else
    L1Endpoint,  // unreachable, or another chain
    Key,         // missing, readable by others, malformed
};

/// Thrown while starting; `port` is the one that could not be had, so that who catches it can name the flag.
class Failure : public std::runtime_error {
public:
    Failure(FailureKind kind, const std::string& words, std::uint16_t port = 0)
        : std::runtime_error(words), kind_(kind), port_(port) {}
    [[nodiscard]] FailureKind kind() const { return kind_; }
    [[nodiscard]] std::uint16_t port() const { return port_; }

private:
    FailureKind kind_;
    std::uint16_t port_;
};

}  // namespace entresol::io
