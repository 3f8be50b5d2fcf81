#include <atomic>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "node/http/http_testing.hpp"
#include "node/http/server.hpp"

namespace entresol::http {
namespace {

using std::chrono::milliseconds;

constexpr unsigned TEXT = 1, CLOSE = 8, PING = 9, PONG = 10;

// Keeps the sessions that spoke, as a subscription would.
struct Sessions {
    std::mutex mutex;
    std::vector<std::shared_ptr<WebSocketSession>> opened;
    std::atomic<std::uint64_t> last_closed = 0;

    Handlers handlers() {
        Handlers out = echo_handlers();
        out.message = [this](std::shared_ptr<WebSocketSession> session, std::string message) {
            session->send(std::move(message));
            const std::lock_guard lock(mutex);
            opened.push_back(std::move(session));
        };
        out.closed = [this](std::uint64_t id) { last_closed = id; };
        return out;
    }
    std::shared_ptr<WebSocketSession> first() {
        const std::lock_guard lock(mutex);
        return opened.at(0);
    }
    bool closed_within(std::uint64_t id, milliseconds wait) const {
        const auto deadline = std::chrono::steady_clock::now() + wait;
        while (last_closed != id && std::chrono::steady_clock::now() < deadline)
            std::this_thread::sleep_for(milliseconds(5));
        return last_closed == id;
    }
};

TEST(WebSocketTest, MessagesAreAnsweredAndPingsTooInOrder) {
    Server server({}, echo_handlers());
    server.start();
    RawWebSocket client(server.port());
    // The accept value of RFC 6455 section 1.3 for its sample nonce.
    EXPECT_NE(client.handshake().find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
    for (const std::size_t size : {0U, 5U, 200U, 70'000U}) {
        ASSERT_TRUE(client.send_text(std::string(size, 'm')));
        EXPECT_EQ(client.read_frame().value().payload, std::string(size, 'm'));
    }
    ASSERT_TRUE(client.send(PING, "here?"));
    const auto pong = client.read_frame();
    ASSERT_TRUE(pong.has_value());
    EXPECT_EQ(pong->opcode, PONG);
    EXPECT_EQ(pong->payload, "here?");
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send_text(std::to_string(i)));
    for (int i = 0; i < 100; ++i) EXPECT_EQ(client.read_frame().value().payload, std::to_string(i));
}

TEST(WebSocketTest, TheServerPushesFromAnyThread) {
    Sessions sessions;
    Server server({}, sessions.handlers());
    server.start();
    RawWebSocket client(server.port());
    ASSERT_TRUE(client.send_text("subscribe"));
    EXPECT_EQ(client.read_frame().value().payload, "subscribe");
    const auto session = sessions.first();
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) session->send("news");
        });
    for (int i = 0; i < 200; ++i) EXPECT_EQ(client.read_frame().value().payload, "news");
    for (auto& thread : threads) thread.join();
}

TEST(WebSocketTest, ASlowReaderIsDisconnectedAndHarmless) {
    for (const bool by_bytes : {false, true}) {
        Sessions sessions;
        ServerOptions options;
        (by_bytes ? options.max_queued_bytes : options.max_queued_messages) = by_bytes ? 1'000'000 : 20;
        Server server(options, sessions.handlers());
        server.start();
        RawWebSocket client(server.port());
        ASSERT_TRUE(client.send_text("subscribe"));
        ASSERT_TRUE(client.read_frame().has_value());
        const auto session = sessions.first();
        for (int i = 0; i < 300; ++i) session->send(std::string(100'000, 'x'));
        EXPECT_TRUE(sessions.closed_within(session->id(), milliseconds(2'000))) << by_bytes;
        session->send("to nobody");
        RawWebSocket other(server.port());
        ASSERT_TRUE(other.send_text("alive"));
        EXPECT_EQ(other.read_frame().value().payload, "alive");
    }
}

// Who sends without reading its answers is made to wait rather than remembered without end, and loses nothing.
TEST(WebSocketTest, AFloodOfRequestsIsHeldBackNotDropped) {
    Server server({}, echo_handlers());
    server.start();
    RawWebSocket client(server.port());
    constexpr int COUNT = 3'000;
    const std::string payload(10'000, 'r');
    std::thread sender([&] {
        for (int i = 0; i < COUNT; ++i)
            if (!client.send_text(payload)) return;
    });
    std::this_thread::sleep_for(milliseconds(300));
    int answers = 0;
    while (answers < COUNT && client.read_frame().has_value()) ++answers;
    EXPECT_EQ(answers, COUNT);
    sender.join();
}

TEST(WebSocketTest, ALoneAnswerMayBeLargerThanTheQueue) {
    Handlers handlers = echo_handlers();
    handlers.message = [](const std::shared_ptr<WebSocketSession>& session, const std::string&) {
        session->send(std::string(500'000, 'a'));
    };
    Server server({.max_queued_bytes = 100'000}, handlers);
    server.start();
    RawWebSocket client(server.port());
    ASSERT_TRUE(client.send_text("trace"));
    EXPECT_EQ(client.read_frame().value().payload.size(), 500'000U);
}

TEST(WebSocketTest, OversizedAndMalformedFramesEndTheirConnectionAlone) {
    Sessions sessions;
    Server server({.max_message_bytes = 1'000}, sessions.handlers());
    server.start();
    const auto ends = [&](const auto& misbehave) {
        const auto begin = std::chrono::steady_clock::now();
        RawWebSocket client(server.port());
        misbehave(client);
        const auto frame = client.read_frame();
        return (!frame.has_value() || frame->opcode == CLOSE) &&
               std::chrono::steady_clock::now() - begin < milliseconds(1'000);
    };
    EXPECT_TRUE(ends([](RawWebSocket& c) { c.send_text(std::string(1'001, 'x')); }));
    EXPECT_TRUE(ends([](RawWebSocket& c) { c.send_text("\xff\xfe not UTF-8"); }));
    EXPECT_TRUE(ends([](RawWebSocket& c) { c.socket().send("\x81\x05hello"); })) << "unmasked";
    EXPECT_TRUE(ends([](RawWebSocket& c) { c.send(3, "reserved opcode"); }));
    EXPECT_TRUE(ends(
        [](RawWebSocket& c) { c.socket().send(std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 14)); }));
    RawWebSocket fine(server.port());
    ASSERT_TRUE(fine.send_text(std::string(1'000, 'x')));
    EXPECT_EQ(fine.read_frame().value().payload.size(), 1'000U);
}

TEST(WebSocketTest, AHandlerThatThrowsEndsItsConnectionAlone) {
    Handlers handlers = echo_handlers();
    handlers.message = [](const std::shared_ptr<WebSocketSession>& session, const std::string& message) {
        if (message == "throw") throw std::runtime_error("thrown");
        session->send(message);
    };
    Server server({}, handlers);
    server.start();
    RawWebSocket bad(server.port());
    ASSERT_TRUE(bad.send_text("throw"));
    EXPECT_TRUE(bad.socket().is_closed_within(milliseconds(2'000)));
    RawWebSocket good(server.port());
    ASSERT_TRUE(good.send_text("fine"));
    EXPECT_EQ(good.read_frame().value().payload, "fine");
}

TEST(WebSocketTest, TheClosingHandshakeIsAnsweredAndTold) {
    Sessions sessions;
    Server server({}, sessions.handlers());
    server.start();
    RawWebSocket client(server.port());
    ASSERT_TRUE(client.send_text("hello"));
    ASSERT_TRUE(client.read_frame().has_value());
    ASSERT_TRUE(client.send(CLOSE, std::string("\x03\xe8", 2)));
    EXPECT_EQ(client.read_frame().value().opcode, CLOSE);
    client.socket().half_close();
    EXPECT_TRUE(sessions.closed_within(sessions.first()->id(), milliseconds(2'000)));
}

TEST(WebSocketTest, AStoppingServerSaysGoodbye) {
    Sessions sessions;
    Server server({.shutdown_grace_ms = 200}, sessions.handlers());
    server.start();
    RawWebSocket client(server.port());
    ASSERT_TRUE(client.send_text("hello"));
    ASSERT_EQ(client.read_frame().value().opcode, TEXT);
    const auto session = sessions.first();
    server.stop();
    const auto goodbye = client.read_frame();
    ASSERT_TRUE(goodbye.has_value());
    EXPECT_EQ(goodbye->opcode, CLOSE);
    EXPECT_EQ(goodbye->payload.substr(0, 2), "\x03\xe9") << "1001, going away";
    session->send("to nobody");
}

TEST(WebSocketTest, WithoutAHandlerThereIsNone) {
    Handlers handlers = echo_handlers();
    handlers.message = {};
    Server server({}, handlers);
    server.start();
    EXPECT_NE(RawWebSocket(server.port()).handshake().find("404"), std::string::npos);
}

}  // namespace
}  // namespace entresol::http
