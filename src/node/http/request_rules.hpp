// What a request's headers decide, as plain functions: who may call, and which form of an answer is wanted.
#pragma once

#include <string>
#include <string_view>

namespace entresol::http {

/// Whether a Host header names this machine's loopback: localhost, *.localhost, 127.0.0.1 or [::1], with or without a port.
[[nodiscard]] bool is_loopback_host(std::string_view host);
/// Whether a Host header is `name`, with or without a port.
[[nodiscard]] bool is_host(std::string_view host, std::string_view name);
/// Whether a page of `origin` was served under this Host header ("http://localhost:8545" and "localhost:8545").
[[nodiscard]] bool is_same_origin(std::string_view origin, std::string_view host);
/// Accept-Encoding, RFC 9110 section 12.5.3, as far as gzip goes.
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);
/// If-None-Match, RFC 9110 section 13.1.2: weak comparison.
[[nodiscard]] bool has_etag(std::string_view if_none_match, std::string_view etag);

}  // namespace entresol::http
