// Host only: compresses a channel for the batcher.
#pragma once

#include "core/base/bytes.hpp"

namespace entresol::derive {

enum class CompressionKind : std::uint8_t { Zlib, Brotli };

struct Compression {
    CompressionKind kind = CompressionKind::Brotli;
    int quality = 10;  // brotli 0…11, zlib 0…9
};

/// A channel's bytes: the zlib stream, or brotli's version byte and its stream. Precondition: the quality is in its range.
[[nodiscard]] Bytes compress_channel(ByteView batches, const Compression& compression);

}  // namespace entresol::derive
