#include "node/app/suggest.hpp"

#include <gtest/gtest.h>

namespace entresol::app {
namespace {

TEST(SuggestTest, DistancesCountSlips) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
    EXPECT_EQ(edit_distance("devent", "devnet"), 1U);  // neighbours swapped
    EXPECT_EQ(edit_distance("ca", "abc"), 3U);         // not 2: nothing between swapped neighbours
    EXPECT_EQ(edit_distance("flaw", "lawn"), edit_distance("lawn", "flaw"));
}

TEST(SuggestTest, TheNearestIsOfferedWhenItIsASlip) {
    const std::vector<std::string> words{"--port", "--l1-port", "--datadir", "--l1-block-time", "--block-time"};
    EXPECT_EQ(find_similar("--prot", words), "--port");
    EXPECT_EQ(find_similar("--l1port", words), "--l1-port");
    EXPECT_EQ(find_similar("--data-dir", words), "--datadir");
    EXPECT_EQ(find_similar("--blocktime", words), "--block-time");
    EXPECT_EQ(find_similar("--data", words), "--datadir");  // the only one that begins so
    EXPECT_EQ(find_similar("--", words), std::nullopt);
    EXPECT_EQ(find_similar("--colour", words), std::nullopt);
    EXPECT_EQ(find_similar("", words), std::nullopt);
    EXPECT_EQ(find_similar(std::string(100'000, 'a'), words), std::nullopt);
    EXPECT_EQ(find_similar("x", {}), std::nullopt);
}

}  // namespace
}  // namespace entresol::app
