// Compressed channels: output stays within its bound, and what inflates deflates and inflates to the same.
#include "core/base/check.hpp"
#include "core/derive/compress.hpp"
#include "core/derive/decompress.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace entresol;
    using namespace entresol::derive;
    constexpr std::size_t LIMIT = 1 << 16;
    const Decompressed out = decompress_channel({data, size}, LIMIT);
    CHECK(out.data.size() <= LIMIT);
    CHECK(out.end != StreamEnd::Limit || out.data.size() == LIMIT);
    const Bytes again = compress_channel({data, size}, {CompressionKind::Zlib, 6});
    CHECK(decompress_channel(again, LIMIT).data == Bytes(data, data + std::min(size, LIMIT)));
    return 0;
}
