// Plain sockets for tests that say to the server what no library would.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "node/http/server.hpp"

namespace entresol::http {

/// Bodies, targets and messages come back as they went.
[[nodiscard]] Handlers echo_handlers();
[[nodiscard]] std::string url_of(const Server& server);

class RawSocket {
public:
    explicit RawSocket(std::uint16_t port);
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    /// Whether all of it was taken.
    bool send(std::string_view bytes) const;
    void half_close() const;
    /// What arrives until the other side closes or `wait` passes in silence.
    [[nodiscard]] std::string read_all(std::chrono::milliseconds wait = std::chrono::seconds(3));
    /// What arrives until it contains `end`; without it when the other side closes or falls silent.
    [[nodiscard]] std::string read_until(std::string_view end);
    /// Nothing when the connection ends first.
    [[nodiscard]] std::optional<std::string> read_exactly(std::size_t size);
    /// Whether the other side closed (or reset) within `wait`.
    [[nodiscard]] bool is_closed_within(std::chrono::milliseconds wait);

private:
    bool receive_more(std::chrono::milliseconds wait);
    int fd_;
    std::string received_;
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
