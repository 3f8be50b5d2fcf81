#include "node/http/url.hpp"

#include <algorithm>

namespace entresol::http {
namespace {

constexpr std::size_t MAX_URL_BYTES = 2048;
constexpr std::string_view NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
constexpr std::string_view IPV6_CHARACTERS = "0123456789abcdefABCDEF:.";

Unexpected<std::string> refuse(const char* words) { return fail(std::string(words)); }

bool has_only(std::string_view text, std::string_view allowed) {
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_port(std::string_view text) {
    if (text.empty() || text.size() > 5 || !has_only(text, "0123456789")) return false;
    unsigned value = 0;
    for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
    return value > 0 && value <= 65535;
}

// What would end a request line, or was forgotten to be escaped.
bool is_path(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

Result<std::string, std::string> take_host(std::string_view& authority) {
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return refuse("the URL's IPv6 address lacks its closing bracket");
        const auto host = authority.substr(1, end - 1);
        if (host.find(':') == std::string_view::npos || !has_only(host, IPV6_CHARACTERS))
            return refuse("the URL has no IPv6 address in its brackets");
        authority.remove_prefix(end + 1);
        return std::string(host);
    }
    const auto host = authority.substr(0, authority.find(':'));
    if (host.empty()) return refuse("the URL names no host");
    if (!has_only(host, NAME_CHARACTERS)) return refuse("the URL's host is malformed");
    authority.remove_prefix(host.size());
    return std::string(host);
}

}  // namespace

std::string Url::authority() const {
    return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
}

Result<Url, std::string> parse_url(std::string_view text) {
    if (text.size() > MAX_URL_BYTES) return refuse("the URL is too long");
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return refuse("not a URL: http://host:port or https://host expected");
    const auto scheme = text.substr(0, scheme_end);
    if (scheme != "http" && scheme != "https") return refuse("only http and https URLs are supported");
    text.remove_prefix(scheme_end + 3);
    const auto path_begin = text.find_first_of("/?#");
    auto authority = text.substr(0, path_begin);
    if (authority.find('@') != std::string_view::npos) return refuse("user names in URLs are not supported");
    Url url;
    url.tls = scheme == "https";
    TRY(url.host, take_host(authority));
    if (!authority.empty() && !authority.starts_with(':')) return refuse("the URL's host is malformed");
    url.port = authority.empty() ? (url.tls ? "443" : "80") : std::string(authority.substr(1));
    if (!is_port(url.port)) return refuse("the URL's port is not a number from 1 to 65535");
    if (path_begin != std::string_view::npos) url.path = std::string(text.substr(path_begin));
    if (url.path.find('#') != std::string::npos || !is_path(url.path)) return refuse("the URL's path is malformed");
    if (url.path.starts_with('?')) url.path.insert(0, "/");
    while (url.path.ends_with('/')) url.path.pop_back();
    return url;
}

std::string make_http_url(const std::string& host, std::uint16_t port) {
    return "http://" + Url{.tls = false, .host = host, .port = std::to_string(port), .path = ""}.authority();
}

}  // namespace entresol::http
