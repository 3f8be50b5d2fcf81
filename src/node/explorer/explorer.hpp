// The explorer's side of the server: its JSON API and the web app's files, for a sequencer's node and a replica alike.
// The API's routes and shapes: docs/explorer-api.md. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "node/explorer/sources.hpp"
#include "node/http/server.hpp"

namespace entresol::explorer {

class Explorer {
public:
    /// Follows the ledger from now on: make it before the chain's loop starts. The ledger outlives it.
    explicit Explorer(Sources sources);
    ~Explorer();
    Explorer(const Explorer&) = delete;
    Explorer& operator=(const Explorer&) = delete;

    /// The answer to a GET: "/", "/explorer/…", "/api/…"; 404 for all else. May ask the L1 and so block for its time-out.
    [[nodiscard]] http::Response answer(std::string_view target) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::explorer
