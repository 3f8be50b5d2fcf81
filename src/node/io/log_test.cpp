#include "node/io/log.hpp"

#include <gtest/gtest.h>

#include "node/io/log_escape.hpp"
#include "node/io/secret.hpp"
#include "node/io/trouble.hpp"

namespace entresol::io {
namespace {

// A secret cannot even be offered.
static_assert(!std::is_constructible_v<LogField, std::string_view, const Secret&>);
static_assert(!std::is_constructible_v<LogField, std::string_view, const PrivateKey&>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

std::size_t count(const std::string& text, std::string_view part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

TEST(LogTest, LinesOfStrangersStayOneLine) {
    EXPECT_EQ(escape_for_log("plain {} text, é"), "plain {} text, é");
    EXPECT_EQ(escape_for_log("a\nFAKE: b\x1b[31m\x7f"), "a\\x0aFAKE: b\\x1b[31m\\x7f");
    EXPECT_LT(escape_for_log(std::string(1'000'000, 'x')).size(), 5'000U);
}

TEST(LogTest, FieldsAreReadBackUnambiguously) {
    EXPECT_EQ(format_text_line("batcher", "posted", {{"blocks", 7}, {"ok", true}, {"tx", "0xab"}, {"to", "a b"}}),
              "batcher: posted blocks=7 ok=true tx=0xab to=\"a b\"");
    EXPECT_EQ(format_text_line("x", "y", {{"a", "1 b=2"}, {"c", ""}, {"d", "\"\n"}}),
              "x: y a=\"1 b=2\" c=\"\" d=\"\\\"\\x0a\"");
    EXPECT_EQ(format_json_members("x", "say \"y\"\n", {{"n", -1}, {"t", "a\\b\x01"}}),
              R"("component":"x","message":"say \"y\"\u000a","n":-1,"t":"a\\b\u0001")");
}

TEST(LogTest, JsonIsUtf8WhateverCame) {
    EXPECT_EQ(quote_json("é€😀"), "\"é€😀\"");
    EXPECT_EQ(quote_json("\xff"
                         "a"),
              "\"\\ufffda\"");
    EXPECT_EQ(quote_json("\xc0\x80"), "\"\\ufffd\\ufffd\"") << "overlong";
    EXPECT_EQ(quote_json("\xed\xa0\x80"), "\"\\ufffd\\ufffd\\ufffd\"") << "a surrogate";
    EXPECT_EQ(quote_json("\xf4\x90\x80\x80"), "\"\\ufffd\\ufffd\\ufffd\\ufffd\"") << "beyond U+10FFFF";
    EXPECT_EQ(quote_json("\xe2\x82"), "\"\\ufffd\\ufffd\"") << "cut";
}

TEST(LogTest, WhatIsBelowTheLevelIsNotWritten) {
    testing::internal::CaptureStderr();
    log_info("test", "shown {0}");
    log(LogLevel::Debug, "test", "hidden");
    set_log_level(LogLevel::Error);
    EXPECT_FALSE(is_logged(LogLevel::Warning));
    log_warning("test", "hidden too");
    log_error("test", "shown last");
    set_log_level(LogLevel::Trace);
    log(LogLevel::Trace, "test", "least");
    set_log_level(LogLevel::Info);
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_NE(written.find("test: shown {0}\n"), std::string::npos) << written;
    EXPECT_NE(written.find("test: shown last\n"), std::string::npos);
    EXPECT_NE(written.find("test: least\n"), std::string::npos);
    EXPECT_EQ(written.find("hidden"), std::string::npos);
}

TEST(LogTest, JsonLinesAreObjects) {
    testing::internal::CaptureStderr();
    set_log_format(LogFormat::Json);
    log_warning("test", "a {} message", {{"n", 1}});
    set_log_format(LogFormat::Text);
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(written.starts_with("{\"time\":\"20")) << written;
    EXPECT_TRUE(written.ends_with(R"(Z","level":"warn","component":"test","message":"a {} message","n":1})"
                                  "\n"))
        << written;
}

TEST(LogTest, LevelsHaveNames) {
    for (const auto level : {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error})
        EXPECT_EQ(find_log_level(name_of(level)), level);
    EXPECT_EQ(find_log_level("loud"), std::nullopt);
}

TEST(TroubleTest, IsToldAtItsBeginNowAndThenAndAtItsEnd) {
    std::uint64_t now_ms = 0;
    Trouble trouble("l1", "answers again", [&] { return now_ms; }, 30'000);
    testing::internal::CaptureStderr();
    trouble.clear();  // nothing was wrong
    for (; now_ms < 100'000; now_ms += 100) trouble.report("connection refused");
    trouble.clear();
    trouble.clear();
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_EQ(count(written, "connection refused"), 4U) << written;  // at 0, 30, 60 and 90 s
    EXPECT_EQ(count(written, "for_s=90 untold=299"), 1U) << written;
    EXPECT_EQ(count(written, "answers again after_s=100"), 1U) << written;
}

TEST(TroubleTest, ChangingWordsDoNotFillTheLog) {
    std::uint64_t now_ms = 0;
    Trouble trouble("l1", "answers again", [&] { return now_ms; }, 30'000);
    testing::internal::CaptureStderr();
    for (; now_ms < 10'000; now_ms += 10) trouble.report("problem number " + std::to_string(now_ms));
    EXPECT_EQ(count(testing::internal::GetCapturedStderr(), "problem"), 10U);
}

}  // namespace
}  // namespace entresol::io
