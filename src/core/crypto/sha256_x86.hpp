// SHA-256 by the processor's own instructions, for CPUs that have them (asked at run time).
#pragma once

#include <cstddef>
#include <cstdint>

namespace entresol::crypto {

[[nodiscard]] bool has_sha_instructions();
/// Compresses `blocks` blocks of 64 bytes into h. Precondition: has_sha_instructions().
void sha256_blocks_x86(std::uint32_t (&h)[8], const std::uint8_t* data, std::size_t blocks);

}  // namespace entresol::crypto
