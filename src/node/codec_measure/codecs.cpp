#include "node/codec_measure/codecs.hpp"

#include <stdexcept>

#include <zstd.h>

#include "core/derive/compress.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::codec_measure {
namespace {

using derive::CompressionKind;

template <CompressionKind KIND, int QUALITY>
Bytes compress(ByteView raw) {
    return derive::compress_channel(raw, {KIND, QUALITY});
}
Bytes decompress(ByteView packed, std::size_t) {
    auto raw = derive::decompress_channel(packed);
    if (raw.end != derive::StreamEnd::Complete) throw std::runtime_error("a codec does not decode what it wrote");
    return std::move(raw.data);
}

constexpr int ZSTD_LEVEL = 22;

Bytes compress_zstd(ByteView raw) {
    Bytes packed(ZSTD_compressBound(raw.size()));
    const std::size_t size = ZSTD_compress(packed.data(), packed.size(), raw.data(), raw.size(), ZSTD_LEVEL);
    if (ZSTD_isError(size) != 0) throw std::runtime_error(ZSTD_getErrorName(size));
    packed.resize(size);
    return packed;
}
Bytes decompress_zstd(ByteView packed, std::size_t size) {
    Bytes raw(size);
    const std::size_t got = ZSTD_decompress(raw.data(), raw.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) != 0) throw std::runtime_error(ZSTD_getErrorName(got));
    raw.resize(got);
    return raw;
}

constexpr GeneralCodec CODECS[] = {
    {"zlib-9", compress<CompressionKind::Zlib, 9>, decompress},
    {"brotli-11", compress<CompressionKind::Brotli, 11>, decompress},
    {"zstd-22", compress_zstd, decompress_zstd},
};

}  // namespace

std::span<const GeneralCodec> general_codecs() { return CODECS; }

}  // namespace entresol::codec_measure
