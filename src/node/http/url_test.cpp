#include "node/http/url.hpp"

#include <gtest/gtest.h>

namespace entresol::http {
namespace {

std::string shown(std::string_view text) {
    const auto url = parse_url(text);
    if (!url) return "error";
    return std::string(url->tls ? "tls " : "") + url->host + " " + url->port + " " + url->path;
}

TEST(UrlTest, Parts) {
    EXPECT_EQ(shown("http://localhost:8545"), "localhost 8545 ");
    EXPECT_EQ(shown("https://l1.example"), "tls l1.example 443 ");
    EXPECT_EQ(shown("http://127.0.0.1/"), "127.0.0.1 80 ");
    EXPECT_EQ(shown("https://l1.example:8443/v3/key//"), "tls l1.example 8443 /v3/key");
    EXPECT_EQ(shown("http://a/b?c=d"), "a 80 /b?c=d");
    EXPECT_EQ(shown("http://a?c=d"), "a 80 /?c=d");
}

TEST(UrlTest, IPv6Literals) {
    EXPECT_EQ(shown("http://[::1]:8545"), "::1 8545 ");
    EXPECT_EQ(shown("https://[2001:db8::7]/x"), "tls 2001:db8::7 443 /x");
    EXPECT_EQ(parse_url("http://[::1]").value().authority(), "[::1]:80");
    EXPECT_EQ(shown("http://[::ffff:127.0.0.1]:1"), "::ffff:127.0.0.1 1 ");
}

TEST(UrlTest, WhatIsNoEndpointIsRefused) {
    for (const char* text : {"",
                             "localhost:8545",
                             "://a",
                             "ftp://a",
                             "HTTP//a",
                             "http://",
                             "http://:80",
                             "http://a:",
                             "http://a:0",
                             "http://a:65536",
                             "http://a:8x",
                             "http://a:-1",
                             "http://a:80:80",
                             "http://[::1",
                             "http://[]",
                             "http://[a]",
                             "http://[::1]x",
                             "http://::1:80",
                             "http://a b",
                             "http://a/b c",
                             "http://a/\r\nX: y",
                             "http://a/#f",
                             "http://us\xc3\xa9r",
                             "http://a_b/\x7f"})
        EXPECT_EQ(shown(text), "error") << text;
    EXPECT_EQ(shown("http://" + std::string(5000, 'a')), "error");
}

TEST(UrlTest, ErrorsQuoteNothing) {
    for (const char* text : {"http://user:hunter2@host/", "http://host:hunter2", "http://host/ hunter2", "hunter2"}) {
        const auto url = parse_url(text);
        ASSERT_FALSE(url.has_value());
        EXPECT_EQ(url.error().find("hunter2"), std::string::npos) << url.error();
    }
}

TEST(UrlTest, ServersAreNamedWithBracketsWhereNeeded) {
    EXPECT_EQ(make_http_url("127.0.0.1", 1), "http://127.0.0.1:1");
    EXPECT_EQ(make_http_url("::1", 8545), "http://[::1]:8545");
}

}  // namespace
}  // namespace entresol::http
