#include "node/http/http_testing.hpp"

#include <stdexcept>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace entresol::http {

Handlers echo_handlers() {
    return {
        .post =
            [](std::string, std::string body, Respond respond) {
                respond({.status = 200, .content_type = "application/json", .body = std::move(body), .headers = {}});
            },
        .get =
            [](std::string target, Respond respond) {
                respond({.status = 200, .content_type = "text/plain", .body = std::move(target), .headers = {}});
            },
        .message = [](const std::shared_ptr<WebSocketSession>& session,
                      std::string message) { session->send(std::move(message)); },
        .closed = {}};
}

std::string url_of(const Server& server) { return "http://127.0.0.1:" + std::to_string(server.port()); }

RawSocket::RawSocket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(fd_);
        throw std::runtime_error("nobody listens at port " + std::to_string(port));
    }
    const timeval timeout{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout);
}
ScriptedServer::ScriptedServer(Script script)
    : script_(std::move(script)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(listener_, 16), 0);
    EXPECT_EQ(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}
ScriptedServer::~ScriptedServer() {
    ::shutdown(listener_, SHUT_RDWR);  // accept() returns
    thread_.join();
    ::close(listener_);
}
void ScriptedServer::run() {
    for (;;) {
        const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        auto socket = RawSocket::adopt(connection);
        script_(socket, ++opened_);
        socket.close();
        ++closed_;
    }
}
void ScriptedServer::wait_until_closed(int count) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (closed_ < count && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    EXPECT_GE(closed_, count);
}

RawSocket::~RawSocket() { close(); }
void RawSocket::close() {
    if (const int fd = std::exchange(fd_, -1); fd >= 0) ::close(fd);
}

bool RawSocket::send(std::string_view bytes) const {
    while (!bytes.empty()) {
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}
void RawSocket::half_close() const { ::shutdown(fd_, SHUT_WR); }

bool RawSocket::receive_more(std::chrono::milliseconds wait) {
    pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&entry, 1, static_cast<int>(wait.count())) <= 0) return false;
    char buffer[16'384];
    const auto size = ::recv(fd_, buffer, sizeof buffer, 0);
    if (size <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(size));
    return true;
}

std::string RawSocket::read_all(std::chrono::milliseconds wait) {
    while (receive_more(wait)) {
    }
    return std::exchange(received_, {});
}

std::string RawSocket::read_until(std::string_view end) {
    while (true) {
        const auto at = received_.find(end);
        if (at != std::string::npos) {
            std::string out = received_.substr(0, at + end.size());
            received_.erase(0, at + end.size());
            return out;
        }
        if (!receive_more(std::chrono::seconds(5))) return std::exchange(received_, {});
    }
}

std::optional<std::string> RawSocket::read_exactly(std::size_t size) {
    while (received_.size() < size)
        if (!receive_more(std::chrono::seconds(5))) return std::nullopt;
    std::string out = received_.substr(0, size);
    received_.erase(0, size);
    return out;
}

bool RawSocket::is_closed_within(std::chrono::milliseconds wait) {
    const auto deadline = std::chrono::steady_clock::now() + wait;
    while (true) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        pollfd entry{.fd = fd_, .events = POLLIN, .revents = 0};
        if (::poll(&entry, 1, static_cast<int>(left.count())) <= 0) return false;
        if (!receive_more(left)) return true;
    }
}

RawWebSocket::RawWebSocket(std::uint16_t port, std::string_view extra_headers) : socket_(port) {
    socket_.send(
        "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
        std::string(extra_headers) + "\r\n");
    handshake_ = socket_.read_until("\r\n\r\n");
}

bool RawWebSocket::send(unsigned opcode, std::string_view payload) const {
    std::string frame(1, static_cast<char>(0x80 | opcode));
    const auto size = payload.size();
    if (size < 126) {
        frame += static_cast<char>(0x80 | size);
    } else {
        const bool is_long = size > 0xffff;
        frame += static_cast<char>(0x80 | (is_long ? 127 : 126));
        for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8) frame += static_cast<char>(size >> shift);
    }
    frame += std::string_view("\x11\x22\x33\x44", 4);
    for (std::size_t i = 0; i < size; ++i)
        frame += static_cast<char>(payload[i] ^ (0x11 * static_cast<int>(1 + i % 4)));
    return socket_.send(frame);
}

std::optional<RawWebSocket::Frame> RawWebSocket::read_frame() {
    const auto head = socket_.read_exactly(2);
    if (!head) return std::nullopt;
    EXPECT_NE((*head)[0] & 0x80, 0) << "the server sends each message as one frame";
    Frame frame{.opcode = static_cast<unsigned char>((*head)[0]) & 0x0fU, .payload = {}};
    std::size_t size = static_cast<unsigned char>((*head)[1]);
    if (size >= 126) {
        const auto extended = socket_.read_exactly(size == 126 ? 2 : 8);
        if (!extended) return std::nullopt;
        size = 0;
        for (const char byte : *extended) size = size << 8 | static_cast<unsigned char>(byte);
    }
    auto payload = socket_.read_exactly(size);
    if (!payload) return std::nullopt;
    frame.payload = std::move(*payload);
    return frame;
}

}  // namespace entresol::http
