#include "node/rpc/service.hpp"

namespace entresol::rpc {

http::Handlers make_handlers(const std::shared_ptr<Dispatcher>& dispatcher) {
    http::Handlers handlers;
    handlers.post = [dispatcher](std::string, std::string body, http::Respond respond) {
        dispatcher->handle(body, {}, [respond = std::move(respond)](std::string answer) {
            const unsigned status = answer.empty() ? 204 : 200;  // a notification has no answer
            respond({.status = status, .content_type = "application/json", .body = std::move(answer), .headers = {}});
        });
    };
    handlers.message = [dispatcher](std::shared_ptr<http::WebSocketSession> session, std::string message) {
        dispatcher->handle(message, {.session = session}, [session](std::string answer) {
            if (!answer.empty()) session->send(std::move(answer));
        });
    };
    return handlers;
}

}  // namespace entresol::rpc
