#include "node/http/assets.hpp"

#include <algorithm>
#include <utility>

#include "core/base/bytes.hpp"
#include "core/base/hex.hpp"

namespace entresol::http {
namespace {

constexpr std::string_view INDEX = "index.html";
constexpr std::string_view COMPRESSED = ".gz";
constexpr std::string_view HASHED_FOLDER = "assets/";  // Vite puts files there whose names carry their content's hash
constexpr std::size_t MIN_HASH_DIGITS = 8;

constexpr std::pair<std::string_view, std::string_view> CONTENT_TYPES[] = {
    {"css", "text/css; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"ico", "image/x-icon"},
    {"js", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"webmanifest", "application/manifest+json"},
    {"woff2", "font/woff2"},
};

std::string_view extension_of(std::string_view name) {
    const auto dot = name.rfind('.');
    const auto slash = name.rfind('/');
    if (dot == std::string_view::npos || (slash != std::string_view::npos && slash > dot)) return {};
    return name.substr(dot + 1);
}

std::string_view content_type_of(std::string_view name) {
    const auto extension = extension_of(name);
    for (const auto& [known, type] : CONTENT_TYPES)
        if (known == extension) return type;
    return "application/octet-stream";
}

bool has_hashed_name(std::string_view name) {
    if (!name.starts_with(HASHED_FOLDER)) return false;
    const auto stem = name.substr(0, name.rfind('.'));
    const auto dash = stem.find_last_of("-.");
    return dash != std::string_view::npos && stem.size() - dash > MIN_HASH_DIGITS;
}

}  // namespace

void Assets::add(std::string_view name, std::span<const std::uint8_t> content) {
    const std::string_view text(reinterpret_cast<const char*>(content.data()), content.size());
    if (name.ends_with(COMPRESSED)) {
        files_[std::string(name.substr(0, name.size() - COMPRESSED.size()))].compressed = text;
        return;
    }
    auto& file = files_[std::string(name)];
    file.content = text;
    std::uint8_t digest[8];
    store_be64(digest, hash_bytes({content.data(), content.size()}));
    file.etag = "\"" + to_hex(ByteView(digest, sizeof digest)) + "-" + std::to_string(content.size()) + "\"";
}

std::optional<Response> Assets::find(std::string_view target) const {
    auto name = target.substr(0, target.find_first_of("?#"));
    if (name.starts_with('/')) name.remove_prefix(1);
    auto it = files_.find(name);
    if (it == files_.end() && extension_of(name).empty()) it = files_.find(INDEX);
    if (it == files_.end() || it->second.etag.empty()) return std::nullopt;
    const auto& [path, file] = *it;
    const char* caching = has_hashed_name(path) ? "public, max-age=31536000, immutable" : "no-cache";
    return Response{.content_type = std::string(content_type_of(path)),
                    .body = std::string(file.content),
                    .headers = {{"ETag", file.etag}, {"Cache-Control", caching}, {"X-Content-Type-Options", "nosniff"}},
                    .gzip_body = std::string(file.compressed)};
}

}  // namespace entresol::http
