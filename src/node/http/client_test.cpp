#include "node/http/client.hpp"

#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "node/http/http_testing.hpp"
#include "node/io/failure.hpp"

namespace entresol::http {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

std::string ok(std::string_view body, std::string_view headers = "") {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + std::string(headers) +
           "\r\n" + std::string(body);
}

milliseconds time_of(const std::function<void()>& action) {
    const auto begin = Clock::now();
    action();
    return std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
}

TEST(ClientTest, KeepsItsConnection) {
    ScriptedServer server([](RawSocket& socket, int) {
        for (int i = 0; i < 3; ++i)
            if (!socket.read_until("\r\n\r\n").empty()) socket.send(ok("x"));
    });
    Client client(server.url());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.get("/").value(), "x");
    EXPECT_EQ(server.connections(), 1);
}

// The other side closes a kept connection between two requests: seen before the next one is sent.
TEST(ClientTest, AConnectionClosedMeanwhileIsNotUsedAgain) {
    ScriptedServer server([](RawSocket& socket, int number) {
        (void)socket.read_until("}");
        socket.send(ok("answer " + std::to_string(number)));
    });
    Client client(server.url());
    for (int i = 1; i <= 3; ++i) {
        EXPECT_EQ(client.post("{}").value(), "answer " + std::to_string(i));
        server.wait_until_closed(i);
    }
}

// The request was read, then the connection broke: it may have been acted on.
TEST(ClientTest, APostIsSentOnceWhateverHappens) {
    std::atomic<int> seen = 0;
    ScriptedServer server([&](RawSocket& socket, int) {
        if (!socket.read_until("}").empty()) ++seen;
        socket.send(ok("first"));
        if (socket.read_until("}").ends_with("}")) ++seen;  // and then silence and the end
    });
    Client client(server.url());
    EXPECT_EQ(client.post("{}").value(), "first");
    EXPECT_FALSE(client.post("{}").has_value());
    EXPECT_EQ(seen, 2);
    EXPECT_EQ(server.connections(), 1);
}

TEST(ClientTest, AGetIsTriedOnceMore) {
    ScriptedServer server([&](RawSocket& socket, int number) {
        (void)socket.read_until("\r\n\r\n");
        socket.send(ok("answer"));
        (void)socket.read_until("\r\n\r\n");
        if (number > 1) socket.send(ok("never asked for"));
    });
    Client client(server.url());
    EXPECT_EQ(client.get("/").value(), "answer");
    EXPECT_EQ(client.get("/").value(), "answer");
    EXPECT_EQ(server.connections(), 2);
}

TEST(ClientTest, AnswersAreBoundedInSize) {
    const std::string large(5'000, 'x');
    const std::string answers[] = {
        ok(large),
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1388\r\n" + large + "\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n" + large,
        "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'h') + "\r\n\r\n",
    };
    for (const auto& answer : answers) {
        ScriptedServer server([&](RawSocket& socket, int) {
            (void)socket.read_until("\r\n\r\n");
            socket.send(answer);
        });
        Client client(server.url(), {.timeout_ms = 2'000, .max_answer_bytes = 4'999});
        EXPECT_FALSE(client.get("/").has_value()) << answer.substr(0, 60);
    }
    ScriptedServer server([&](RawSocket& socket, int) {
        (void)socket.read_until("\r\n\r\n");
        socket.send(ok(large));
    });
    EXPECT_EQ(Client(server.url(), {.max_answer_bytes = 5'000}).get("/").value(), large);
}

TEST(ClientTest, AnswersAreBoundedInTime) {
    const std::function<void(RawSocket&, int)> scripts[] = {
        [](RawSocket& socket, int) { (void)socket.read_all(milliseconds(3'000)); },  // says nothing
        [](RawSocket& socket, int) {                                                 // a byte now and then
            const auto answer = ok(std::string(1'000, 'x'));
            for (const char c : answer) {
                if (!socket.send({&c, 1})) return;
                std::this_thread::sleep_for(milliseconds(20));
            }
        },
    };
    for (const auto& script : scripts) {
        ScriptedServer server(script);
        Client client(server.url(), {.timeout_ms = 300});
        const auto took = time_of([&] { EXPECT_FALSE(client.get("/").has_value()); });
        EXPECT_GE(took, milliseconds(250));
        EXPECT_LT(took, milliseconds(1'500));
    }
}

TEST(ClientTest, MalformedAnswersAreErrors) {
    for (const char* answer :
         {"", "nonsense\r\n\r\n", "HTTP/1.1 999999 X\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        ScriptedServer server([&](RawSocket& socket, int) {
            (void)socket.read_until("\r\n\r\n");
            socket.send(answer);
        });
        EXPECT_FALSE(Client(server.url(), {.timeout_ms = 2'000}).get("/").has_value()) << answer;
    }
}

TEST(ClientTest, OtherStatusesAreErrorsThatNameNoPath) {
    ScriptedServer server([&](RawSocket& socket, int) {
        (void)socket.read_until("\r\n\r\n");
        socket.send("HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n\r\n");
    });
    const auto answer = Client(server.url() + "/secret-key").get("/more");
    ASSERT_FALSE(answer.has_value());
    EXPECT_NE(answer.error().find("429"), std::string::npos);
    EXPECT_EQ(answer.error().find("secret"), std::string::npos);
    const auto gone = Client("http://127.0.0.1:1/secret-key").post("{}");
    EXPECT_EQ(gone.error().find("secret"), std::string::npos);
}

TEST(ClientTest, SpeaksToIPv6) {
    Server server({.host = "::1"}, echo_handlers());
    try {
        server.start();
    } catch (const io::Failure&) {
        GTEST_SKIP() << "this machine has no IPv6 loopback";
    }
    Client client("http://[::1]:" + std::to_string(server.port()));
    EXPECT_EQ(client.post("{}").value(), "{}");
    EXPECT_EQ(client.get("/x").value(), "/x");
}

TEST(ClientTest, CancellingEndsTheRequestInProgressAndLaterOnes) {
    ScriptedServer server([](RawSocket& socket, int) { (void)socket.read_all(milliseconds(5'000)); });
    Client client(server.url());
    std::thread other([&] {
        std::this_thread::sleep_for(milliseconds(150));
        client.cancel();
    });
    EXPECT_LT(time_of([&] { EXPECT_FALSE(client.post("{}").has_value()); }), milliseconds(1'000));
    other.join();
    EXPECT_LT(time_of([&] { EXPECT_FALSE(client.get("/").has_value()); }), milliseconds(100));
    EXPECT_EQ(server.connections(), 1);
}

TEST(ClientTest, WhatIsNoUrlIsTheUsersMistake) {
    for (const char* url : {"", "host:1", "ws://host", "http://[::1"}) {
        try {
            const Client client{std::string(url)};
            ADD_FAILURE() << url;
        } catch (const io::Failure& failure) {
            EXPECT_EQ(failure.kind(), io::FailureKind::Usage);
        }
    }
}

}  // namespace
}  // namespace entresol::http
