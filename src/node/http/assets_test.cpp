#include "node/http/assets.hpp"

#include <gtest/gtest.h>

namespace entresol::http {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers)
        if (key == name) return value;
    return "";
}

class AssetsTest : public ::testing::Test {
protected:
    AssetsTest() {
        assets_.add("index.html", bytes("<html>"));
        assets_.add("assets/main-3f2a91c0.js", bytes("let x"));
        assets_.add("assets/main-3f2a91c0.js.gz", bytes("packed"));
        assets_.add("favicon.svg", bytes("<svg>"));
        assets_.add("lost.js.gz", bytes("without its plain form"));
    }
    Assets assets_;
};

TEST_F(AssetsTest, FilesComeWithTypeCachingAndCompressedForm) {
    const auto script = assets_.find("/assets/main-3f2a91c0.js?v=1").value();
    EXPECT_EQ(script.body, "let x");
    EXPECT_EQ(script.gzip_body, "packed");
    EXPECT_EQ(script.content_type, "text/javascript; charset=utf-8");
    EXPECT_NE(header(script, "Cache-Control").find("immutable"), std::string::npos);
    const auto icon = assets_.find("favicon.svg").value();
    EXPECT_EQ(icon.content_type, "image/svg+xml");
    EXPECT_EQ(header(icon, "Cache-Control"), "no-cache");
    EXPECT_EQ(icon.gzip_body, "");
}

TEST_F(AssetsTest, PathsOfTheAppsRouterGetItsPage) {
    for (const char* path : {"/", "", "/block/12", "/address/0xabc?tab=1", "/tx/0x1#top"})
        EXPECT_EQ(assets_.find(path).value().body, "<html>") << path;
}

TEST_F(AssetsTest, AllElseIsNotThere) {
    for (const char* path :
         {"/missing.js", "/assets/main-3f2a91c0.js.gz", "/lost.js", "/../etc/passwd.txt", "//favicon.svg"})
        EXPECT_FALSE(assets_.find(path).has_value()) << path;
}

TEST_F(AssetsTest, TagsFollowTheContent) {
    Assets other;
    other.add("favicon.svg", bytes("<svg/>"));
    const auto tag = header(assets_.find("/favicon.svg").value(), "ETag");
    EXPECT_EQ(tag, header(assets_.find("/favicon.svg").value(), "ETag"));
    EXPECT_NE(tag, header(other.find("/favicon.svg").value(), "ETag"));
    EXPECT_TRUE(tag.size() > 4 && tag.front() == '"' && tag.back() == '"');
}

}  // namespace
}  // namespace entresol::http
