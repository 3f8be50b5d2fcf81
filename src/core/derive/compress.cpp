#include "core/derive/compress.hpp"

#include <brotli/encode.h>
#include <zlib.h>

#include "core/base/check.hpp"
#include "core/derive/decompress.hpp"

namespace entresol::derive {
namespace {

Bytes compress_zlib(ByteView data, int level) {
    CHECK(level >= 0 && level <= 9);
    uLongf size = compressBound(data.size());
    Bytes out(size);
    CHECK(compress2(out.data(), &size, data.data(), data.size(), level) == Z_OK);
    out.resize(size);
    return out;
}

Bytes compress_brotli(ByteView data, int quality) {
    CHECK(quality >= BROTLI_MIN_QUALITY && quality <= BROTLI_MAX_QUALITY);
    // BrotliEncoderMaxCompressedSize speaks of large inputs only; small ones need a few bytes for the stream's header.
    std::size_t size = BrotliEncoderMaxCompressedSize(data.size()) + 16;
    Bytes out(1 + size);
    out[0] = CHANNEL_VERSION_BROTLI;
    const auto done = BrotliEncoderCompress(quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, data.size(),
                                            data.data(), &size, out.data() + 1);
    CHECK(done == BROTLI_TRUE);
    out.resize(1 + size);
    return out;
}

}  // namespace

Bytes compress_channel(ByteView batches, const Compression& compression) {
    return compression.kind == CompressionKind::Zlib ? compress_zlib(batches, compression.quality)
                                                     : compress_brotli(batches, compression.quality);
}

}  // namespace entresol::derive
