#include "core/derive/blob_codec.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/kzg.hpp"

namespace entresol::derive {
namespace {

Bytes random_bytes(std::size_t size) {
    std::mt19937 random(7);
    Bytes data(size);
    for (auto& b : data) b = static_cast<std::uint8_t>(random());
    return data;
}

TEST(BlobCodec, RoundTrip) {
    for (const std::size_t size : {0UL, 1UL, 26UL, 27UL, 28UL, 31UL, 122UL, 123UL, 124UL, 127UL, 5000UL,
                                   MAX_BLOB_DATA_BYTES - 1, MAX_BLOB_DATA_BYTES}) {
        const Bytes data = random_bytes(size);
        const Bytes blob = encode_blob(data);
        ASSERT_EQ(blob.size(), crypto::BYTES_PER_BLOB);
        EXPECT_EQ(decode_blob(blob), data) << size;
        for (std::size_t i = 0; i < blob.size(); i += 32)
            ASSERT_EQ(blob[i] & 0xc0, 0) << "a field element above the modulus";
    }
}

// Positions by hand from the specification: version in byte 1, length in bytes 2 to 4, then 27 bytes, then the bits of x.
TEST(BlobCodec, Layout) {
    Bytes data(124);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i + 1);
    data[27] = 0b10'110101;  // x
    data[59] = 0b1001'0110;  // y
    data[91] = 0b01'101010;  // z
    const Bytes blob = encode_blob(data);
    EXPECT_EQ(Bytes(blob.begin() + 1, blob.begin() + 5), (Bytes{0, 0, 0, 124}));
    EXPECT_EQ(blob[5], 1);
    EXPECT_EQ(blob[31], 27);
    EXPECT_EQ(blob[33], 29);  // the second element goes on after x
    EXPECT_EQ(blob[0], 0b110101);
    EXPECT_EQ(blob[32], 0b10'0110);
    EXPECT_EQ(blob[64], 0b101010);
    EXPECT_EQ(blob[96], 0b01'1001);
}

TEST(BlobCodec, RefusesWhatEncodingNeverMakes) {
    const Bytes good = encode_blob(random_bytes(1000));
    const auto with = [&](std::size_t at, std::uint8_t value) {
        Bytes blob = good;
        blob[at] = value;
        return decode_blob(blob);
    };
    EXPECT_FALSE(with(1, 1)) << "version";
    EXPECT_FALSE(with(2, 0xff)) << "length";
    EXPECT_FALSE(with(64, 0x40)) << "high bit";
    EXPECT_FALSE(with(131071, 1)) << "byte after the data";
    EXPECT_FALSE(with(130944, 0x01)) << "spare bits after the data";
    EXPECT_FALSE(with(4, 0xe7)) << "length that leaves data behind";
    EXPECT_FALSE(decode_blob(ByteView(good).first(good.size() - 1)));
}

}  // namespace
}  // namespace entresol::derive
