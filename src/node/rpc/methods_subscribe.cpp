// eth_subscribe and eth_unsubscribe, on WebSockets.
#include "node/rpc/filters.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/subscriptions.hpp"

namespace entresol::rpc {
namespace {

using Topic = Subscriptions::Topic;
constexpr const char* NOT_SUPPORTED = "notifications not supported";  // over plain HTTP

struct TopicName {
    std::string_view name;
    Topic topic;
};
constexpr TopicName TOPICS[] = {
    {"newHeads", Topic::NewHeads},
    {"logs", Topic::Logs},
    {"newPendingTransactions", Topic::NewPendingTransactions},
    {"syncing", Topic::Syncing},
    {"miniBlocks", Topic::MiniBlocks},  // Entresol's own: each mini-block within milliseconds
};

RpcResult<Subscriptions::Request> read_request(const Context& context, const Params& params) {
    TRY(const auto name, params.text(0));
    Subscriptions::Request request;
    const auto* row =
        std::find_if(std::begin(TOPICS), std::end(TOPICS), [&](const TopicName& entry) { return entry.name == name; });
    if (row == std::end(TOPICS) || (row->topic == Topic::MiniBlocks && context.sequencer == nullptr))
        return rpc_fail(METHOD_NOT_FOUND, "no \"" + name.substr(0, 64) + "\" subscription in eth namespace");
    request.topic = row->topic;
    if (request.topic == Topic::Logs) {
        TRY(request.query, read_log_query(params.find(1), "invalid argument 1"));
    }
    if (request.topic == Topic::NewPendingTransactions) {
        TRY(request.full_transactions, params.boolean(1, false));
    }
    return request;
}

void eth_subscribe(Context& context, const Params& params, const Caller& caller, Reply reply) {
    if (caller.session == nullptr) return reply(rpc_fail(METHOD_NOT_FOUND, NOT_SUPPORTED));
    auto request = read_request(context, params);
    if (!request) return reply(fail(request.error()));
    const std::string id = make_random_id();
    const auto added = context.subscriptions->add(caller.session, id, std::move(*request));
    if (!added) return reply(fail(added.error()));
    reply(json::value(id));
}

void eth_unsubscribe(Context& context, const Params& params, const Caller& caller, Reply reply) {
    if (caller.session == nullptr) return reply(rpc_fail(METHOD_NOT_FOUND, NOT_SUPPORTED));
    const auto id = params.text(0);
    if (!id) return reply(fail(id.error()));
    if (!context.subscriptions->remove(caller.session->id(), *id))
        return reply(rpc_fail(SERVER_ERROR, "subscription not found"));
    reply(json::value(true));
}

constexpr Method METHODS[] = {
    {"eth_subscribe", nullptr, eth_subscribe},
    {"eth_unsubscribe", nullptr, eth_unsubscribe},
};

}  // namespace

std::span<const Method> subscribe_methods() { return METHODS; }

}  // namespace entresol::rpc
