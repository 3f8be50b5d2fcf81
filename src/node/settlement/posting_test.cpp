#include "node/settlement/posting.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace entresol::settlement {
namespace {

constexpr double GWEI = 1e9;
constexpr std::uint64_t MINUTE_MS = 60'000, HOUR_MS = 60 * MINUTE_MS;

const std::size_t A_BLOB = transaction_capacity(DataKind::Blobs) / 6;

TEST(PostingCost, CountsTransactionsBlobsAndBytes) {
    const L1Prices prices{.gas = 10, .blob_gas = 3};
    EXPECT_EQ(posting_cost(DataKind::Calldata, 1'000, prices), (21'000 + 40 * 1'000) * 10.0);
    EXPECT_EQ(posting_cost(DataKind::Calldata, transaction_capacity(DataKind::Calldata) + 1, prices),
              (2 * 21'000 + 40.0 * static_cast<double>(transaction_capacity(DataKind::Calldata) + 1)) * 10);
    EXPECT_EQ(posting_cost(DataKind::Blobs, 1, prices), 21'000 * 10 + 131'072 * 3.0);
    EXPECT_EQ(posting_cost(DataKind::Blobs, A_BLOB, prices), 21'000 * 10 + 131'072 * 3.0);
    EXPECT_EQ(posting_cost(DataKind::Blobs, A_BLOB + 1, prices), 21'000 * 10 + 2 * 131'072 * 3.0);
    EXPECT_EQ(posting_cost(DataKind::Blobs, 7 * A_BLOB, prices), 2 * 21'000 * 10 + 7 * 131'072 * 3.0);
}

TEST(PostingPolicy, AutoTakesTheCheaper) {
    PostingPolicy policy({.data = DataChoice::Cheapest});
    policy.observe({.gas = 20 * GWEI, .blob_gas = GWEI}, 0);
    // A blob costs 131,072 gwei, as 164 bytes of calldata do.
    EXPECT_EQ(policy.choose(150), DataKind::Calldata);
    EXPECT_EQ(policy.choose(170), DataKind::Blobs);
    EXPECT_EQ(policy.choose(A_BLOB), DataKind::Blobs);
    policy.observe({.gas = GWEI, .blob_gas = 50 * GWEI}, 1);  // a blob as 163,840 bytes: no blob is worth it
    EXPECT_EQ(policy.choose(A_BLOB), DataKind::Calldata);
    policy.observe({.gas = 20 * GWEI, .blob_gas = 1, .has_blobs = false}, 2);
    EXPECT_EQ(policy.choose(A_BLOB), DataKind::Calldata);
}

TEST(PostingPolicy, WhatIsAskedForIsTaken) {
    PostingPolicy blobs({.data = DataChoice::Blobs}), calldata({.data = DataChoice::Calldata});
    EXPECT_FALSE(blobs.needs_prices());
    EXPECT_EQ(blobs.choose(1), DataKind::Blobs);
    EXPECT_EQ(calldata.choose(10 * A_BLOB), DataKind::Calldata);
}

TEST(PostingPolicy, WithoutADeadlineAllIsPostedAtOnce) {
    const PostingPolicy policy({.data = DataChoice::Blobs});
    EXPECT_TRUE(policy.is_due({}));
}

TEST(PostingPolicy, WaitsForMoreDataUntilTheDeadline) {
    PostingPolicy policy({.data = DataChoice::Blobs, .deadline_ms = HOUR_MS});
    policy.observe({.gas = GWEI, .blob_gas = GWEI}, 0);
    EXPECT_FALSE(policy.is_due({.waiting_ms = 0, .full_transactions = 0}));
    EXPECT_FALSE(policy.is_due({.waiting_ms = HOUR_MS - 1, .full_transactions = 0}));
    EXPECT_TRUE(policy.is_due({.waiting_ms = HOUR_MS, .full_transactions = 0}));
    EXPECT_TRUE(policy.is_due({.waiting_ms = 0, .full_transactions = 1}));  // at the usual price
}

TEST(PostingPolicy, AFullChannelWaitsWhileItIsDear) {
    PostingPolicy policy({.data = DataChoice::Blobs, .deadline_ms = HOUR_MS});
    policy.observe({.gas = GWEI, .blob_gas = GWEI}, 0);
    policy.observe({.gas = GWEI, .blob_gas = 1.5 * GWEI}, MINUTE_MS);
    EXPECT_FALSE(policy.is_due({.waiting_ms = 0, .full_transactions = 1}));
    EXPECT_TRUE(policy.is_due({.waiting_ms = 40 * MINUTE_MS, .full_transactions = 1}));  // it may cost more by then
    EXPECT_TRUE(policy.is_due({.waiting_ms = 0, .full_transactions = 4}));  // more and more waits behind it
    policy.observe({.gas = GWEI, .blob_gas = 9 * GWEI}, 2 * MINUTE_MS);
    EXPECT_FALSE(policy.is_due({.waiting_ms = HOUR_MS - 1, .full_transactions = 1}));
    EXPECT_TRUE(policy.is_due({.waiting_ms = HOUR_MS, .full_transactions = 1}));
}

TEST(PostingPolicy, WhatHoldsForLongBecomesUsual) {
    PostingPolicy policy({.data = DataChoice::Blobs, .deadline_ms = HOUR_MS});
    policy.observe({.gas = GWEI, .blob_gas = GWEI}, 0);
    policy.observe({.gas = GWEI, .blob_gas = 5 * GWEI}, MINUTE_MS);
    EXPECT_FALSE(policy.is_due({.waiting_ms = 0, .full_transactions = 1}));
    policy.observe({.gas = GWEI, .blob_gas = 5 * GWEI}, MINUTE_MS + 72 * HOUR_MS);
    EXPECT_TRUE(policy.is_due({.waiting_ms = 1, .full_transactions = 1}));
}

TEST(PostingPolicy, StuckBlobsGiveWayOnlyWhereThatPays) {
    PostingPolicy policy({.data = DataChoice::Cheapest});
    EXPECT_FALSE(policy.is_better_as_calldata(6 * A_BLOB));  // nothing is known
    policy.observe({.gas = GWEI, .blob_gas = GWEI}, 0);
    EXPECT_FALSE(policy.is_better_as_calldata(6 * A_BLOB));
    policy.observe({.gas = GWEI, .blob_gas = 100 * GWEI}, 1);
    EXPECT_TRUE(policy.is_better_as_calldata(6 * A_BLOB));
    EXPECT_FALSE(policy.is_better_as_calldata(A_BLOB / 2));  // the empty blob in its place costs as much
    PostingPolicy fixed({.data = DataChoice::Blobs});
    fixed.observe({.gas = GWEI, .blob_gas = 100 * GWEI}, 0);
    EXPECT_FALSE(fixed.is_better_as_calldata(6 * A_BLOB));
}

// Two days of L1 blocks; fees are a walk that comes back to its mean, as they have been on Ethereum, with a burst now and then.
std::vector<L1Prices> make_fees(std::uint32_t seed) {
    std::mt19937 random(seed);
    std::normal_distribution<double> step(0, 1);
    double gas = 0, blob = 0;
    int burst = 0;
    std::vector<L1Prices> fees;
    for (int i = 0; i < 2 * 7'200; ++i) {
        gas = gas * 0.998 + 0.03 * step(random);
        blob = blob * 0.995 + 0.12 * step(random);
        if (random() % 3'600 == 0) burst = 50 + static_cast<int>(random() % 200);
        fees.push_back({.gas = 5 * GWEI * std::exp(gas), .blob_gas = GWEI * std::exp(blob + (burst > 0 ? 3 : 0))});
        burst = std::max(0, burst - 1);
    }
    return fees;
}

struct Outcome {
    double wei = 0;
    double bytes = 0;
    std::uint64_t longest_wait_ms = 0;
};

// A chain that makes so many compressed bytes in each L1 block, posted one transaction a block.
Outcome post(PostingPolicy policy, const std::vector<L1Prices>& fees, std::size_t bytes_per_block) {
    constexpr std::uint64_t SLOT_MS = 12'000;
    const std::size_t most = transaction_capacity(policy.widest());
    Outcome out;
    std::size_t posted = 0;
    for (std::size_t i = 0; i < fees.size(); ++i) {
        policy.observe(fees[i], i * SLOT_MS);
        const std::size_t waiting = (i + 1) * bytes_per_block - posted;
        const std::uint64_t waiting_ms = (i - std::min(i, posted / bytes_per_block)) * SLOT_MS;
        if (!policy.is_due({.waiting_ms = waiting_ms, .full_transactions = waiting / most})) continue;
        std::size_t bytes = std::min(waiting, most);
        if (waiting_ms != 0 && bytes > A_BLOB) bytes = std::max<std::size_t>(1, bytes / A_BLOB) * A_BLOB;
        out.wei += posting_cost(policy.choose(bytes), bytes, fees[i]);
        out.bytes += static_cast<double>(bytes);
        out.longest_wait_ms = std::max(out.longest_wait_ms, waiting_ms);
        posted += bytes;
    }
    return out;
}

TEST(PostingPolicy, CostsLessThanPostingAtOnceAndIsNeverLate) {
    for (const std::size_t bytes_per_block : {2'000, 40'000, 200'000}) {
        for (std::uint32_t seed = 1; seed <= 10; ++seed) {
            const auto fees = make_fees(seed);
            const auto at_once = post(PostingPolicy({.data = DataChoice::Cheapest}), fees, bytes_per_block);
            const auto waits =
                post(PostingPolicy({.data = DataChoice::Cheapest, .deadline_ms = HOUR_MS}), fees, bytes_per_block);
            const auto blobs =
                post(PostingPolicy({.data = DataChoice::Blobs, .deadline_ms = HOUR_MS}), fees, bytes_per_block);
            EXPECT_LT(waits.wei / waits.bytes, 0.9 * at_once.wei / at_once.bytes)
                << bytes_per_block << ", seed " << seed;
            EXPECT_LE(waits.wei / waits.bytes, 1.02 * blobs.wei / blobs.bytes) << bytes_per_block << ", seed " << seed;
            // One transaction a slot: what is behind a full channel may be a few slots late.
            EXPECT_LE(waits.longest_wait_ms, HOUR_MS + 10 * 12'000) << bytes_per_block << ", seed " << seed;
            EXPECT_GT(waits.bytes, 0.97 * at_once.bytes);
        }
    }
}

}  // namespace
}  // namespace entresol::settlement
