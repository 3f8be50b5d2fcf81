// The general codecs that ours is measured beside, one row each.
#pragma once

#include <span>

#include "core/base/bytes.hpp"

namespace entresol::codec_measure {

struct GeneralCodec {
    const char* name;
    Bytes (*compress)(ByteView);
    /// Throws std::runtime_error where the bytes do not decode.
    Bytes (*decompress)(ByteView, std::size_t size);
};

/// zlib-9, brotli-11 and zstd-22.
[[nodiscard]] std::span<const GeneralCodec> general_codecs();

}  // namespace entresol::codec_measure
