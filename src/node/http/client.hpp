// HTTP requests to another program: JSON-RPC and beacon endpoints. Blocking, bounded in time and size.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace entresol::http {

/// One endpoint, http://host[:port][/path] or https://…; keeps one connection alive between requests. Thread-safe; requests wait for each other.
/// TLS verifies the server's certificate and name against the system's authorities (SSL_CERT_FILE and SSL_CERT_DIR name others).
class Client {
public:
    struct Options {
        std::uint64_t timeout_ms = 20'000;  // of a request, from connecting to its answer's last byte
        std::uint64_t keep_idle_ms =
            15'000;  // a connection idle for longer is not used again: the other side may be closing it
        std::size_t max_answer_bytes = 64 * 1024 * 1024;
    };
    /// Throws io::Failure (usage) when that is no such URL.
    explicit Client(const std::string& url) : Client(url, Options{}) {}
    Client(const std::string& url, Options options);
    ~Client();

    /// The answer's body when its status is 200; else what went wrong, in words. Sent once: when the connection breaks after that, nobody knows whether
    /// the other side has acted on it, and the caller decides.
    [[nodiscard]] Result<std::string, std::string> post(std::string_view body);
    /// `path` is appended to the URL's own. Tried once more on a new connection when a kept one breaks.
    [[nodiscard]] Result<std::string, std::string> get(std::string_view path);

    /// Ends the request in progress, and all later ones at once. Any thread.
    void cancel();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::http
