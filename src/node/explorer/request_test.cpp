#include "node/explorer/request.hpp"

#include <gtest/gtest.h>

namespace entresol::explorer {
namespace {

TEST(ExplorerRequest, TakesPathAndQueryApart) {
    const auto request = parse_request("/api/address/0xAb?before=17&limit=100").value();
    EXPECT_EQ(request.path, (std::vector<std::string>{"address", "0xAb"}));
    EXPECT_EQ(request.before, 17U);
    EXPECT_EQ(request.limit, 100U);
    EXPECT_EQ(parse_request("/api/overview/").value().path.size(), 1U);
    EXPECT_EQ(parse_request("/api/overview").value().limit, DEFAULT_LIMIT);
}

TEST(ExplorerRequest, RefusesWhatItDoesNotKnow) {
    for (const char* target :
         {"/api/blocks?limit=0", "/api/blocks?limit=101", "/api/blocks?limit=-1", "/api/blocks?limit",
          "/api/blocks?before=", "/api/blocks?befor=1", "/api/blocks?before=99999999999999999999", "/api//blocks",
          "/api/a/b/c/d/e", "/api/tx/%2e%2e", "/api/tx/<script>"})
        EXPECT_EQ(parse_request(target).error().status, 400U) << target;
    EXPECT_EQ(parse_request("/api/" + std::string(600, 'a')).error().status, 400U);
    EXPECT_EQ(parse_request("/other").error().status, 404U);
}

TEST(ExplorerRequest, NumbersAreDecimalDigitsOnly) {
    EXPECT_EQ(parse_number("0"), 0U);
    EXPECT_EQ(parse_number("9223372036854775807"), 9223372036854775807U);
    for (const char* text : {"", "+1", "-1", " 1", "1 ", "0x1", "9223372036854775808", "18446744073709551616"})
        EXPECT_EQ(parse_number(text), std::nullopt) << text;
}

}  // namespace
}  // namespace entresol::explorer
