#include "core/crypto/keccak_vector.hpp"

#if defined(__x86_64__)
#pragma GCC diagnostic ignored "-Wpsabi"  // no vector crosses a call: all is inlined
#include "core/crypto/keccak_lanes.hpp"

namespace entresol::crypto {
namespace {

__attribute__((target("avx512f,avx512vl"))) void hash_with_avx512(std::span<const ByteView> messages,
                                                                  std::span<Hash32> digests) {
    keccak_detail::hash_in_lanes<keccak_detail::EightLanes>(messages, digests);
}
__attribute__((target("avx2"))) void hash_with_avx2(std::span<const ByteView> messages, std::span<Hash32> digests) {
    keccak_detail::hash_in_lanes<keccak_detail::FourLanes>(messages, digests);
}

}  // namespace

KeccakMany find_keccak_avx512() {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0 ? hash_with_avx512
                                                                                             : nullptr;
}
KeccakMany find_keccak_avx2() { return __builtin_cpu_supports("avx2") != 0 ? hash_with_avx2 : nullptr; }
KeccakMany choose_keccak_vector() {
    const KeccakMany eight = find_keccak_avx512();
    return eight != nullptr ? eight : find_keccak_avx2();
}

}  // namespace entresol::crypto

#else

namespace entresol::crypto {

KeccakMany find_keccak_avx512() { return nullptr; }
KeccakMany find_keccak_avx2() { return nullptr; }
KeccakMany choose_keccak_vector() { return nullptr; }

}  // namespace entresol::crypto

#endif
