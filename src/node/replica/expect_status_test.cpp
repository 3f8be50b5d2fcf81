#include "node/replica/expect_status.hpp"

#include <gtest/gtest.h>

namespace entresol::replica {
namespace {

// L1 blocks of 12 s since second 1,000; a batch of ten L2 blocks in each fifth of them, the last in block 40.
constexpr Pace PACE{.l1_number = 50,
                    .l1_time_s = 1'600,
                    .genesis_l1_number = 0,
                    .genesis_time_s = 1'000,
                    .head_l1 = 52,
                    .finalized_l1 = 20,
                    .safe_l2 = 80,
                    .safe_from_l1 = 40,
                    .before_l2 = 70,
                    .before_from_l1 = 35};

TEST(ExpectStatus, ABlockIsSafeWithTheBatchThatItIsCountedInto) {
    EXPECT_EQ(expect_safe_in_l1(PACE, 80), 40U);
    EXPECT_EQ(expect_safe_in_l1(PACE, 81), 45U);
    EXPECT_EQ(expect_safe_in_l1(PACE, 90), 45U);
    EXPECT_EQ(expect_safe_in_l1(PACE, 91), 50U);
}

TEST(ExpectStatus, OneBatchIsNoPace) {
    Pace pace = PACE;
    pace.before_l2 = pace.safe_l2;
    EXPECT_EQ(expect_safe_in_l1(pace, 81), std::nullopt);
    pace = PACE;
    pace.before_from_l1 = pace.safe_from_l1;
    EXPECT_EQ(expect_safe_in_l1(pace, 81), std::nullopt);
}

TEST(ExpectStatus, L1BlocksComeAtTheirMeanDistance) {
    EXPECT_EQ(expect_l1_time(PACE, 50), 1'600U);
    EXPECT_EQ(expect_l1_time(PACE, 55), 1'660U);
    EXPECT_EQ(expect_l1_time(PACE, 45), 1'540U);
    Pace pace = PACE;
    pace.l1_number = pace.genesis_l1_number;
    EXPECT_EQ(expect_l1_time(pace, 55), std::nullopt);
}

TEST(ExpectStatus, FinalityIsAsFarBehindAsItIsNow) {
    EXPECT_EQ(expect_final_time(PACE, 40), 1'600U + (40 + 32 - 50) * 12);
    Pace pace = PACE;
    pace.finalized_l1 = 0;
    EXPECT_EQ(expect_final_time(pace, 40), std::nullopt);
}

}  // namespace
}  // namespace entresol::replica
