#include "node/explorer/request.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace entresol::explorer {
namespace {

constexpr std::string_view PREFIX = "/api/";
constexpr std::size_t MAX_TARGET = 512;
constexpr std::size_t MAX_SEGMENTS = 4;

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
           c == '.';
}

ApiResult<void> read_field(std::string_view field, Request& into) {
    const auto equals = field.find('=');
    const auto name = field.substr(0, equals);
    const auto number = parse_number(equals == std::string_view::npos ? std::string_view() : field.substr(equals + 1));
    if (name == "before") {
        if (!number) return bad_request("before: not a block number");
        into.before = number;
        return {};
    }
    if (name == "limit") {
        if (!number || *number == 0 || *number > MAX_LIMIT) return bad_request("limit: not a number from 1 to 100");
        into.limit = static_cast<std::size_t>(*number);
        return {};
    }
    return bad_request("the query has a field that is not known here; lists take before and limit");
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || value > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
    return value;
}

ApiResult<Request> parse_request(std::string_view target) {
    if (target.size() > MAX_TARGET) return bad_request("the address is too long");
    if (!target.starts_with(PREFIX)) return not_found("not found");
    target.remove_prefix(PREFIX.size());
    const auto question = target.find('?');
    auto path = target.substr(0, question);
    if (path.ends_with('/')) path.remove_suffix(1);

    Request request;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        if (segment.empty() || !std::ranges::all_of(segment, is_plain) || request.path.size() == MAX_SEGMENTS)
            return bad_request("malformed path");
        request.path.emplace_back(segment);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }

    auto query = question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
    while (!query.empty()) {
        const auto ampersand = query.find('&');
        TRY_VOID(read_field(query.substr(0, ampersand), request));
        query = ampersand == std::string_view::npos ? std::string_view() : query.substr(ampersand + 1);
    }
    return request;
}

}  // namespace entresol::explorer
