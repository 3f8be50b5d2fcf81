// Files that a browser fetches: a web app that was built into the program.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "node/http/server.hpp"

namespace entresol::http {

/// Immutable after the last add(), then thread-safe. The files' bytes must outlive it.
class Assets {
public:
    /// `name` as in "assets/main-3f2a91c0.js", without a leading slash. A file "x.gz" is the compressed form of "x", not a file of its own.
    void add(std::string_view name, std::span<const std::uint8_t> content);
    /// The answer to GET for a path below the app's place ("/" or "/a/b?c"). A path that names no file but has no extension either belongs to the
    /// app's own router: it gets index.html. Nothing for all else.
    [[nodiscard]] std::optional<Response> find(std::string_view target) const;

private:
    struct File {
        std::string_view content, compressed;
        std::string etag;
    };
    std::map<std::string, File, std::less<>> files_;
};

}  // namespace entresol::http
