#include "node/rpc/service.hpp"

#include "node/rpc/filters.hpp"
#include "node/rpc/subscriptions.hpp"

namespace entresol::rpc {

std::shared_ptr<Dispatcher> make_dispatcher(Context given) {
    auto context = std::make_shared<Context>(std::move(given));
    context->filters = std::make_shared<Filters>(context->limits);
    context->subscriptions = std::make_shared<Subscriptions>(context->limits);
    // The chain may outlive its service: it holds no more than a weak reference.
    const std::weak_ptr<Context> weak = context;
    context->ledger.subscribe([weak](const ledger::HeadChange& change) {
        const auto alive = weak.lock();
        if (alive == nullptr) return;
        alive->filters->on_head_change(change, alive->now_ms());
        alive->subscriptions->on_head_change(change);
    });
    if (context->sequencer != nullptr) {
        context->sequencer->on_pending_transaction([weak](const pool::TxPtr& tx) {
            const auto alive = weak.lock();
            if (alive == nullptr) return;
            alive->filters->on_pending_transaction(tx->hash);
            alive->subscriptions->on_pending_transaction(*tx);
        });
        context->sequencer->on_mini_block([weak](const sequencer::MiniBlockPtr& mini_block) {
            if (const auto alive = weak.lock()) alive->subscriptions->on_mini_block(*mini_block);
        });
    }
    return std::make_shared<Dispatcher>(std::move(context));
}

http::Handlers make_handlers(const std::shared_ptr<Dispatcher>& dispatcher) {
    return make_handlers([dispatcher] { return dispatcher; });
}

http::Handlers make_handlers(std::function<std::shared_ptr<Dispatcher>()> current) {
    http::Handlers handlers;
    handlers.post = [current](std::string, std::string body, http::Respond respond) {
        const auto dispatcher = current();
        dispatcher->handle(body, {}, [dispatcher, respond = std::move(respond)](std::string answer) {
            const unsigned status = answer.empty() ? 204 : 200;  // a notification has no answer
            respond({.status = status, .content_type = "application/json", .body = std::move(answer), .headers = {}});
        });
    };
    handlers.message = [current](std::shared_ptr<http::WebSocketSession> session, std::string message) {
        const auto dispatcher = current();
        dispatcher->handle(message, {.session = session}, [dispatcher, session](std::string answer) {
            if (!answer.empty()) session->send(std::move(answer));
        });
    };
    handlers.closed = [current = std::move(current)](std::uint64_t session_id) {
        const auto dispatcher = current();
        if (dispatcher->context().subscriptions != nullptr) dispatcher->context().subscriptions->forget(session_id);
    };
    return handlers;
}

}  // namespace entresol::rpc
