#include "node/http/server.hpp"

#include <atomic>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "node/http/client.hpp"
#include "node/http/http_testing.hpp"

namespace entresol::http {
namespace {

using std::chrono::milliseconds;

// What the server answers to raw bytes until it closes.
std::string talk(const Server& server, const std::string& bytes) {
    RawSocket socket(server.port());
    EXPECT_TRUE(socket.send(bytes));
    return socket.read_all();
}

std::string get_request(const std::string& extra_headers) {
    return "GET /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + extra_headers + "\r\n";
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(ServerTest, PostAndGetReachTheirHandlersOverOneConnection) {
    Server server({}, echo_handlers());
    server.start();
    Client client(url_of(server));
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(client.post("{\"n\":" + std::to_string(i) + "}").value(), "{\"n\":" + std::to_string(i) + "}");
    EXPECT_EQ(client.get("/some/path?x=1").value(), "/some/path?x=1");
}

TEST(ServerTest, LateAnswersFromAnotherThreadArrive) {
    Handlers handlers = echo_handlers();
    std::vector<std::thread> threads;
    handlers.post = [&threads](std::string, std::string body, Respond respond) {
        threads.emplace_back([body = std::move(body), respond = std::move(respond)] {
            std::this_thread::sleep_for(milliseconds(30));
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

TEST(ServerTest, AnAnswerAfterTheServersEndHarmsNobody) {
    Handlers handlers = echo_handlers();
    std::vector<Respond> kept;
    std::atomic<bool> called = false;
    handlers.post = [&](std::string, std::string, Respond respond) {
        kept.push_back(std::move(respond));
        called = true;
    };
    {
        Server server({.shutdown_grace_ms = 50}, handlers);
        server.start();
        const RawSocket socket(server.port());
        ASSERT_TRUE(socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
        while (!called) std::this_thread::yield();
    }
    kept.front()({});
}

TEST(ServerTest, PipelinedRequestsAreAnsweredInOrder) {
    Server server({}, echo_handlers());
    server.start();
    std::string requests;
    for (const char* target : {"/first", "/second", "/third"})
        requests += "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    RawSocket socket(server.port());
    ASSERT_TRUE(socket.send(requests));
    for (const char* target : {"/first", "/second", "/third"})
        EXPECT_TRUE(contains(socket.read_until(target), "200 OK")) << target;
}

TEST(ServerTest, AHalfClosedConnectionStillGetsItsAnswer) {
    Server server({}, echo_handlers());
    server.start();
    RawSocket socket(server.port());
    ASSERT_TRUE(socket.send("GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    socket.half_close();
    EXPECT_TRUE(contains(socket.read_all(), "/half"));
}

TEST(ServerTest, HeadOptionsAndChunkedBodiesFollowTheirRules) {
    Server server({.allowed_origin = "*"}, echo_handlers());
    server.start();
    const auto head = talk(server, "HEAD /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(contains(head, "Content-Length: 5\r\n"));
    EXPECT_TRUE(head.ends_with("\r\n\r\n")) << "no body";
    const auto options = talk(server, "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(contains(options, "204"));
    EXPECT_TRUE(contains(options, "Access-Control-Allow-Methods: POST"));
    EXPECT_TRUE(contains(options, "Access-Control-Allow-Origin: *"));
    const auto chunked = talk(server,
                              "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: "
                              "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_TRUE(chunked.ends_with("abcde"));
}

TEST(ServerTest, WhoAsksBeforeSendingIsToldToContinue) {
    Server server({}, echo_handlers());
    server.start();
    RawSocket socket(server.port());
    const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
    ASSERT_TRUE(socket.send(head));
    EXPECT_TRUE(contains(socket.read_until("\r\n\r\n"), "100 Continue"));
    ASSERT_TRUE(socket.send("body"));
    EXPECT_TRUE(contains(socket.read_until("body"), "200 OK"));
}

TEST(ServerTest, OversizedBodiesAreRefused) {
    Server server({.max_body_bytes = 1000}, echo_handlers());
    server.start();
    Client client(url_of(server));
    for (const std::size_t size : {2'000U, 3'000'000U}) {
        const auto answer = client.post(std::string(size, 'x'));
        ASSERT_FALSE(answer.has_value());
        EXPECT_TRUE(contains(answer.error(), "413")) << answer.error();
    }
    const auto chunked =
        talk(server, "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" +
                         std::string(1001, 'x') + "\r\n0\r\n\r\n");
    EXPECT_TRUE(contains(chunked, "413"));
    EXPECT_EQ(client.post("fine").value(), "fine");
}

TEST(ServerTest, OversizedHeadersAreRefused) {
    Server server({.max_header_bytes = 2'000}, echo_handlers());
    server.start();
    std::string many = "GET / HTTP/1.1\r\nHost: localhost\r\n";
    for (int i = 0; i < 5'000; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
    const std::string cases[] = {
        "GET /" + std::string(100'000, 'p') + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(100'000, 'h') + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + std::string(100'000, 'n') + ": y\r\n\r\n",
        many + "\r\n",
        std::string(100'000, 'M') + " / HTTP/1.1\r\n\r\n",
    };
    for (const auto& request : cases) {
        const auto answer = talk(server, request);
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 400")) << request.substr(0, 60);
        EXPECT_TRUE(contains(answer, "Connection: close"));
    }
    EXPECT_TRUE(contains(talk(server, get_request("")), "/page"));
}

// Many at once that send a byte now and then: each is cut off in its time, and others are served meanwhile.
TEST(ServerTest, SlowSendersDoNotKeepOthersWaiting) {
    Server server({.max_connections = 200, .request_timeout_s = 1}, echo_handlers());
    server.start();
    std::vector<std::unique_ptr<RawSocket>> slow;
    for (int i = 0; i < 150; ++i) {
        slow.push_back(std::make_unique<RawSocket>(server.port()));
        slow.back()->send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Le");
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(contains(talk(server, get_request("")), "/page"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(500));
    while (std::chrono::steady_clock::now() - begin < milliseconds(900)) {
        for (const auto& socket : slow) socket->send("n");
        std::this_thread::sleep_for(milliseconds(100));
    }
    for (const auto& socket : slow) EXPECT_TRUE(socket->is_closed_within(milliseconds(2'000)));
}

// Two lengths, or a length beside chunks, are how requests are smuggled past a proxy (RFC 9112 section 6.3).
TEST(ServerTest, AmbiguousLengthsAreRefused) {
    Server server({}, echo_handlers());
    server.start();
    for (const char* headers :
         {"Content-Length: 1\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length: +5\r\n", "Content-Length: 99999999999999999999\r\n", "Content-Length: \r\n"}) {
        const auto answer = talk(
            server, "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) + "\r\n0\r\n\r\nGET /smuggled");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << headers << answer;
        EXPECT_FALSE(contains(answer, "smuggled"));
    }
}

TEST(ServerTest, GarbageAndUnknownMethodsGetAnErrorAndHarmNobody) {
    Server server({}, echo_handlers());
    server.start();
    EXPECT_TRUE(contains(talk(server, "\x01\x02garbage\r\n\r\n"), "400"));
    EXPECT_TRUE(contains(talk(server, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n"), "400"));
    EXPECT_TRUE(contains(talk(server, "DELETE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), "405"));
    EXPECT_TRUE(
        contains(talk(server, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), "431"));
    {
        RawSocket cut(server.port());
        ASSERT_TRUE(cut.send("GET / HT"));
        cut.half_close();
        EXPECT_EQ(cut.read_all(), "");
    }
    EXPECT_EQ(Client(url_of(server)).post("alive").value(), "alive");
}

TEST(ServerTest, AHandlerThatThrowsIsAnsweredFor) {
    Handlers handlers = echo_handlers();
    handlers.post = [](const std::string&, const std::string&, const Respond&) -> void {
        throw std::runtime_error("secret detail");
    };
    Server server({}, handlers);
    server.start();
    Client client(url_of(server));
    EXPECT_TRUE(contains(client.post("x").error(), "500"));
    EXPECT_EQ(client.get("/alive").value(), "/alive");
}

TEST(ServerTest, ForeignHostNamesAreRefusedOnLoopback) {
    Server server({.allowed_hosts = {"node.example"}}, echo_handlers());
    server.start();
    const auto status = [&](const std::string& host) {
        return talk(server, "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n").substr(9, 3);
    };
    for (const char* host : {"localhost", "localhost:8545", "LocalHost:8545", "127.0.0.1:1", "[::1]", "[::1]:8545",
                             "node.example", "node.example:8545"})
        EXPECT_EQ(status(host), "200") << host;
    for (const char* host : {"evil.example", "evil.example:8545", "127.0.0.1.evil.example", "localhost.evil.example:1",
                             "[::1]evil.example", "node.example.evil", ""})
        EXPECT_EQ(status(host), "403") << host;
}

TEST(ServerTest, WhereOriginsAreRestrictedOtherPagesAreRefused) {
    Server server({.allowed_origin = "https://app.example"}, echo_handlers());
    server.start();
    const auto answer = [&](const std::string& origin) {
        return talk(server, get_request("Origin: " + origin + "\r\n"));
    };
    EXPECT_TRUE(contains(answer("https://app.example"), "Access-Control-Allow-Origin: https://app.example"));
    EXPECT_TRUE(contains(answer("http://localhost"), "200 OK")) << "the server's own pages";
    EXPECT_TRUE(contains(answer("https://evil.example"), "403"));
    EXPECT_TRUE(contains(talk(server, get_request("")), "200 OK")) << "not a browser";
    EXPECT_TRUE(contains(RawWebSocket(server.port(), "Origin: https://evil.example\r\n").handshake(), "403"));
    EXPECT_TRUE(contains(RawWebSocket(server.port(), "Origin: https://app.example\r\n").handshake(), "101"));
}

TEST(ServerTest, SlowSendersAreCutOffAlsoInLaterRequests) {
    Server server({.request_timeout_s = 1}, echo_handlers());
    server.start();
    for (const bool is_later : {false, true}) {
        RawSocket socket(server.port());
        if (is_later) {
            ASSERT_TRUE(socket.send("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            ASSERT_TRUE(contains(socket.read_until("/first"), "200"));
        }
        ASSERT_TRUE(socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"));
        const auto begin = std::chrono::steady_clock::now();
        std::string drip = "s";
        while (std::chrono::steady_clock::now() - begin < milliseconds(2'500) && socket.send(drip) &&
               !socket.is_closed_within(milliseconds(100))) {
        }
        EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(2'500)) << is_later;
    }
}

TEST(ServerTest, IdleConnectionsAreClosed) {
    Server server({.idle_timeout_s = 1}, echo_handlers());
    server.start();
    RawSocket socket(server.port());
    ASSERT_TRUE(socket.send("GET /first HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    ASSERT_TRUE(contains(socket.read_until("/first"), "200"));
    EXPECT_TRUE(socket.is_closed_within(milliseconds(3'000)));
}

TEST(ServerTest, MoreConnectionsThanAllowedAreClosed) {
    Server server({.max_connections = 2}, echo_handlers());
    server.start();
    Client first(url_of(server)), third(url_of(server));
    {
        Client second(url_of(server));
        EXPECT_TRUE(first.post("1").has_value());
        EXPECT_TRUE(second.post("2").has_value());
        EXPECT_FALSE(third.post("3").has_value());
    }
    std::this_thread::sleep_for(milliseconds(100));
    EXPECT_TRUE(third.post("there is room again").has_value());
}

TEST(ServerTest, HundredsOfConnectionsAtOnceAreServed) {
    Server server({}, echo_handlers());
    server.start();
    std::vector<std::unique_ptr<RawSocket>> sockets;
    for (int i = 0; i < 500; ++i) sockets.push_back(std::make_unique<RawSocket>(server.port()));
    for (std::size_t i = 0; i < sockets.size(); ++i)
        ASSERT_TRUE(sockets[i]->send("GET /c" + std::to_string(i) + "! HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    for (std::size_t i = 0; i < sockets.size(); ++i)
        EXPECT_TRUE(contains(sockets[i]->read_until("!"), "/c" + std::to_string(i) + "!"));
}

TEST(ServerTest, CompressedAndUnchangedBodiesAreNotSentInFull) {
    Handlers handlers = echo_handlers();
    handlers.get = [](const std::string&, const Respond& respond) {
        respond({.content_type = "text/html", .body = "plain", .headers = {{"ETag", "\"7\""}}, .gzip_body = "packed"});
    };
    Server server({}, handlers);
    server.start();
    EXPECT_TRUE(talk(server, get_request("")).ends_with("\r\n\r\nplain"));
    const auto packed = talk(server, get_request("Accept-Encoding: br, gzip\r\n"));
    EXPECT_TRUE(packed.ends_with("\r\n\r\npacked"));
    EXPECT_TRUE(contains(packed, "Content-Encoding: gzip\r\n"));
    EXPECT_TRUE(talk(server, get_request("Accept-Encoding: gzip;q=0\r\n")).ends_with("\r\n\r\nplain"));
    const auto unchanged = talk(server, get_request("If-None-Match: \"6\", \"7\"\r\n"));
    EXPECT_TRUE(contains(unchanged, "304"));
    EXPECT_TRUE(unchanged.ends_with("\r\n\r\n"));
    EXPECT_TRUE(contains(talk(server, get_request("If-None-Match: \"77\"\r\n")), "200 OK"));
}

TEST(ServerTest, ATakenPortIsAClearError) {
    Server server({}, echo_handlers());
    server.start();
    Server other({.port = server.port()}, echo_handlers());
    try {
        other.start();
        FAIL() << "two servers on one port";
    } catch (const std::runtime_error& problem) {
        EXPECT_TRUE(contains(problem.what(), std::to_string(server.port())));
    }
}

TEST(ServerTest, StoppingFreesThePortAndItsConnections) {
    std::uint16_t port = 0;
    {
        Server server({}, echo_handlers());
        server.start();
        port = server.port();
        RawSocket idle(port);
        const auto begin = std::chrono::steady_clock::now();
        server.stop();
        EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(1'000)) << "idle connections hold nobody up";
        EXPECT_TRUE(idle.is_closed_within(milliseconds(1'000)));
        EXPECT_THROW(RawSocket{port}, std::runtime_error);
    }
    Server again({.port = port}, echo_handlers());
    EXPECT_NO_THROW(again.start());
}

TEST(ServerTest, StoppingLetsARequestInProgressFinish) {
    Handlers handlers = echo_handlers();
    std::atomic<bool> called = false;
    std::thread late;
    handlers.post = [&](std::string, std::string, Respond respond) {
        late = std::thread([respond = std::move(respond)] {
            std::this_thread::sleep_for(milliseconds(150));
            respond({.status = 200, .content_type = "text/plain", .body = "finished", .headers = {}});
        });
        called = true;
    };
    Server server({}, handlers);
    server.start();
    RawSocket socket(server.port());
    ASSERT_TRUE(socket.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx"));
    while (!called) std::this_thread::yield();
    const auto begin = std::chrono::steady_clock::now();
    server.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds(1'500)) << "no longer than the request took";
    EXPECT_TRUE(socket.read_all().ends_with("finished"));
    late.join();
}

}  // namespace
}  // namespace entresol::http
