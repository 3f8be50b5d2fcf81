// The other hash functions that Ethereum's precompiles and blobs use.
#pragma once

#include <cstdint>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

/// By the processor's instructions where it has them; the portable way is there for tests.
[[nodiscard]] Hash32 sha256(ByteView message);
[[nodiscard]] Hash32 sha256_portable(ByteView message);
[[nodiscard]] FixedBytes<20> ripemd160(ByteView message);

/// The compression function F of BLAKE2b (RFC 7693 3.2; EIP-152). Updates h in place.
void blake2f(std::uint32_t rounds, std::uint64_t (&h)[8], const std::uint64_t (&m)[16], const std::uint64_t (&t)[2],
             bool final_block);

}  // namespace entresol::crypto
