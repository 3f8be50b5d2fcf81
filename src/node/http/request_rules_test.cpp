#include "node/http/request_rules.hpp"

#include <gtest/gtest.h>

namespace entresol::http {
namespace {

TEST(RequestRulesTest, LoopbackHosts) {
    for (const char* host : {"localhost", "localhost:1", "LOCALHOST:65535", "127.0.0.1", "127.0.0.1:8545", "[::1]",
                             "[::1]:8545", "devnet.localhost", "devnet.localhost:8545"})
        EXPECT_TRUE(is_loopback_host(host)) << host;
    for (const char* host :
         {"", ":8545", "localhost.example", "localhost:evil", "evil.example:8545", "127.0.0.1.example", "[::1]:evil",
          "[::1]x", ".localhost", "notlocalhost", "localhost:1:evil"})
        EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(RequestRulesTest, NamedHosts) {
    EXPECT_TRUE(is_host("Node.Example:8545", "node.example"));
    EXPECT_TRUE(is_host("node.example:8545", "node.example:8545"));
    EXPECT_FALSE(is_host("node.example:8545", "node.example:80"));
    EXPECT_FALSE(is_host("xnode.example", "node.example"));
}

TEST(RequestRulesTest, Origins) {
    EXPECT_TRUE(is_same_origin("http://localhost:8545", "localhost:8545"));
    EXPECT_TRUE(is_same_origin("https://node.example", "node.example"));
    EXPECT_FALSE(is_same_origin("http://localhost:3000", "localhost:8545"));
    EXPECT_FALSE(is_same_origin("null", "null"));
    EXPECT_FALSE(is_same_origin("file://localhost", "localhost"));
}

TEST(RequestRulesTest, Encodings) {
    for (const char* accepted : {"gzip", "deflate, gzip", "GZIP;q=0.5", "br;q=1.0 , gzip;q=0.01", "gzip; q=1"})
        EXPECT_TRUE(accepts_gzip(accepted)) << accepted;
    for (const char* refused : {"", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "gzipped", "identity, br;q=1"})
        EXPECT_FALSE(accepts_gzip(refused)) << refused;
}

TEST(RequestRulesTest, EntityTags) {
    EXPECT_TRUE(has_etag("\"a\"", "\"a\""));
    EXPECT_TRUE(has_etag("\"b\", W/\"a\"", "\"a\""));
    EXPECT_TRUE(has_etag("*", "\"a\""));
    EXPECT_FALSE(has_etag("\"aa\"", "\"a\""));
    EXPECT_FALSE(has_etag("", "\"a\""));
}

}  // namespace
}  // namespace entresol::http
