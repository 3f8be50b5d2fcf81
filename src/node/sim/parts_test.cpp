// What the simulation is made of: chance, time, fibers, a disk that forgets.
#include <gtest/gtest.h>

#include "node/sim/disk.hpp"
#include "node/sim/fiber.hpp"
#include "node/sim/network.hpp"
#include "node/sim/schedule.hpp"

namespace entresol::sim {
namespace {

TEST(Random, StreamsDependOnSeedAndPurposeAlone) {
    EXPECT_EQ(Random(7).fork("a").next(), Random(7).fork("a").next());
    EXPECT_NE(Random(7).fork("a").next(), Random(7).fork("b").next());
    EXPECT_NE(Random(7).fork("a").next(), Random(8).fork("a").next());
    EXPECT_EQ(Random(0).next(), 0xe220a8397b1dcdafULL);  // SplitMix64's published first value
}

TEST(Schedule, RunsInOrderOfTimeThenOfAsking) {
    Schedule schedule(1'000);
    std::string order;
    schedule.after(20, [&] { order += "c"; });
    schedule.after(10, [&] {
        order += "a";
        schedule.after(10, [&] { order += "d"; });
    });
    schedule.after(10, [&] { order += "b"; });
    schedule.run_until(1'015, [] { return false; });
    EXPECT_EQ(order, "ab");
    EXPECT_EQ(schedule.now_ms(), 1'015U);
    schedule.run_until(2'000, [] { return false; });
    EXPECT_EQ(order, "abcd");
}

TEST(Fiber, GoesOnWhereItPausedAndCatchesItsOwnExceptions) {
    std::string steps;
    Fiber fiber([&steps] {
        steps += "1";
        Fiber::pause();
        try {
            throw std::runtime_error("2");
        } catch (const std::exception& error) {
            steps += error.what();
        }
        Fiber::pause();
        steps += "3";
    });
    EXPECT_EQ(Fiber::current(), nullptr);
    fiber.resume();
    steps += "-";
    fiber.resume();
    steps += "-";
    EXPECT_FALSE(fiber.is_done());
    fiber.resume();
    EXPECT_TRUE(fiber.is_done());
    EXPECT_EQ(steps, "1-2-3");
}

Bytes text(const char* words) { return {words, words + std::char_traits<char>::length(words)}; }

void put(Disk& disk, const char* key, const char* value, bool sync = false) {
    store::WriteBatch batch;
    batch.put(store::Table::Meta, text(key), text(value));
    disk.write(batch, sync);
}

TEST(Disk, AKilledProcessLosesNothingButWhatItWroteWhenItWasDead) {
    Disk disk;
    Random random(1);
    put(disk, "a", "1");
    put(disk, "a", "2");
    disk.stop();
    put(disk, "a", "3");
    put(disk, "b", "1", true);
    EXPECT_EQ(disk.find(store::Table::Meta, text("a")), text("3"));
    disk.restart(Disk::Loss::Nothing, random);
    EXPECT_EQ(disk.find(store::Table::Meta, text("a")), text("2"));
    EXPECT_FALSE(disk.find(store::Table::Meta, text("b")).has_value());
}

// Of ten batches some first ones are left, and always those that were synced.
TEST(Disk, APowerCutLosesTheNewestBatches) {
    std::set<std::size_t> left;
    Random random(1);
    for (int round = 0; round < 200; ++round) {
        Disk disk;
        for (int i = 0; i < 10; ++i) put(disk, std::to_string(i).c_str(), "x", i == 3);
        disk.stop();
        disk.restart(Disk::Loss::PowerCut, random);
        std::size_t count = 0;
        while (disk.find(store::Table::Meta, text(std::to_string(count).c_str()))) ++count;
        for (std::size_t i = count; i < 10; ++i)
            EXPECT_FALSE(disk.find(store::Table::Meta, text(std::to_string(i).c_str())).has_value());
        EXPECT_EQ(disk.unsynced(), 0U);
        left.insert(count);
    }
    EXPECT_EQ(left, (std::set<std::size_t>{4, 5, 6, 7, 8, 9, 10}));
}

TEST(Disk, AFullOneRefusesUntilTheRestart) {
    Disk disk;
    Random random(1);
    disk.fill();
    EXPECT_THROW(put(disk, "a", "1"), std::runtime_error);
    disk.stop();
    disk.restart(Disk::Loss::Nothing, random);
    EXPECT_FALSE(disk.find(store::Table::Meta, text("a")).has_value());
    put(disk, "a", "1");
}

class LinkTest : public testing::Test {
protected:
    // Asks once, and tells the answer or the error.
    std::string ask(const NetworkFaults& faults) {
        link.set_faults(faults);
        std::string told;
        Fiber fiber([&] {
            const auto answer = link.post("question");
            told = answer ? *answer : answer.error().message;
        });
        fiber.resume();
        schedule.run_until(schedule.now_ms() + 60'000, [] { return false; });
        EXPECT_TRUE(fiber.is_done());
        return told;
    }
    int asked = 0;
    Schedule schedule{0};
    Trace trace{schedule};
    Link link{schedule,
              trace,
              Random(1),
              [this](std::string_view body) {
                  ++asked;
                  return "answer to " + std::string(body);
              },
              {}};
};

TEST_F(LinkTest, AnswersOrTimesOut) {
    EXPECT_EQ(ask({}), "answer to question");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(ask({.lost_requests = 1'000}), "timeout");
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(ask({.lost_answers = 1'000}), "timeout");
    EXPECT_EQ(asked, 2) << "the request arrived";
    EXPECT_EQ(ask({.doubled = 1'000}), "answer to question");
    EXPECT_EQ(asked, 4);
    link.cut(true);
    EXPECT_EQ(ask({}), "timeout");
    EXPECT_EQ(asked, 4);
}

TEST_F(LinkTest, AClosedOneFailsAtOnce) {
    Fiber fiber([&] {
        EXPECT_FALSE(link.post("question").has_value());
        EXPECT_FALSE(link.post("another").has_value());
    });
    fiber.resume();
    EXPECT_FALSE(fiber.is_done());
    link.close();
    EXPECT_TRUE(fiber.is_done());
}

}  // namespace
}  // namespace entresol::sim
