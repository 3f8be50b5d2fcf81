#include "node/http/request_rules.hpp"

#include <algorithm>

namespace entresol::http {
namespace {

constexpr std::string_view BLANKS = " \t";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
    const auto begin = text.find_first_not_of(BLANKS);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(BLANKS) - begin + 1);
}

// The first element of a list separated by commas; the list keeps the rest.
std::string_view take_element(std::string_view& list) {
    const auto comma = list.find(',');
    const auto element = trim(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    return element;
}

// Without ":port". What follows the colon must be a number, so that no name hides behind one.
std::string_view strip_port(std::string_view host) {
    const auto colon = host.rfind(':');
    if (colon == std::string_view::npos) return host;
    const auto port = host.substr(colon + 1);
    return port.find_first_not_of("0123456789") == std::string_view::npos ? host.substr(0, colon) : host;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
    constexpr std::string_view SUFFIX = ".localhost";  // RFC 6761 section 6.3
    if (host == "[::1]") return true;
    const auto name = strip_port(host);
    for (const std::string_view known : {"localhost", "127.0.0.1", "[::1]"})
        if (equals_ignoring_case(name, known)) return true;
    return name.size() > SUFFIX.size() && equals_ignoring_case(name.substr(name.size() - SUFFIX.size()), SUFFIX);
}

bool is_host(std::string_view host, std::string_view name) {
    return equals_ignoring_case(host, name) || equals_ignoring_case(strip_port(host), name);
}

bool is_same_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"})
        if (origin.starts_with(scheme)) return equals_ignoring_case(origin.substr(scheme.size()), host);
    return false;
}

bool accepts_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        const auto element = take_element(accept_encoding);
        const auto semicolon = element.find(';');
        if (!equals_ignoring_case(trim(element.substr(0, semicolon)), "gzip")) continue;
        if (semicolon == std::string_view::npos) return true;
        const auto weight = trim(element.substr(semicolon + 1));
        // "q=0", "q=0.0", "q=0.00" and "q=0.000" refuse it.
        return !weight.starts_with("q=0") || weight.find_first_not_of("0.", 2) != std::string_view::npos;
    }
    return false;
}

bool has_etag(std::string_view if_none_match, std::string_view etag) {
    if (trim(if_none_match) == "*") return true;
    while (!if_none_match.empty()) {
        auto element = take_element(if_none_match);
        if (element.starts_with("W/")) element.remove_prefix(2);
        if (element == etag) return true;
    }
    return false;
}

}  // namespace entresol::http
