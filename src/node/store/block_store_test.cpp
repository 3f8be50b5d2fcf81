#include "node/store/block_store.hpp"

#include <csignal>
#include <filesystem>
#include <random>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/crypto/keccak.hpp"

namespace entresol::store {
namespace {

class TemporaryDirectory {
public:
    TemporaryDirectory()
        : path_(std::filesystem::temp_directory_path() /
                ("entresol_store_" + std::to_string(::getpid()) + "_" + std::to_string(std::random_device{}()))) {}
    ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    std::filesystem::path path_;
};

Hash32 hash_of(std::uint64_t n) {
    Bytes bytes(8);
    store_be64(bytes.data(), n);
    return crypto::keccak256(bytes);
}

BlockCommit make_commit(std::uint64_t number) {
    BlockCommit commit;
    commit.hash = hash_of(number);
    commit.number = number;
    commit.header_rlp = {1, static_cast<std::uint8_t>(number)};
    commit.body = {2, static_cast<std::uint8_t>(number)};
    commit.receipts = {3};
    commit.tx_hashes = {hash_of(1000 + 2 * number), hash_of(1001 + 2 * number)};
    commit.state.nodes = {{hash_of(5000 + number), Bytes{9, static_cast<std::uint8_t>(number)}}};
    return commit;
}

class BlockStoreTest : public ::testing::TestWithParam<bool> {
protected:
    std::shared_ptr<KeyValue> open() {
        if (GetParam()) return open_rocks_store(directory_.path());
        return make_memory_store();
    }
    TemporaryDirectory directory_;
};

TEST_P(BlockStoreTest, AppendedBlocksCanBeFoundByNumberHashAndTransaction) {
    BlockStore store(open());
    for (std::uint64_t n = 0; n < 5; ++n) store.append_block(make_commit(n));
    EXPECT_EQ(store.head(HeadKind::Latest), hash_of(4));
    EXPECT_EQ(store.find_canonical_hash(3), hash_of(3));
    const auto position = store.find_transaction(hash_of(1005));
    ASSERT_TRUE(position.has_value());
    EXPECT_EQ(position->block_hash, hash_of(2));
    EXPECT_EQ(position->index, 1U);
    EXPECT_EQ(store.find_node(hash_of(5002)), (Bytes{9, 2}));
    EXPECT_FALSE(store.find_node(hash_of(77)).has_value());
}

TEST_P(BlockStoreTest, ReorganisationMovesNumbersAndTransactions) {
    BlockStore store(open());
    for (std::uint64_t n = 0; n < 4; ++n) store.append_block(make_commit(n));
    auto other = make_commit(3);
    other.hash = hash_of(33);
    other.tx_hashes = {hash_of(2000)};
    store.put_block(other);
    EXPECT_FALSE(store.find_transaction(hash_of(2000)).has_value());
    store.reorganise({{hash_of(3), 3, make_commit(3).tx_hashes}}, {{hash_of(33), 3, other.tx_hashes}}, hash_of(33));
    EXPECT_EQ(store.find_canonical_hash(3), hash_of(33));
    EXPECT_EQ(store.head(HeadKind::Latest), hash_of(33));
    EXPECT_TRUE(store.find_transaction(hash_of(2000)).has_value());
    EXPECT_FALSE(store.find_transaction(hash_of(1006)).has_value());
    EXPECT_TRUE(store.find_body(hash_of(3)).has_value()) << "abandoned blocks stay readable by hash";
}

INSTANTIATE_TEST_SUITE_P(Stores, BlockStoreTest, ::testing::Bool(),
                         [](const auto& parameter) { return parameter.param ? "Rocks" : "Memory"; });

TEST(RocksStoreTest, WhatWasAppendedIsThereAfterReopening) {
    const TemporaryDirectory directory;
    {
        BlockStore store(open_rocks_store(directory.path()));
        store.append_block(make_commit(7));
    }
    const BlockStore store(open_rocks_store(directory.path()));
    EXPECT_EQ(store.head(HeadKind::Latest), hash_of(7));
}

// A writer is killed at a random moment: the head must name a block all of whose parts are there.
TEST(RocksStoreTest, KilledWriterLeavesAWholeHead) {
    for (int round = 0; round < 3; ++round) {
        const TemporaryDirectory directory;
        int written[2];  // the child says when its first block is in, however slow the machine is
        ASSERT_EQ(::pipe(written), 0);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            BlockStore store(open_rocks_store(directory.path()));
            for (std::uint64_t n = 0;; ++n) {
                store.append_block(make_commit(n));
                if (n == 0 && ::write(written[1], "1", 1) != 1) ::_exit(1);
            }
        }
        ::close(written[1]);
        char byte = 0;
        ASSERT_EQ(::read(written[0], &byte, 1), 1) << "the writer died";
        ::close(written[0]);
        ::usleep(50'000 + 60'000 * static_cast<useconds_t>(round));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        BlockStore store(open_rocks_store(directory.path()));
        const auto head = store.head(HeadKind::Latest);
        ASSERT_TRUE(head.has_value()) << "nothing was written before the kill";
        std::uint64_t number = 0;
        while (hash_of(number) != *head) ++number;
        for (std::uint64_t n = 0; n <= number; ++n) {
            ASSERT_EQ(store.find_canonical_hash(n), hash_of(n));
            ASSERT_EQ(store.find_body(hash_of(n)), make_commit(n).body);
            ASSERT_EQ(store.find_node(hash_of(5000 + n)), make_commit(n).state.nodes[0].second);
        }
        EXPECT_FALSE(store.find_canonical_hash(number + 1).has_value());
    }
}

TEST(RocksStore, RefusesADirectoryOfAnotherSchema) {
    const TemporaryDirectory directory;
    const std::string_view name = "store.schema";
    const ByteView key(reinterpret_cast<const std::uint8_t*>(name.data()), name.size());
    {
        const auto store = open_rocks_store(directory.path());
        ASSERT_TRUE(store->find(Table::Meta, key).has_value());
        WriteBatch batch;
        batch.put(Table::Meta, key, Bytes{0, 0, 0, 0, 0, 0, 0, 99});
        store->write(batch, true);
    }
    try {
        (void)open_rocks_store(directory.path());
        FAIL() << "opened";
    } catch (const std::runtime_error& problem) {
        EXPECT_NE(std::string(problem.what()).find("schema 99"), std::string::npos) << problem.what();
    }
}

TEST_P(BlockStoreTest, KnowsItsChainAndRefusesAnother) {
    BlockStore store(open());
    EXPECT_FALSE(store.check_chain(10, hash_of(1)));
    store.name_chain(10, hash_of(1));
    EXPECT_TRUE(store.check_chain(10, hash_of(1)));
    const auto refusal = [&](std::uint64_t chain_id, const Hash32& genesis) -> std::string {
        try {
            (void)store.check_chain(chain_id, genesis);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_EQ(refusal(31337, hash_of(2)), "this directory holds chain 10, not 31337");
    EXPECT_NE(refusal(10, hash_of(2)).find("another chain with the id 10"), std::string::npos);
}

TEST(RocksStore, SaysThatAnotherProcessHasTheDirectory) {
    const TemporaryDirectory directory;
    const auto first = open_rocks_store(directory.path());
    try {
        (void)open_rocks_store(directory.path());
        FAIL() << "opened twice";
    } catch (const std::runtime_error& problem) {
        EXPECT_NE(std::string(problem.what()).find("in use by another process"), std::string::npos) << problem.what();
    }
}

}  // namespace
}  // namespace entresol::store
