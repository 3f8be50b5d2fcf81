// zlib decompression (RFC 1950 and 1951) with a bound on the output. Our own, so that the proof machine runs the same code as the node.
#pragma once

#include "core/base/bytes.hpp"

namespace entresol::derive {

enum class StreamEnd : std::uint8_t {
    Complete,
    Limit,      // the output bound was reached; data holds exactly that many bytes
    Truncated,  // the input ended first
    Corrupt,    // not a valid stream from here on
};

/// What a compressed stream held up to its end, the bound or the first damage.
struct Decompressed {
    Bytes data;
    StreamEnd end = StreamEnd::Complete;
};

/// Bytes after the stream's checksum are ignored. A preset dictionary is refused.
[[nodiscard]] Decompressed inflate_zlib(ByteView input, std::size_t max_output_bytes);

}  // namespace entresol::derive
