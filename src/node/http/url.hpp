// http and https URLs as endpoints are given: scheme, host, port, path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace entresol::http {

struct Url {
    bool tls = false;
    std::string host;  // a name, an IPv4 address, or an IPv6 address without its brackets
    std::string port;
    std::string path;  // without the last slash; with the query

    /// "example.org:443", "[::1]:8545": as the Host header and messages for people name it. Never the path, where hosted endpoints carry their key.
    [[nodiscard]] std::string authority() const;
};

/// RFC 3986 section 3, as far as endpoints need it: no user names (a password would show in every place that shows the host), no fragment.
/// The error is in words, and quotes no more than the scheme.
[[nodiscard]] Result<Url, std::string> parse_url(std::string_view text);

/// "http://127.0.0.1:8545", "http://[::1]:8545".
[[nodiscard]] std::string make_http_url(const std::string& host, std::uint16_t port);

}  // namespace entresol::http
