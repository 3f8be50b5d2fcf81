#include "node/io/log.hpp"

#include <gtest/gtest.h>

namespace entresol::io {
namespace {

TEST(LogTest, LinesOfStrangersStayOneLine) {
    EXPECT_EQ(escape_for_log("plain {} text, é"), "plain {} text, é");
    EXPECT_EQ(escape_for_log("a\nFAKE: b\x1b[31m\x7f"), "a\\x0aFAKE: b\\x1b[31m\\x7f");
    EXPECT_LT(escape_for_log(std::string(1'000'000, 'x')).size(), 5'000U);
}

TEST(LogTest, WhatIsBelowTheLevelIsNotWritten) {
    testing::internal::CaptureStderr();
    log_info("test", "shown {0}");
    log(LogLevel::Debug, "test", "hidden");
    set_log_level(LogLevel::Error);
    log_warning("test", "hidden too");
    log_error("test", "shown last");
    set_log_level(LogLevel::Info);
    const auto written = testing::internal::GetCapturedStderr();
    EXPECT_NE(written.find("test: shown {0}\n"), std::string::npos) << written;
    EXPECT_NE(written.find("test: shown last\n"), std::string::npos);
    EXPECT_EQ(written.find("hidden"), std::string::npos);
}

}  // namespace
}  // namespace entresol::io
