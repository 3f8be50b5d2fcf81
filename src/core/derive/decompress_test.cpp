// Our inflate against Debian's zlib, brotli, bounds and damage.
#include "core/derive/decompress.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <random>

#include "core/derive/compress.hpp"

namespace entresol::derive {
namespace {

/// What zlib makes of a stream: the data before its end or damage, and whether it ended well.
Decompressed reference_inflate(ByteView input, std::size_t limit) {
    z_stream stream{};
    EXPECT_EQ(inflateInit(&stream), Z_OK);
    Decompressed out;
    out.data.resize(limit + 300);
    stream.next_in = const_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = out.data.data();
    stream.avail_out = static_cast<uInt>(out.data.size());
    const int result = inflate(&stream, Z_SYNC_FLUSH);
    out.data.resize(stream.total_out);
    out.end = result == Z_STREAM_END   ? StreamEnd::Complete
              : result == Z_DATA_ERROR ? StreamEnd::Corrupt
                                       : StreamEnd::Truncated;
    inflateEnd(&stream);
    return out;
}

Bytes make_data(std::mt19937& random, std::size_t size) {
    Bytes data;
    while (data.size() < size) {
        const std::size_t run = 1 + random() % 60;
        if (!data.empty() && random() % 3 != 0) {
            const std::size_t distance = 1 + random() % data.size();
            for (std::size_t i = 0; i < run; ++i) data.push_back(data[data.size() - distance]);
        } else {
            for (std::size_t i = 0; i < run; ++i)
                data.push_back(static_cast<std::uint8_t>(random() % (1 + random() % 256)));
        }
    }
    data.resize(size);
    return data;
}

TEST(Inflate, ReadsWhatZlibWritesAtEveryLevel) {
    std::mt19937 random(1);
    for (int level = 0; level <= 9; ++level)
        for (const std::size_t size : {0UL, 1UL, 2UL, 257UL, 66000UL, 300000UL}) {
            const Bytes data = make_data(random, size);
            const Decompressed out = inflate_zlib(compress_channel(data, {CompressionKind::Zlib, level}), 1 << 20);
            EXPECT_EQ(out.end, StreamEnd::Complete);
            EXPECT_EQ(out.data, data) << "level " << level << ", size " << size;
        }
}

TEST(Inflate, HuffmanOnlyAndFixedStrategies) {
    std::mt19937 random(2);
    const Bytes data = make_data(random, 50000);
    for (const int strategy : {Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED}) {
        z_stream stream{};
        ASSERT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 9, 8, strategy), Z_OK);
        Bytes compressed(200000);
        stream.next_in = const_cast<Bytef*>(data.data());
        stream.avail_in = static_cast<uInt>(data.size());
        stream.next_out = compressed.data();
        stream.avail_out = static_cast<uInt>(compressed.size());
        ASSERT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
        compressed.resize(stream.total_out);
        deflateEnd(&stream);
        EXPECT_EQ(inflate_zlib(compressed, 1 << 20).data, data);
    }
}

// Two implementations meet on damaged streams: same verdict on completeness, same data up to the damage.
TEST(Inflate, AgreesWithZlibOnDamage) {
    std::mt19937 random(3);
    int complete = 0, damaged = 0;
    for (int round = 0; round < 4000; ++round) {
        Bytes stream = compress_channel(make_data(random, random() % 800),
                                        {CompressionKind::Zlib, static_cast<int>(random() % 10)});
        for (std::uint32_t edits = random() % 3; edits > 0; --edits)
            stream[random() % stream.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        if (random() % 4 == 0) stream.resize(random() % (stream.size() + 1));
        constexpr std::size_t LIMIT = 1 << 20;
        const Decompressed ours = inflate_zlib(stream, LIMIT), theirs = reference_inflate(stream, LIMIT);
        ASSERT_EQ(ours.end == StreamEnd::Complete, theirs.end == StreamEnd::Complete) << "round " << round;
        ours.end == StreamEnd::Complete ? ++complete : ++damaged;
        // zlib decodes a few symbols at once and may stop before the last good ones of a damaged block.
        const std::size_t common = std::min(ours.data.size(), theirs.data.size());
        ASSERT_TRUE(
            std::equal(ours.data.begin(), ours.data.begin() + static_cast<std::ptrdiff_t>(common), theirs.data.begin()))
            << "round " << round;
        if (ours.end == StreamEnd::Complete) {
            ASSERT_EQ(ours.data, theirs.data);
        }
    }
    EXPECT_GT(complete, 500);
    EXPECT_GT(damaged, 500);
}

TEST(Inflate, HeaderRules) {
    const Bytes good = compress_channel(Bytes(100, 7), {CompressionKind::Zlib, 9});
    const auto end_with = [&](std::uint8_t cmf, std::uint8_t flags) {
        Bytes stream = good;
        stream[0] = cmf;
        stream[1] = flags;
        return inflate_zlib(stream, 1000).end;
    };
    EXPECT_EQ(end_with(0x78, 0xda), StreamEnd::Complete);
    EXPECT_EQ(end_with(0x78, 0xdb), StreamEnd::Corrupt) << "check bits";
    EXPECT_EQ(end_with(0x79, 0xda), StreamEnd::Corrupt) << "method 9";
    EXPECT_EQ(end_with(0x88, 0x1c), StreamEnd::Corrupt) << "window of 64 KiB";
    EXPECT_EQ(end_with(0x78, 0xbb), StreamEnd::Corrupt) << "preset dictionary";
}

TEST(Decompress, ZipBombIsCutAtTheBound) {
    const Bytes zeros(50'000'000, 0);
    for (const auto kind : {CompressionKind::Zlib, CompressionKind::Brotli}) {
        const Bytes bomb = compress_channel(zeros, {kind, 5});
        ASSERT_LT(bomb.size(), 100'000U);
        const Decompressed out = decompress_channel(bomb, 1'000'000);
        EXPECT_EQ(out.end, StreamEnd::Limit);
        EXPECT_EQ(out.data.size(), 1'000'000U);
        EXPECT_LT(out.data.capacity(), 4'000'000U) << "memory follows the bound, not the bomb";
        EXPECT_EQ(decompress_channel(bomb).data.size(), zeros.size());
    }
}

TEST(Decompress, BrotliRoundTripAndDamage) {
    std::mt19937 random(4);
    for (const int quality : {0, 5, 10, 11}) {
        const Bytes data = make_data(random, 100'000);
        Bytes channel = compress_channel(data, {CompressionKind::Brotli, quality});
        EXPECT_EQ(channel[0], CHANNEL_VERSION_BROTLI);
        EXPECT_EQ(decompress_channel(channel).data, data);
        channel.resize(channel.size() - 3);
        EXPECT_EQ(decompress_channel(channel).end, StreamEnd::Truncated);
    }
    EXPECT_EQ(decompress_channel(compress_channel({}, {CompressionKind::Brotli, 10})).end, StreamEnd::Complete);
}

TEST(Decompress, UnknownFirstBytesAreRefused) {
    EXPECT_EQ(decompress_channel({}).end, StreamEnd::Corrupt);
    for (const std::uint8_t first : {0x00, 0x02, 0x77, 0x7f, 0xff}) {
        const Decompressed out = decompress_channel(Bytes{first, 0, 0, 0, 0});
        EXPECT_NE(out.end, StreamEnd::Complete);
        EXPECT_TRUE(out.data.empty());
    }
}

}  // namespace
}  // namespace entresol::derive
