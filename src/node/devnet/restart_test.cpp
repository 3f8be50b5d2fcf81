// What a kept rollup knows after its process has gone: batches, own games, blobs, and what was on its way to L1.
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

#include "core/base/hex.hpp"
#include "node/devnet/rollup_testing.hpp"

namespace entresol::devnet {
namespace {

class Directory {
public:
    Directory()
        : path_(std::filesystem::temp_directory_path() /
                ("entresol_restart_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}()))) {
        std::filesystem::create_directories(path_);
    }
    ~Directory() { std::filesystem::remove_all(path_); }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

std::vector<Hash32> batches_on_l1(Rollup& rollup) {
    std::vector<Hash32> out;
    for (std::uint64_t n = 1; n <= rollup.l1.ledger().head()->number(); ++n) {
        const auto block = rollup.l1.ledger().find_block(n);
        for (std::size_t i = 0; i < block->tx_hashes.size(); ++i)
            if (block->block.transactions[i].to == rollup.config.rollup.batch_inbox) out.push_back(block->tx_hashes[i]);
    }
    return out;
}

// Every batch transaction on L1 is the position of some block: nothing was posted twice, nothing was forgotten.
void expect_posted_once(Rollup& rollup) {
    const auto head = rollup.l2.ledger().head()->number();
    rollup.settle_until_safe(head);
    const auto on_l1 = batches_on_l1(rollup);
    std::set<Hash32> known;
    std::uint64_t blocks = 0;
    for (const auto& position : rollup.batcher.recent_positions(100'000)) {
        known.insert(position.l1_tx_hashes.begin(), position.l1_tx_hashes.end());
        blocks += position.last_l2_block - position.first_l2_block + 1;
    }
    for (const auto& hash : on_l1) EXPECT_TRUE(known.contains(hash)) << "on L1 and in no position: " << to_hex(hash);
    for (const auto& hash : known) EXPECT_TRUE(std::ranges::count(on_l1, hash) == 1) << "not on L1: " << to_hex(hash);
    EXPECT_EQ(blocks, head);
    Replica replica(rollup);
    rollup.derive(*replica.deriver);
    EXPECT_EQ(replica.ledger.head()->number(), head);
    expect_same_chain(replica.ledger, rollup.l2.ledger(), head);
}

class Restart : public testing::TestWithParam<bool> {
protected:
    std::unique_ptr<Rollup> open() {
        return std::make_unique<Rollup>(GetParam(), Options{}, Stores::open(directory_.path(), genesis_time_));
    }
    const std::uint64_t genesis_time_ = DevClock().now_ms() / 1000;
    Directory directory_;
};

TEST_P(Restart, WhatIsOnL1ButNotYetDerivedIsNotPostedAgain) {
    std::vector<settlement::BatchPosition> before;
    {
        auto rollup = open();
        rollup->live(3);
        rollup->transfer();
        ASSERT_TRUE(rollup->seal_l2());
        ASSERT_TRUE(rollup->batcher.step().has_value());
        rollup->mine_l1();
        ASSERT_TRUE(rollup->batcher.step().has_value());
        before = rollup->batcher.recent_positions(100);
        ASSERT_EQ(before.front().last_l2_block, rollup->l2.ledger().head()->number());
        ASSERT_LT(rollup->l2.ledger().safe()->number(), before.front().last_l2_block);
    }
    auto rollup = open();
    EXPECT_EQ(rollup->batcher.recent_positions(100), before);
    ASSERT_TRUE(rollup->batcher.step().has_value());
    rollup->mine_l1();
    EXPECT_EQ(batches_on_l1(*rollup).size(), before.size());
    rollup->live(2);
    expect_posted_once(*rollup);
}

// The L1's pool is gone as well: the same transaction is sent again, byte for byte.
TEST_P(Restart, WhatWasUnderWayGoesOn) {
    std::uint64_t nonce = 0;
    std::size_t batches = 0;
    {
        auto rollup = open();
        rollup->live(3);
        rollup->transfer();
        ASSERT_TRUE(rollup->seal_l2());
        batches = batches_on_l1(*rollup).size();
        nonce = *rollup->client->nonce(service_account("batcher").address, false);
        ASSERT_TRUE(rollup->batcher.step().has_value());
    }
    auto rollup = open();
    ASSERT_EQ(*rollup->client->nonce(service_account("batcher").address, true), nonce) << "the pool outlived a restart";
    ASSERT_TRUE(rollup->batcher.step().has_value());
    EXPECT_EQ(*rollup->client->nonce(service_account("batcher").address, true), nonce + 1);
    rollup->mine_l1();
    ASSERT_TRUE(rollup->batcher.step().has_value());
    EXPECT_EQ(batches_on_l1(*rollup).size(), batches + 1);
    EXPECT_EQ(rollup->batcher.recent_positions(1).front().last_l2_block, rollup->l2.ledger().head()->number());
    expect_posted_once(*rollup);
}

// Included while nobody looked: it is found by its hash.
TEST_P(Restart, WhatWasIncludedMeanwhileIsFound) {
    {
        auto rollup = open();
        rollup->live(2);
        rollup->transfer();
        ASSERT_TRUE(rollup->seal_l2());
        ASSERT_TRUE(rollup->batcher.step().has_value());
        rollup->mine_l1();
    }
    auto rollup = open();
    const auto batches = batches_on_l1(*rollup).size();
    ASSERT_TRUE(rollup->batcher.step().has_value());
    EXPECT_EQ(rollup->batcher.recent_positions(1).front().last_l2_block, rollup->l2.ledger().head()->number());
    rollup->mine_l1();
    EXPECT_EQ(batches_on_l1(*rollup).size(), batches);
    expect_posted_once(*rollup);
}

INSTANTIATE_TEST_SUITE_P(Batches, Restart, testing::Bool(),
                         [](const auto& batches) { return batches.param ? "Blobs" : "Calldata"; });

Options quick_disputes() {
    Options options;
    options.challenge_period_s = 4;
    options.finality_delay_s = 1;
    return options;
}

settlement::Proposer make_proposer(Rollup& rollup) {
    return {{.factory = rollup.config.contracts.at("dispute_game_factory"),
             .portal = rollup.config.contracts.at("optimism_portal"),
             .interval_ms = 4'000,
             .refresh_ms = 0,
             .challenge_period_s = 4},
            rollup.client,
            rollup.make_manager("proposer"),
            rollup.l2.ledger(),
            settlement::Clocks{[&rollup] { return rollup.l1.ledger().head()->block.header.timestamp * 1000; },
                               [&rollup] { return rollup.l1.ledger().head()->block.header.timestamp * 1000; }}};
}

TEST(RestartOfTheProposer, ItsTransactionUnderWayIsSeenThrough) {
    const Directory directory;
    const auto genesis_time = DevClock().now_ms() / 1000;
    std::vector<settlement::Proposal> before;
    std::uint64_t proposed = 0;
    {
        Rollup rollup(false, quick_disputes(), Stores::open(directory.path(), genesis_time));
        auto proposer = make_proposer(rollup);
        while (proposed == 0) {
            rollup.live(1);
            ASSERT_TRUE(proposer.step().has_value());
            for (const auto& waiting : rollup.make_manager("proposer").unsettled())
                if (!waiting.note.empty()) proposed = load_be64(waiting.note.data());
        }
        before = proposer.proposals();
    }
    Rollup rollup(false, quick_disputes(), Stores::open(directory.path(), genesis_time));
    auto proposer = make_proposer(rollup);
    for (int i = 0; i < 6; ++i) {
        ASSERT_TRUE(proposer.step().has_value());
        rollup.live(1);
    }
    const auto proposals = proposer.proposals();
    ASSERT_GT(proposals.size(), before.size());
    const auto& first = proposals[proposals.size() - 1 - before.size()];
    EXPECT_EQ(first.l2_block_number, proposed);
    EXPECT_FALSE(first.l1_tx_hash.is_zero());
    std::set<std::uint64_t> numbers;
    for (const auto& proposal : proposals) EXPECT_TRUE(numbers.insert(proposal.l2_block_number).second);
}

constexpr const char* WRITER_DIRECTORY = "ENTRESOL_KILLED_WRITER_DIRECTORY";
constexpr const char* WRITER_TIME = "ENTRESOL_KILLED_WRITER_GENESIS_TIME";
constexpr const char* WRITER_BLOBS = "ENTRESOL_KILLED_WRITER_BLOBS";

// Runs in a process of its own, which the test below starts and kills.
TEST(DISABLED_KilledRollup, Writer) {
    const char* directory = std::getenv(WRITER_DIRECTORY);
    ASSERT_NE(directory, nullptr);
    Rollup rollup(std::getenv(WRITER_BLOBS) != nullptr, {},
                  Stores::open(directory, std::strtoull(std::getenv(WRITER_TIME), nullptr, 10)));
    for (;;) rollup.live(1);
}

class KilledRollup : public testing::TestWithParam<bool> {};

// Three times at a random moment: what is left is whole, and goes on as if nothing had been.
TEST_P(KilledRollup, GoesOnWithoutPostingTwice) {
    const Directory directory;
    const std::uint64_t genesis_time = DevClock().now_ms() / 1000;
    std::mt19937 random(20'26);
    std::uint64_t head_before = 0;
    for (int round = 0; round < 3; ++round) {
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::setenv(WRITER_DIRECTORY, directory.path().c_str(), 1);
            ::setenv(WRITER_TIME, std::to_string(genesis_time).c_str(), 1);
            if (GetParam()) ::setenv(WRITER_BLOBS, "1", 1);
            ::execl("/proc/self/exe", "writer", "--gtest_also_run_disabled_tests",
                    "--gtest_filter=DISABLED_KilledRollup.Writer", "--gtest_brief=1", nullptr);
            ::_exit(1);
        }
        ::usleep(1'500'000 + random() % 1'000'000);
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";

        Rollup rollup(GetParam(), {}, Stores::open(directory.path(), genesis_time));
        EXPECT_GE(rollup.l2.ledger().head()->number(), head_before);
        rollup.live(2);
        expect_posted_once(rollup);
        head_before = rollup.l2.ledger().head()->number();
    }
    EXPECT_GT(head_before, 3U * 4);
}

INSTANTIATE_TEST_SUITE_P(Batches, KilledRollup, testing::Bool(),
                         [](const auto& batches) { return batches.param ? "Blobs" : "Calldata"; });

}  // namespace
}  // namespace entresol::devnet
