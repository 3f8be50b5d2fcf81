// The compressed bytes of a channel to its batches' bytes.
#pragma once

#include "core/derive/inflate.hpp"

namespace entresol::derive {

/// MAX_RLP_BYTES_PER_CHANNEL since Fjord.
inline constexpr std::size_t MAX_RLP_BYTES_PER_CHANNEL = 100'000'000;
/// Fjord derivation specification, "Brotli Channel Compression": the channel's version byte. zlib streams have none: they start with 0x?8 or 0x?f.
inline constexpr std::uint8_t CHANNEL_VERSION_BROTLI = 0x01;

/// zlib or brotli by the first byte. Corrupt with no data for any other first byte, or none. Data before a stream's damage counts, as
/// for every streaming reader of the specification's channels.
[[nodiscard]] Decompressed decompress_channel(ByteView channel,
                                              std::size_t max_output_bytes = MAX_RLP_BYTES_PER_CHANNEL);

/// RFC 7932 with libbrotlidec, in steps: memory is bounded by the output bound and the format's 16 MiB window.
[[nodiscard]] Decompressed decompress_brotli(ByteView input, std::size_t max_output_bytes);

}  // namespace entresol::derive
