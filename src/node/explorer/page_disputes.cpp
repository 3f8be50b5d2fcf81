// Claims about the L2 on L1, and each dispute move by move.
#include "core/base/hex.hpp"
#include "node/explorer/pages.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::explorer {

ApiResult<json::object> disputes_page(const State& state, const Request& request) {
    auto games = state.sources.context().rollup->disputes(request.limit);
    json::value problem;
    if (!games) problem = games.error();
    return json::object{{"games", games ? std::move(*games) : json::array{}}, {"problem", std::move(problem)}};
}

ApiResult<json::object> dispute_page(const State& state, const Request& request) {
    const auto address = parse_fixed<Address>(request.path[1]);
    if (!address) return bad_request("not an address of a game");
    auto game = state.sources.context().rollup->dispute(*address);
    if (!game) return fail(ApiError{.status = 502, .message = "L1: " + game.error()});
    if (!*game) return not_found("none of the newest games on L1 has this address");
    return std::move(**game);
}

}  // namespace entresol::explorer
