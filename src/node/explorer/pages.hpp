// One function a route of the API, and what they share.
#pragma once

#include "node/bridge/bridge.hpp"
#include "node/explorer/recent.hpp"
#include "node/explorer/request.hpp"
#include "node/explorer/sources.hpp"

namespace entresol::explorer {

struct State {
    Sources sources;
    Recent recent;

    explicit State(Sources s) : sources(std::move(s)), recent(sources) {}
};

using Page = ApiResult<json::object> (*)(const State&, const Request&);

ApiResult<json::object> overview_page(const State& state, const Request& request);
ApiResult<json::object> blocks_page(const State& state, const Request& request);
ApiResult<json::object> block_page(const State& state, const Request& request);
ApiResult<json::object> transaction_page(const State& state, const Request& request);
ApiResult<json::object> address_page(const State& state, const Request& request);
ApiResult<json::object> batches_page(const State& state, const Request& request);
ApiResult<json::object> batch_page(const State& state, const Request& request);
ApiResult<json::object> bridge_page(const State& state, const Request& request);
ApiResult<json::object> disputes_page(const State& state, const Request& request);
ApiResult<json::object> dispute_page(const State& state, const Request& request);
ApiResult<json::object> search_page(const State& state, const Request& request);

}  // namespace entresol::explorer
