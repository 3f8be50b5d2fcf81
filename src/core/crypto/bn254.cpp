// bn254 ("alt_bn128") for the precompiles of EIP-196 and EIP-197.
#include "core/crypto/bn254_kernel.hpp"

namespace entresol::crypto {
namespace bn254 {

// The lattice of (k1, k2) with k1 + λ·k2 = 0 modulo R has the short basis (A, −B), (C, A).
HalfScalars split_scalar(const U256& scalar) {
    constexpr U256 A{0x89d3256894d213e3ULL}, B{0x8211bbeb7d4f1128ULL, 0x6f4d8248eeb859fcULL, 0, 0},
        C{0x0be4e1541221250bULL, 0x6f4d8248eeb859fdULL, 0, 0};
    // 2^256·A/R and 2^256·B/R, rounded down: the quotients are then at most one too small, the halves a little longer.
    constexpr U256 A_OVER_R{0xd91d232ec7e0b3d7ULL, 2, 0, 0},
        B_OVER_R{0x7a7bd9d4391eb18dULL, 0x4ccef014a773d2cfULL, 2, 0};
    const auto high = [&](const U256& factor) {
        std::uint64_t product[8];
        mul_full(scalar, factor, product);
        return U256{product[4], product[5], product[6], product[7]};
    };
    const U256 c1 = high(A_OVER_R), c2 = high(B_OVER_R);
    HalfScalars halves{scalar - c1 * A - c2 * C, c1 * B - c2 * A};
    halves.k1_negative = halves.k1.bit(255);
    halves.k2_negative = halves.k2.bit(255);
    if (halves.k1_negative) halves.k1 = U256{} - halves.k1;
    if (halves.k2_negative) halves.k2 = U256{} - halves.k2;
    return halves;
}

#if defined(__x86_64__)
extern template struct Kernel<true>;
namespace {
bool has_adx() { return __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("adx") != 0; }
}  // namespace
#endif

}  // namespace bn254

std::optional<FixedBytes<64>> bn254_add(ByteView two_points) {
    if (two_points.size() != 128) return std::nullopt;
#if defined(__x86_64__)
    if (bn254::has_adx()) return bn254::Kernel<true>::add(two_points);
#endif
    return bn254::Kernel<false>::add(two_points);
}

std::optional<FixedBytes<64>> bn254_mul(ByteView point_and_scalar) {
    if (point_and_scalar.size() != 96) return std::nullopt;
#if defined(__x86_64__)
    if (bn254::has_adx()) return bn254::Kernel<true>::mul(point_and_scalar);
#endif
    return bn254::Kernel<false>::mul(point_and_scalar);
}

std::optional<bool> bn254_pairing_check(ByteView pairs) {
    if (pairs.size() % 192 != 0) return std::nullopt;
#if defined(__x86_64__)
    if (bn254::has_adx()) return bn254::Kernel<true>::pairing_check(pairs);
#endif
    return bn254::Kernel<false>::pairing_check(pairs);
}

}  // namespace entresol::crypto
