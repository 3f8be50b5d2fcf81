// HTTP/1.1 and WebSocket on one port. No Boost type shows here: Beast is compiled in server.cpp alone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace entresol::http {

struct Response {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};
/// Called exactly once, from any thread.
using Respond = std::function<void(Response)>;

/// One WebSocket connection. Thread-safe; outlives its connection harmlessly.
class WebSocketSession {
public:
    virtual ~WebSocketSession() = default;
    /// Queues a text message. A reader too slow for the bounded queue is disconnected.
    virtual void send(std::string message) = 0;
    [[nodiscard]] virtual std::uint64_t id() const = 0;
};

struct Handlers {
    std::function<void(std::string target, std::string body, Respond respond)> post;
    std::function<void(std::string target, Respond respond)> get;
    std::function<void(std::shared_ptr<WebSocketSession> session, std::string message)> message;
    std::function<void(std::uint64_t session_id)> closed;
};

struct ServerOptions {
    std::string host = "127.0.0.1";  // loopback unless told otherwise
    std::uint16_t port = 0;          // 0: a free one
    unsigned threads = 2;
    std::size_t max_connections = 1024;
    std::size_t max_body_bytes = 16 * 1024 * 1024;
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_queued_messages = 4096;  // to one WebSocket
    unsigned idle_timeout_s = 120;
    unsigned request_timeout_s = 30;   // from a request's first byte to its last: ends slow senders
    std::string allowed_origin = "*";  // Access-Control-Allow-Origin
    /// Host headers accepted beside loopback names; a page of another site cannot reach the node by rebinding its name (empty and not on loopback: any).
    std::vector<std::string> allowed_hosts;
};

class Server {
public:
    Server(ServerOptions options, Handlers handlers);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Binds and starts its threads. Throws std::runtime_error with the address when it cannot.
    void start();
    [[nodiscard]] std::uint16_t port() const;
    /// Stops accepting, closes connections, joins. Idempotent.
    void stop();

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace entresol::http
