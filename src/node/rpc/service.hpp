// JSON-RPC on a server: POST and WebSocket messages go to a dispatcher.
#pragma once

#include <memory>

#include "node/http/server.hpp"
#include "node/rpc/dispatcher.hpp"

namespace entresol::rpc {

/// A dispatcher over the context, whose filters and subscriptions follow the chain and its sequencer. Call it before the loop starts, or on the loop.
/// The ledger and sequencer must outlive every handler made from it.
[[nodiscard]] std::shared_ptr<Dispatcher> make_dispatcher(Context context);

/// Handlers for POST and WebSocket; `get` is the caller's to set.
[[nodiscard]] http::Handlers make_handlers(const std::shared_ptr<Dispatcher>& dispatcher);
/// The same where one dispatcher may take another's place: each request asks which one is it, and holds it until it is answered.
[[nodiscard]] http::Handlers make_handlers(std::function<std::shared_ptr<Dispatcher>()> current);

}  // namespace entresol::rpc
