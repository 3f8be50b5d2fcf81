#include "node/settlement/position_log.hpp"

#include <gtest/gtest.h>

#include "node/store/block_store.hpp"

namespace entresol::settlement {
namespace {

BatchPosition make_position(std::uint64_t first, std::uint64_t last, std::size_t transactions = 1) {
    BatchPosition position{.l1_block_number = 7 + last,
                           .first_l2_block = first,
                           .last_l2_block = last,
                           .raw_bytes = 1000 + first,
                           .compressed_bytes = 500 + first,
                           .in_blobs = last % 2 == 0};
    position.last_l2_hash.bytes[2] = static_cast<std::uint8_t>(first);
    position.l1_block_hash.bytes[0] = 1;
    position.channel_id.bytes[15] = static_cast<std::uint8_t>(last);
    for (std::size_t i = 0; i < transactions; ++i) {
        position.l1_tx_hash.bytes[31] = static_cast<std::uint8_t>(i + last);
        position.l1_tx_hashes.push_back(position.l1_tx_hash);
    }
    return position;
}

store::BlockStore make_store() { return store::BlockStore(store::make_memory_store()); }

TEST(PositionLog, GivesBackWhatWasAppendedNewestFirst) {
    auto store = make_store();
    std::vector<BatchPosition> expected;
    for (std::uint64_t i = 0; i < 40; ++i) {
        PositionLog(store).append(make_position(1 + 3 * i, 3 + 3 * i, i % 4));
        expected.insert(expected.begin(), make_position(1 + 3 * i, 3 + 3 * i, i % 4));
    }
    EXPECT_EQ(PositionLog(store).load(1000), expected);
    expected.resize(5);
    EXPECT_EQ(PositionLog(store).load(5), expected);
}

TEST(PositionLog, ANewBranchReplacesWhatItCovers) {
    auto store = make_store();
    PositionLog log(store);
    for (const auto& [first, last] : {std::pair{1, 4}, {5, 8}, {9, 12}, {7, 10}, {11, 11}, {1, 2}, {3, 9}})
        log.append(make_position(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(last)));
    EXPECT_EQ(log.load(10), (std::vector{make_position(3, 9), make_position(1, 2)}));
}

TEST(PositionLog, StopsAtARecordThatIsNotOne) {
    auto store = make_store();
    PositionLog log(store);
    for (std::uint64_t n = 1; n <= 3; ++n) log.append(make_position(n, n));
    store.put_meta("batches.2", Bytes(50, 0xFF));
    EXPECT_EQ(log.load(10), std::vector{make_position(3, 3)});
    log.append(make_position(4, 4));
    EXPECT_EQ(log.load(10).size(), 2U);
    EXPECT_TRUE(PositionLog(store).load(0).empty());
}

TEST(PositionLog, DecodesOnlyWholeRecords) {
    const Bytes record = encode(make_position(5, 9, 3));
    EXPECT_EQ(decode_batch_position(record), make_position(5, 9, 3));
    for (std::size_t size = 0; size < record.size(); ++size) {
        const auto part = decode_batch_position(ByteView(record).first(size));
        EXPECT_TRUE(!part || part->l1_tx_hashes.size() < 3) << size;  // at most cut between two hashes
    }
    EXPECT_FALSE(decode_batch_position(encode(make_position(9, 5))).has_value());
}

}  // namespace
}  // namespace entresol::settlement
