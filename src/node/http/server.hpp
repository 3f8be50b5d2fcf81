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
    std::vector<std::pair<std::string, std::string>> headers;  // with an ETag, a client that has it already gets 304
    std::string gzip_body;  // the same content compressed, for clients that accept it
};
/// To be called once, from any thread, now or later; further calls, and calls after the connection's end, do nothing.
using Respond = std::function<void(Response)>;

/// One WebSocket connection. Thread-safe; outlives its connection harmlessly.
class WebSocketSession {
public:
    virtual ~WebSocketSession() = default;
    /// Queues a text message. A reader too slow for the bounded queue is disconnected; a lone message may exceed it.
    virtual void send(std::string message) = 0;
    /// Says goodbye (1001, going away) after what is queued, and closes.
    virtual void close() = 0;
    [[nodiscard]] virtual std::uint64_t id() const = 0;
};

/// Run on the server's threads, one after another for each connection. One that throws costs its connection, nobody else.
struct Handlers {
    std::function<void(std::string target, std::string body, Respond respond)> post;
    std::function<void(std::string target, Respond respond)> get;
    std::function<void(std::shared_ptr<WebSocketSession> session, std::string message)> message;
    std::function<void(std::uint64_t session_id)> closed;  // once for each session that ends while the server runs
};

struct ServerOptions {
    std::string host = "127.0.0.1";  // loopback unless told otherwise
    std::uint16_t port = 0;          // 0: a free one
    unsigned threads = 2;
    std::size_t max_connections = 1024;
    std::size_t max_body_bytes = 16 * 1024 * 1024;
    std::size_t max_header_bytes = 16 * 1024;
    std::size_t max_message_bytes = 16 * 1024 * 1024;  // from a WebSocket
    std::size_t max_queued_messages = 4096;            // to one WebSocket
    std::size_t max_queued_bytes = 64 * 1024 * 1024;   // to one WebSocket
    unsigned idle_timeout_s = 120;
    unsigned request_timeout_s = 30;    // from a request's first byte to its last: ends slow senders
    unsigned shutdown_grace_ms = 2000;  // for requests in progress when the server stops
    /// Web pages that may call: every ("*"), those of one origin ("https://app.example"), or only this server's own ("").
    std::string allowed_origin;
    /// Host headers accepted beside loopback names; a page of another site cannot reach the node by rebinding its name (empty and not on loopback: any).
    std::vector<std::string> allowed_hosts;
};

class ServerCore;

class Server {
public:
    Server(ServerOptions options, Handlers handlers);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;
    /// Binds and starts its threads. Throws io::Failure (listen) with the port when it cannot.
    void start();
    [[nodiscard]] std::uint16_t port() const;
    /// Stops accepting, lets requests in progress finish within the grace, closes connections, joins. Idempotent; not to be called by a handler.
    void stop();

private:
    std::shared_ptr<ServerCore> core_;
};

}  // namespace entresol::http
