// Elliptic-curve operations in the encodings of the precompiles. Inputs are exact-length byte strings checked by the callee;
// nothing means the precompile fails. bn254 and P-256 are our own; BLS12-381 stands on blst.
#pragma once

#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol::crypto {

// EIP-196, EIP-197. Points are 64 (G1) or 128 (G2) big-endian bytes.
[[nodiscard]] std::optional<FixedBytes<64>> bn254_add(ByteView two_points);        // 128 bytes
[[nodiscard]] std::optional<FixedBytes<64>> bn254_mul(ByteView point_and_scalar);  // 96 bytes
[[nodiscard]] std::optional<bool> bn254_pairing_check(ByteView pairs);             // k*192 bytes

// EIP-7951: true when the signature is valid.
[[nodiscard]] bool p256_verify(const Hash32& digest, const U256& r, const U256& s, const U256& x, const U256& y);

// EIP-2537. Lengths as in the EIP (G1 128 bytes, G2 256 bytes, scalars 32 bytes).
[[nodiscard]] std::optional<FixedBytes<128>> bls12_g1_add(ByteView input);
[[nodiscard]] std::optional<FixedBytes<128>> bls12_g1_msm(ByteView input);
[[nodiscard]] std::optional<FixedBytes<256>> bls12_g2_add(ByteView input);
[[nodiscard]] std::optional<FixedBytes<256>> bls12_g2_msm(ByteView input);
[[nodiscard]] std::optional<bool> bls12_pairing_check(ByteView input);
[[nodiscard]] std::optional<FixedBytes<128>> bls12_map_fp_to_g1(ByteView input);
[[nodiscard]] std::optional<FixedBytes<256>> bls12_map_fp2_to_g2(ByteView input);

// EIP-198: base^exponent mod modulus; the result has modulus.size() bytes. Lengths are the caller's to bound (EIP-7823).
[[nodiscard]] Bytes modexp(ByteView base, ByteView exponent, ByteView modulus);
/// Without the proof machine's call, which has bounds.
[[nodiscard]] Bytes modexp_portable(ByteView base, ByteView exponent, ByteView modulus);

}  // namespace entresol::crypto
