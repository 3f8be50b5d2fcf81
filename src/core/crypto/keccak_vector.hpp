// Keccak-256 of many messages side by side, one in each lane of vector registers, for CPUs that have them (asked at run time).
#pragma once

#include <span>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

using KeccakMany = void (*)(std::span<const ByteView> messages, std::span<Hash32> digests);

/// Eight lanes with AVX-512, four with AVX2, nullptr with neither. The spans have the same length.
[[nodiscard]] KeccakMany choose_keccak_vector();

/// Each of them, for tests and measurements; nullptr where this CPU cannot run it.
[[nodiscard]] KeccakMany find_keccak_avx512();
[[nodiscard]] KeccakMany find_keccak_avx2();

}  // namespace entresol::crypto
