#include "node/explorer/explorer.hpp"

#include <exception>

#include <boost/json/serialize.hpp>
#include <entresol_embedded/explorer_assets.hpp>

#include "node/explorer/pages.hpp"
#include "node/http/assets.hpp"

namespace entresol::explorer {
namespace {

constexpr std::string_view APP = "/explorer";
constexpr std::string_view API = "/api/";

// Everything the app needs comes from its own origin; nobody frames it.
constexpr const char* CONTENT_SECURITY_POLICY =
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'";

struct Route {
    std::string_view name;
    std::size_t arguments;
    Page page;
};
constexpr Route ROUTES[] = {
    {"overview", 0, overview_page}, {"blocks", 0, blocks_page},   {"block", 1, block_page},
    {"tx", 1, transaction_page},    {"address", 1, address_page}, {"batches", 0, batches_page},
    {"batch", 1, batch_page},       {"bridge", 0, bridge_page},   {"search", 1, search_page},
    {"disputes", 0, disputes_page}, {"dispute", 1, dispute_page},
};

http::Response plain(unsigned status, std::string text) {
    return {.status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(text) + "\n"};
}

ApiResult<json::object> find_page(const State& state, std::string_view target) {
    TRY(const auto request, parse_request(target));
    for (const auto& route : ROUTES)
        if (!request.path.empty() && request.path[0] == route.name && request.path.size() == 1 + route.arguments)
            return route.page(state, request);
    return not_found("there is no such page");
}

http::Response answer_api(const State& state, std::string_view target) {
    const auto page = find_page(state, target);
    http::Response response{.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}};
    response.status = page ? 200 : page.error().status;
    response.body = json::serialize(page ? *page : json::object{{"error", page.error().message}});
    return response;
}

}  // namespace

struct Explorer::Impl {
    http::Assets assets;
    State state;

    explicit Impl(Sources sources) : state(std::move(sources)) {
        for (const auto& file : embedded::explorer_assets()) assets.add(file.name, file.data);
    }
};

Explorer::Explorer(Sources sources) : impl_(std::make_unique<Impl>(std::move(sources))) {}
Explorer::~Explorer() = default;

http::Response Explorer::answer(std::string_view target) const {
    if (target.starts_with(API)) return answer_api(impl_->state, target);
    const auto path = target.substr(0, target.find('?'));
    if (path == "/" || path == APP)
        return {.status = 302,
                .content_type = "text/plain",
                .body = "the explorer is at /explorer/\n",
                .headers = {{"Location", "/explorer/"}}};
    if (!path.starts_with(APP) || path[APP.size()] != '/') return plain(404, "not found");
    if (auto file = impl_->assets.find(target.substr(APP.size()))) {
        file->headers.emplace_back("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        file->headers.emplace_back("Referrer-Policy", "no-referrer");
        return std::move(*file);
    }
    return plain(404, embedded::explorer_assets().empty()
                          ? "this program was built without the explorer's app: ./dev build makes it"
                          : "not found");
}

}  // namespace entresol::explorer
