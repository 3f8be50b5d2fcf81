// Plain sockets for tests that say to the server what no library would.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "node/http/server.hpp"

namespace entresol::http {

/// Bodies, targets and messages come back as they went.
[[nodiscard]] Handlers echo_handlers();
[[nodiscard]] std::string url_of(const Server& server);

class RawSocket {
public:
    explicit RawSocket(std::uint16_t port);
    /// A connection that was accepted elsewhere.
    static RawSocket adopt(int descriptor) { return RawSocket(Adopted{descriptor}); }
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    /// Whether all of it was taken.
    bool send(std::string_view bytes) const;
    void half_close() const;
    void close();
    /// What arrives until the other side closes or `wait` passes in silence.
    [[nodiscard]] std::string read_all(std::chrono::milliseconds wait = std::chrono::seconds(3));
    /// What arrives until it contains `end`; without it when the other side closes or falls silent.
    [[nodiscard]] std::string read_until(std::string_view end);
    /// Nothing when the connection ends first.
    [[nodiscard]] std::optional<std::string> read_exactly(std::size_t size);
    /// Whether the other side closed (or reset) within `wait`.
    [[nodiscard]] bool is_closed_within(std::chrono::milliseconds wait);

    [[nodiscard]] int descriptor() const { return fd_; }

private:
    struct Adopted {
        int descriptor;
    };
    explicit RawSocket(Adopted adopted) : fd_(adopted.descriptor) {}
    bool receive_more(std::chrono::milliseconds wait);
    int fd_;
    std::string received_;
};

/// Answers as a test says, to try clients with what no server would say: the script runs once for each connection, one after another, with the
/// connection's number (from 1), and the connection closes when it returns.
class ScriptedServer {
public:
    using Script = std::function<void(RawSocket& socket, int number)>;
    explicit ScriptedServer(Script script);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] int connections() const { return opened_; }
    /// Until that many connections were closed from here.
    void wait_until_closed(int count) const;

private:
    void run();
    Script script_;
    int listener_;
    std::uint16_t port_ = 0;
    std::atomic<int> opened_ = 0, closed_ = 0;
    std::thread thread_;
};

/// A WebSocket client by hand, RFC 6455 section 5.2.
class RawWebSocket {
public:
    explicit RawWebSocket(std::uint16_t port, std::string_view extra_headers = "");
    struct Frame {
        unsigned opcode = 0;
        std::string payload;
    };
    [[nodiscard]] const std::string& handshake() const { return handshake_; }
    bool send(unsigned opcode, std::string_view payload) const;
    bool send_text(std::string_view payload) const { return send(1, payload); }
    [[nodiscard]] std::optional<Frame> read_frame();
    [[nodiscard]] RawSocket& socket() { return socket_; }

private:
    RawSocket socket_;
    std::string handshake_;
};

}  // namespace entresol::http
