#include "node/bridge/log_index.hpp"

#include <gtest/gtest.h>

namespace entresol::bridge {
namespace {

// A chain of block hashes, with one event in each block whose number is even. A fork is told by the hashes' second byte.
struct Chain {
    std::vector<Hash32> hashes;
    std::size_t reads = 0;
    bool is_down = false;

    void grow(std::size_t count, std::uint8_t fork) {
        for (std::size_t i = 0; i < count; ++i) {
            Hash32 hash;
            hash.bytes[0] = static_cast<std::uint8_t>(hashes.size());
            hash.bytes[1] = fork;
            hash.bytes[2] = static_cast<std::uint8_t>(hashes.size() >> 8);
            hashes.push_back(hash);
        }
    }
    [[nodiscard]] l1::L1Result<void> answer() const {
        if (is_down) return fail(l1::L1Error{l1::L1ErrorKind::Unreachable, "connection refused"});
        return {};
    }
    LogSource source() {
        return {.head = [this]() -> l1::L1Result<std::uint64_t> {
                    TRY_VOID(answer());
                    return hashes.size() - 1;
                },
                .hash_of = [this](std::uint64_t number) -> l1::L1Result<Hash32> {
                    TRY_VOID(answer());
                    if (number >= hashes.size()) return fail(l1::L1Error{l1::L1ErrorKind::NotFound, "no such block"});
                    return hashes[number];
                },
                .logs = [this](std::uint64_t first, std::uint64_t last) -> l1::L1Result<std::vector<l1::L1Log>> {
                    TRY_VOID(answer());
                    std::vector<l1::L1Log> out;
                    for (auto number = first; number <= last; ++number, ++reads)
                        if (number % 2 == 0)
                            out.push_back({.log = {}, .block_number = number, .block_hash = hashes[number]});
                    return out;
                }};
    }
    void expect_same(const LogIndex& index) const {
        const auto logs = index.logs();
        ASSERT_EQ(logs.size(), (hashes.size() + 1) / 2);
        for (std::size_t i = 0; i < logs.size(); ++i) {
            EXPECT_EQ(logs[i].block_number, 2 * i);
            EXPECT_EQ(logs[i].block_hash, hashes[2 * i]);
        }
    }
};

TEST(LogIndex, ReadsEveryBlockOnce) {
    Chain chain;
    LogIndex index(chain.source());
    for (const std::size_t count : {2'500U, 1U, 7U}) {
        chain.grow(count, 0);
        EXPECT_EQ(index.catch_up(), "");
        chain.expect_same(index);
    }
    EXPECT_EQ(index.catch_up(), "");
    EXPECT_EQ(chain.reads, chain.hashes.size());
}

TEST(LogIndex, StepsBackWhenTheChainWasReplaced) {
    Chain chain;
    LogIndex index(chain.source());
    for (int i = 0; i < 20; ++i) {
        chain.grow(1, 0);
        EXPECT_EQ(index.catch_up(), "");
    }
    chain.hashes.resize(12);
    chain.grow(3, 1);  // shorter than before
    EXPECT_EQ(index.catch_up(), "");
    chain.expect_same(index);
    chain.hashes.clear();
    chain.grow(30, 2);  // everything is new
    EXPECT_EQ(index.catch_up(), "");
    chain.expect_same(index);
}

TEST(LogIndex, KeepsWhatItHasWhileTheSourceIsDown) {
    Chain chain;
    LogIndex index(chain.source());
    chain.grow(9, 0);
    EXPECT_EQ(index.catch_up(), "");
    chain.is_down = true;
    EXPECT_EQ(index.catch_up(), "connection refused");
    chain.expect_same(index);
    chain.is_down = false;
    chain.grow(1, 0);
    EXPECT_EQ(index.catch_up(), "");
    chain.expect_same(index);
}

}  // namespace
}  // namespace entresol::bridge
