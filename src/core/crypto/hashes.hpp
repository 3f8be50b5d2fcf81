// The other hash functions that Ethereum's precompiles and blobs use.
#pragma once

#include <cstdint>
#include <span>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

/// By the processor's instructions where it has them; the portable way is there for tests.
[[nodiscard]] Hash32 sha256(ByteView message);
[[nodiscard]] Hash32 sha256_portable(ByteView message);
[[nodiscard]] FixedBytes<20> ripemd160(ByteView message);
/// Without the proof machine's call, which has bounds.
[[nodiscard]] FixedBytes<20> ripemd160_portable(ByteView message);

/// SHA-256's compression of one block into the hash value so far (FIPS 180-4, 6.2.2).
void sha256_compress(std::uint32_t (&state)[8], std::span<const std::uint8_t, 64> block);

/// The compression function F of BLAKE2b (RFC 7693 3.2; EIP-152). Updates h in place.
void blake2f(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16], const std::uint64_t (&t)[2],
             bool final_block);

}  // namespace entresol::crypto
