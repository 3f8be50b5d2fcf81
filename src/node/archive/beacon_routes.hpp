// The archive as a beacon API, as far as derivation asks one: genesis, spec and blob_sidecars.
#pragma once

#include <optional>
#include <string>

#include "node/archive/blob_archive.hpp"
#include "node/http/server.hpp"

namespace entresol::archive {

/// Nothing: not a path of a beacon API. From any thread.
[[nodiscard]] std::optional<http::Response> answer_beacon(const std::string& target, BlobArchive& archive);

}  // namespace entresol::archive
