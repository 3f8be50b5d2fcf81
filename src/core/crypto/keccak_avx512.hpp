// Eight Keccak-f[1600] permutations at once in AVX-512 registers, for CPUs that have them (asked at run time).
#pragma once

#include <cstdint>

namespace entresol::crypto {

/// Eight states side by side: lane i of state s at states[8 * i + s].
struct alignas(64) EightKeccakStates {
    std::uint64_t lanes[25 * 8];
};

[[nodiscard]] bool has_keccak_avx512();
/// Precondition: has_keccak_avx512().
void keccak_f1600_eight(EightKeccakStates& states);

}  // namespace entresol::crypto
