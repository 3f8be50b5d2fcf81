#include "node/io/loop.hpp"

#include <atomic>

#include <gtest/gtest.h>

namespace entresol::io {
namespace {

TEST(LoopTest, RunAndWaitReturnsOnlyAfterTheTask) {
    Loop loop([] { return std::uint64_t{0}; });
    loop.start();
    for (int i = 0; i < 100; ++i) {
        std::atomic<bool> done = false;
        loop.run_and_wait([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(200));
            done = true;
        });
        ASSERT_TRUE(done);
    }
}

TEST(LoopTest, RunAndWaitOnTheLoopsOwnThreadRunsAtOnce) {
    Loop loop([] { return std::uint64_t{0}; });
    loop.start();
    bool inner = false;
    loop.run_and_wait([&] { loop.run_and_wait([&] { inner = true; }); });
    EXPECT_TRUE(inner);
}

TEST(LoopTest, TimersFollowTheGivenClockInOrder) {
    std::uint64_t now = 0;
    Loop loop([&] { return now; });
    std::string order;
    loop.post_at(20, [&] { order += 'b'; });
    loop.post_at(10, [&] { order += 'a'; });
    loop.post([&] { order += '0'; });
    loop.run_due();
    EXPECT_EQ(order, "0");
    now = 25;
    loop.run_due();
    EXPECT_EQ(order, "0ab");
}

TEST(LoopTest, StoppingReleasesWhoWaits) {
    Loop loop([] { return std::uint64_t{0}; });
    loop.start();
    std::atomic<bool> started = false;
    loop.post([&] {
        started = true;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    });
    while (!started) std::this_thread::yield();
    std::thread waiter([&] { loop.run_and_wait([] {}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    loop.stop();
    waiter.join();  // would hang
}

}  // namespace
}  // namespace entresol::io
