// The lines are go-ethereum's (evm 1.17.10), character by character but for what the tables below say.
#include "node/conformance/step_lines.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "node/conformance/state_trace.hpp"

namespace entresol::conformance {
namespace {

std::vector<std::string> trace(const char* code, StepLineOptions options = {}, std::uint64_t gas = 100'000) {
    std::vector<std::string> lines;
    trace_code({.code = parse_hex(code).value(), .input = {}, .gas = gas, .value = {}, .fork = {}}, options,
               [&](const std::string& line) { lines.push_back(line); });
    return lines;
}

// evm --json run --code 0x600160020160005500 --gas 100000
TEST(StepLines, AreFieldByFieldThoseOfGeth) {
    const auto lines = trace("0x600160020160005500");
    ASSERT_EQ(lines.size(), 7U);
    EXPECT_EQ(
        lines[0],
        R"({"pc":0,"op":96,"gas":"0x186a0","gasCost":"0x3","memSize":0,"stack":[],"depth":1,"refund":0,"opName":"PUSH1"})");
    EXPECT_EQ(
        lines[2],
        R"({"pc":4,"op":1,"gas":"0x1869a","gasCost":"0x3","memSize":0,"stack":["0x1","0x2"],"depth":1,"refund":0,"opName":"ADD"})");
    EXPECT_EQ(
        lines[4],
        R"({"pc":7,"op":85,"gas":"0x18694","gasCost":"0x5654","memSize":0,"stack":["0x3","0x0"],"depth":1,"refund":0,"opName":"SSTORE"})");
    EXPECT_NE(lines[6].find(R"("pass":true)"), std::string::npos) << lines[6];
    EXPECT_NE(lines[6].find(R"("gasUsed":"0x5660")"), std::string::npos) << lines[6];
}

TEST(StepLines, TellMemoryAndReturnDataWhenAsked) {
    // Stores a word, calls the identity precompile with it.
    const char* code =
        "0x602a60005260206000602060006000600462ffffff"
        "f1";
    const auto bare = trace(code);
    for (const auto& line : bare) EXPECT_EQ(line.find("\"memory\""), std::string::npos);
    const auto full = trace(code, {.memory = true, .return_data = true});
    ASSERT_EQ(full.size(), bare.size());
    EXPECT_NE(full[4].find("\"memory\":\"0x00"), std::string::npos) << full[4];
    EXPECT_NE(full[4].find("\"memSize\":32"), std::string::npos) << full[4];
}

TEST(StepLines, SayWhyAnInstructionFailed) {
    EXPECT_NE(trace("0x01").front().find("stack underflow (0 <=> 2)"), std::string::npos);
    EXPECT_NE(trace("0x0c").front().find(R"("opName":"opcode 0xc not defined","error":"invalid opcode)"),
              std::string::npos);
    const auto last = trace("0x5b600056", {}, 1'000).back();
    EXPECT_NE(last.find(R"("pass":false)"), std::string::npos);
    EXPECT_NE(last.find(R"("error":"out of gas")"), std::string::npos);
}

// A call's line comes before those of what it called, though its cost is known only after them.
TEST(StepLines, ComeInTheOrderOfExecution) {
    // Calls itself with 5,000 gas where there is more than 50,000.
    const auto lines = trace(
        "0x61c3505a1161000a5700"
        "5b"
        "60006000600060006000"
        "30"
        "611388f100");
    ASSERT_GT(lines.size(), 10U);
    std::vector<int> depths;
    for (const auto& line : lines)
        if (const auto at = line.find("\"depth\":"); at != std::string::npos) depths.push_back(line[at + 8] - '0');
    EXPECT_TRUE(std::is_sorted(depths.begin(), std::max_element(depths.begin(), depths.end()) + 1));
    EXPECT_EQ(depths.front(), 1);
    EXPECT_EQ(depths.back(), 1);
    EXPECT_EQ(*std::max_element(depths.begin(), depths.end()), 2);
}

TEST(StepLines, AnUnknownForkIsNoSilentDefault) {
    EXPECT_THROW(
        trace_code({.code = {0}, .input = {}, .gas = 1, .value = {}, .fork = "Atlantis"}, {}, [](const auto&) {}),
        std::runtime_error);
}

}  // namespace
}  // namespace entresol::conformance
