// JSON-RPC on a server: POST and WebSocket messages go to a dispatcher.
#pragma once

#include <memory>

#include "node/http/server.hpp"
#include "node/rpc/dispatcher.hpp"

namespace entresol::rpc {

/// Handlers for POST and WebSocket; `get` is the caller's to set.
[[nodiscard]] http::Handlers make_handlers(const std::shared_ptr<Dispatcher>& dispatcher);

}  // namespace entresol::rpc
