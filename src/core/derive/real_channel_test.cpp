// A channel of OP Mainnet and a span batch with every transaction type: decode, encode again, compare byte by byte.
#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/derive/batch.hpp"
#include "core/derive/decompress.hpp"
#include "testing/shared_data.hpp"

namespace entresol::derive {
namespace {

constexpr BatchContext OP_MAINNET{1'686'068'903, 2, 10};

TEST(RealChannel, OpMainnetDecodesAndEncodesToTheSameBytes) {
    ENTRESOL_SHARED_OR_SKIP(path, "op-mainnet/channel-zlib-span-143-blocks.hex");
    std::string text = testing::read_file(path);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const Bytes channel = parse_hex(text).value();
    const Decompressed raw = decompress_channel(channel);
    ASSERT_EQ(raw.end, StreamEnd::Complete);
    EXPECT_EQ(channel.size(), 615'361U);

    codec::RlpReader batches(raw.data);
    const ByteView encoded = batches.read_string().value();
    EXPECT_TRUE(batches.empty());
    EXPECT_EQ(encoded.size(), 1 + 1'409'458U);
    const auto batch = decode_batch(encoded, OP_MAINNET);
    ASSERT_TRUE(batch.has_value()) << to_string(batch.error());
    const auto& span = std::get<SpanBatch>(*batch);
    EXPECT_EQ(span.blocks.size(), 143U);
    EXPECT_EQ(span.transactions.size(), 1'766U);
    EXPECT_EQ(span.blocks.back().epoch_number - span.blocks.front().epoch_number, 24U);

    const Bytes again = encode(span, OP_MAINNET).value();
    EXPECT_TRUE(std::equal(again.begin(), again.end(), encoded.begin(), encoded.end()));
}

TEST(RealChannel, SpanBatchOfAllTypesEncodesToTheSameBytes) {
    ENTRESOL_SHARED_OR_SKIP(path, "op-mainnet/span-batch-all-types.bin");
    const std::string file = testing::read_file(path);
    // The file is a batch without its version byte.
    Bytes encoded{1};
    encoded.insert(encoded.end(), file.begin(), file.end());
    // Its chain id shows in no byte of it: any will do for decoding, and the same for encoding.
    const BatchContext context{0, 2, 901};
    const auto batch = decode_batch(encoded, context);
    ASSERT_TRUE(batch.has_value()) << to_string(batch.error());
    const auto& span = std::get<SpanBatch>(*batch);
    bool seen[5] = {};
    for (const Bytes& tx : span.transactions) seen[tx[0] > 0x7f ? 0 : tx[0]] = true;
    EXPECT_TRUE(seen[0] && seen[1] && seen[2]);
    EXPECT_EQ(encode(span, context).value(), encoded);
}

}  // namespace
}  // namespace entresol::derive
