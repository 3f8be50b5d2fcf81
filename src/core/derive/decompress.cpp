#include "core/derive/decompress.hpp"

namespace entresol::derive {

Decompressed decompress_channel(ByteView channel, std::size_t max_output_bytes) {
    if (channel.empty()) return {{}, StreamEnd::Corrupt};
    if (channel[0] == CHANNEL_VERSION_BROTLI) return decompress_brotli(channel.subspan(1), max_output_bytes);
    // Deflate is compression method 8; a reader of method 15 does not exist, so that it fails inside (RFC 1950, 2.2).
    return inflate_zlib(channel, max_output_bytes);
}

}  // namespace entresol::derive
