// Bytes in an EIP-4844 blob: the OP Stack's blob encoding, version 0 (Ecotone derivation specification, "Blob Encoding").
// A field element holds 254 usable bits: 31 bytes and 6 bits. Four of them hold 127 bytes.
#pragma once

#include <optional>

#include "core/base/bytes.hpp"

namespace entresol::derive {

/// 1,024 groups of 127 bytes, less the version byte and three bytes of length.
inline constexpr std::size_t MAX_BLOB_DATA_BYTES = (4 * 31 + 3) * 1024 - 4;

/// A blob of exactly BYTES_PER_BLOB bytes. Precondition: data has at most MAX_BLOB_DATA_BYTES.
[[nodiscard]] Bytes encode_blob(ByteView data);
/// The data; nothing when the blob is not exactly what encode_blob makes of some data: size, version, length, high bits, zero padding.
[[nodiscard]] std::optional<Bytes> decode_blob(ByteView blob);

}  // namespace entresol::derive
