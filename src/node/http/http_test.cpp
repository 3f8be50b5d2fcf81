#include <atomic>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/http/client.hpp"
#include "node/http/server.hpp"

namespace entresol::http {
namespace {

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

// What the server answers to raw bytes, until it closes or a second passes.
std::string talk(std::uint16_t port, const std::string& bytes, bool half_close = false) {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const timeval timeout{.tv_sec = 3, .tv_usec = 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
    EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    if (half_close) ::shutdown(fd, SHUT_WR);
    std::string answer;
    char buffer[4096];
    ssize_t n;
    while ((n = ::recv(fd, buffer, sizeof buffer, 0)) > 0) answer.append(buffer, static_cast<std::size_t>(n));
    ::close(fd);
    return answer;
}

TEST(HttpTest, PostAndGetReachTheirHandlersOverOneConnection) {
    Server server({}, echo_handlers());
    server.start();
    Client client(url_of(server));
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(client.post("{\"n\":" + std::to_string(i) + "}").value(), "{\"n\":" + std::to_string(i) + "}");
    EXPECT_EQ(client.get("/some/path?x=1").value(), "/some/path?x=1");
}

TEST(HttpTest, LateAnswersFromAnotherThreadArrive) {
    Handlers handlers = echo_handlers();
    std::vector<std::thread> threads;
    handlers.post = [&threads](std::string, std::string body, Respond respond) {
        threads.emplace_back([body = std::move(body), respond = std::move(respond)] {
            std::this_thread::sleep_for(std::chrono::milliseconds(30));
            respond({.status = 200, .content_type = "text/plain", .body = body, .headers = {}});
        });
    };
    {
        Server server({}, handlers);
        server.start();
        Client client(url_of(server));
        EXPECT_EQ(client.post("late").value(), "late");
    }
    for (auto& thread : threads) thread.join();
}

TEST(HttpTest, OversizedBodiesAreRefused) {
    Server server({.max_body_bytes = 1000}, echo_handlers());
    server.start();
    Client client(url_of(server));
    const auto answer = client.post(std::string(2000, 'x'));
    ASSERT_FALSE(answer.has_value());
    EXPECT_NE(answer.error().find("413"), std::string::npos) << answer.error();
    EXPECT_EQ(client.post("fine").value(), "fine");
}

TEST(HttpTest, GarbageAndUnknownMethodsGetAnErrorAndHarmNobody) {
    Server server({}, echo_handlers());
    server.start();
    EXPECT_NE(talk(server.port(), "\x01\x02garbage\r\n\r\n").find("400"), std::string::npos);
    EXPECT_NE(talk(server.port(), "DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").find("405"),
              std::string::npos);
    EXPECT_EQ(talk(server.port(), "GET / HT", true), "");
    EXPECT_NE(
        talk(server.port(), "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n").find("431"),
        std::string::npos);
    EXPECT_EQ(Client(url_of(server)).post("alive").value(), "alive");
}

TEST(HttpTest, ForeignHostNamesAreRefusedOnLoopback) {
    Server server({}, echo_handlers());
    server.start();
    EXPECT_NE(talk(server.port(), "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").find("403"),
              std::string::npos);
    EXPECT_NE(talk(server.port(), "GET / HTTP/1.1\r\nHost: localhost:8545\r\nConnection: close\r\n\r\n").find("200"),
              std::string::npos);
}

TEST(HttpTest, SlowSendersAreCutOff) {
    Server server({.request_timeout_s = 1}, echo_handlers());
    server.start();
    EXPECT_EQ(talk(server.port(), "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nslow").find("200"),
              std::string::npos);
}

TEST(HttpTest, MoreConnectionsThanAllowedAreClosed) {
    Server server({.max_connections = 2}, echo_handlers());
    server.start();
    Client first(url_of(server)), second(url_of(server)), third(url_of(server));
    EXPECT_TRUE(first.post("1").has_value());
    EXPECT_TRUE(second.post("2").has_value());
    EXPECT_FALSE(third.post("3").has_value());
}

TEST(HttpTest, ATakenPortIsAClearError) {
    Server server({}, echo_handlers());
    server.start();
    Server other({.port = server.port()}, echo_handlers());
    try {
        other.start();
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& problem) {
        EXPECT_NE(std::string(problem.what()).find(std::to_string(server.port())), std::string::npos);
    }
}

TEST(HttpTest, UnreachableEndpointsAndBadUrlsSaySo) {
    EXPECT_FALSE(Client("http://127.0.0.1:1").post("x").has_value());
    EXPECT_THROW(Client("ftp://x"), std::invalid_argument);
    EXPECT_THROW(Client("nonsense"), std::invalid_argument);
}

}  // namespace
}  // namespace entresol::http
