// A channel of OP Mainnet through Entresol's own codec: exact, within the sizes that the project promises.
#include <gtest/gtest.h>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "core/columns/columns.hpp"
#include "core/derive/batch.hpp"
#include "core/derive/decompress.hpp"
#include "testing/shared_data.hpp"

namespace entresol::derive {
namespace {

constexpr BatchContext OP_MAINNET{1'686'068'903, 2, 10};

columns::Batch to_columns(const SpanBatch& span, std::size_t first, std::size_t count) {
    columns::Batch batch;
    for (std::size_t i = first; i < first + count; ++i) {
        const SpanBlock& block = span.blocks[i];
        batch.blocks.push_back(
            {span.first_timestamp + i * OP_MAINNET.block_time, block.epoch_number, block.transaction_count});
        for (std::uint32_t n = 0; n < block.transaction_count; ++n)
            batch.transactions.push_back(span.transactions[block.first_transaction + n]);
    }
    return batch;
}

TEST(RealColumns, OpMainnetComesBackAndFitsItsPromise) {
    ENTRESOL_SHARED_OR_SKIP(path, "op-mainnet/channel-zlib-span-143-blocks.hex");
    std::string text = testing::read_file(path);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    const Bytes raw = decompress_channel(parse_hex(text).value()).data;
    codec::RlpReader reader(raw);
    const auto decoded = decode_batch(reader.read_string().value(), OP_MAINNET);
    const auto& span = std::get<SpanBatch>(decoded.value());

    const columns::Batch all = to_columns(span, 0, span.blocks.size());
    const Bytes channel = columns::encode(all, OP_MAINNET.chain_id).value();
    EXPECT_EQ(columns::decode(channel, OP_MAINNET.chain_id).value(), all);
    EXPECT_LT(channel.size(), 300 * span.transactions.size());

    // Six blocks of two seconds to a channel, with the window.
    constexpr std::size_t BLOCKS = 6;
    columns::Encoder encoder(OP_MAINNET.chain_id);
    columns::Decoder decoder(OP_MAINNET.chain_id);
    std::size_t size = 0;
    for (std::size_t i = 0; i < span.blocks.size(); i += BLOCKS) {
        const columns::Batch batch = to_columns(span, i, std::min(BLOCKS, span.blocks.size() - i));
        const Bytes part =
            encoder.encode(batch, columns::Form::Signed, i == 0 ? columns::Start::Fresh : columns::Start::Continued)
                .value();
        size += part.size();
        ASSERT_EQ(decoder.decode(part).value(), batch);
    }
    EXPECT_LT(size, 315 * span.transactions.size());
}

}  // namespace
}  // namespace entresol::derive
