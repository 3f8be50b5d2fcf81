// Bytes of any kind to a server: it answers or closes, and goes on serving. One server for all inputs, over real sockets: what is looked for are the
// ways of a connection through its phases, not the parser alone.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/check.hpp"
#include "node/http/server.hpp"

namespace {

using entresol::http::Server;

constexpr int PROBE_EVERY = 64;

class Socket {
public:
    explicit Socket(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        const timeval patience{.tv_sec = 5, .tv_usec = 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Socket() { ::close(fd_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    // The server may have closed already.
    void send(std::string_view bytes) const { (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
    void end() const { ::shutdown(fd_, SHUT_WR); }
    [[nodiscard]] std::string read_all() const {
        std::string out;
        char buffer[4096];
        for (ssize_t size = 0; (size = ::recv(fd_, buffer, sizeof buffer, 0)) > 0;)
            out.append(buffer, static_cast<std::size_t>(size));
        return out;
    }

private:
    int fd_;
};

entresol::http::Handlers echo_handlers() {
    return {.post = [](const std::string&, std::string body,
                       const entresol::http::Respond& respond) { respond({.body = std::move(body), .headers = {}}); },
            .get = [](std::string target,
                      const entresol::http::Respond& respond) { respond({.body = std::move(target), .headers = {}}); },
            .message = [](const std::shared_ptr<entresol::http::WebSocketSession>& session,
                          std::string message) { session->send(std::move(message)); },
            .closed = {}};
}

Server& server() {
    static const auto instance = [] {
        auto made = std::make_unique<Server>(
            entresol::http::ServerOptions{.max_body_bytes = 4096, .max_message_bytes = 4096, .request_timeout_s = 1},
            echo_handlers());
        made->start();
        return made;
    }();
    return *instance;
}

void probe() {
    const Socket socket(server().port());
    socket.send("GET /alive HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    CHECK(socket.read_all().ends_with("/alive"));
}

}  // namespace

// The first byte decides how the rest is sent: in one piece or two, alone or behind a sound request, as WebSocket frames.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static int calls = 0;
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    {
        const Socket socket(server().port());
        if ((data[0] & 1) != 0) socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}");
        if ((data[0] & 2) != 0)
            socket.send(
                "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        const auto cut = (data[0] & 4) != 0 ? bytes.size() / 2 : bytes.size();
        socket.send(bytes.substr(0, cut));
        socket.send(bytes.substr(cut));
        socket.end();
        if ((data[0] & 8) == 0) (void)socket.read_all();
    }
    if (++calls % PROBE_EVERY == 0) probe();
    return 0;
}
