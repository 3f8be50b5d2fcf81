// A power cut after blocks were told, in each mode of --durability: what is lost is what the store's README says.
#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "node/sim/disk.hpp"
#include "node/store/block_store.hpp"
#include "node/store/durability.hpp"

namespace entresol::sim {
namespace {

using store::Durability;
using store::HeadKind;

Hash32 hash_of(std::uint64_t number) {
    Bytes seed(8, static_cast<std::uint8_t>(number));
    return crypto::keccak256(seed);
}

// Blocks 0 to 9 of which 3 is finalized, then the power is cut. The number of the newest block that is there afterwards.
std::uint64_t newest_after_power_cut(Durability durability, Random& random) {
    const auto disk = std::make_shared<Disk>();
    {
        store::BlockStore blocks(store::with_durability(disk, durability));
        for (std::uint64_t n = 0; n < 10; ++n) {
            store::BlockCommit commit;
            commit.hash = hash_of(n);
            commit.number = n;
            commit.header_rlp = Bytes{1};
            blocks.append_block(commit);
            if (n == 3) blocks.set_head(HeadKind::Finalized, hash_of(n));
        }
        disk->stop();
    }
    disk->restart(Disk::Loss::PowerCut, random);
    const store::BlockStore after(disk);
    EXPECT_EQ(after.head(HeadKind::Finalized), hash_of(3));
    std::uint64_t newest = 0;
    while (after.find_canonical_hash(newest + 1)) ++newest;
    EXPECT_EQ(after.head(HeadKind::Latest), hash_of(newest)) << "a head whose block is there";
    EXPECT_TRUE(after.find_header(hash_of(newest)).has_value());
    return newest;
}

TEST(Durability, AsyncLosesTheNewestBlocksButNoneThatIsFinal) {
    Random random(1);
    bool lost = false;
    for (int round = 0; round < 100; ++round) {
        const auto newest = newest_after_power_cut(Durability::Async, random);
        EXPECT_GE(newest, 3U);
        lost = lost || newest < 9;
    }
    EXPECT_TRUE(lost);
}

TEST(Durability, BlockLosesNoSealedBlock) {
    Random random(1);
    for (int round = 0; round < 100; ++round) EXPECT_EQ(newest_after_power_cut(Durability::Block, random), 9U);
}

TEST(Durability, ModesHaveNames) {
    EXPECT_EQ(store::find_durability("async"), Durability::Async);
    EXPECT_EQ(store::find_durability("block"), Durability::Block);
    EXPECT_FALSE(store::find_durability("most").has_value());
}

}  // namespace
}  // namespace entresol::sim
