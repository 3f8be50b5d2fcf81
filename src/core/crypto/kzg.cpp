// Verification of one KZG opening (EIP-4844) with nothing of the ceremony but [τ]G2.
#include "core/crypto/kzg.hpp"

#include <blst.h>

#include "core/base/check.hpp"
#include "core/crypto/hashes.hpp"

namespace entresol::crypto {
namespace {

// The second G2 point of the ceremony's monomial setup, compressed.
constexpr std::uint8_t TAU_G2[96] = {
    0xb5, 0xbf, 0xd7, 0xdd, 0x8c, 0xde, 0xb1, 0x28, 0x84, 0x3b, 0xc2, 0x87, 0x23, 0x0a, 0xf3, 0x89,
    0x26, 0x18, 0x70, 0x75, 0xcb, 0xfb, 0xef, 0xa8, 0x10, 0x09, 0xa2, 0xce, 0x61, 0x5a, 0xc5, 0x3d,
    0x29, 0x14, 0xe5, 0x87, 0x0c, 0xb4, 0x52, 0xd2, 0xaf, 0xaa, 0xab, 0x24, 0xf3, 0x49, 0x9f, 0x72,
    0x18, 0x5c, 0xbf, 0xee, 0x53, 0x49, 0x27, 0x14, 0x73, 0x44, 0x29, 0xb7, 0xb3, 0x86, 0x08, 0xe2,
    0x39, 0x26, 0xc9, 0x11, 0xcc, 0xec, 0xea, 0xc9, 0xa3, 0x68, 0x51, 0x47, 0x7b, 0xa4, 0xc6, 0x0b,
    0x08, 0x70, 0x41, 0xde, 0x62, 0x10, 0x00, 0xed, 0xc9, 0x8e, 0xda, 0xda, 0x20, 0xc1, 0xde, 0xf2,
};
// Order of the scalar field, big-endian.
constexpr std::uint8_t BLS_MODULUS[32] = {0x73, 0xed, 0xa7, 0x53, 0x29, 0x9d, 0x7d, 0x48, 0x33, 0x39, 0xd8,
                                          0x08, 0x09, 0xa1, 0xd8, 0x05, 0x53, 0xbd, 0xa4, 0x02, 0xff, 0xfe,
                                          0x5b, 0xfe, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01};

// A compressed point of the subgroup, the identity included.
bool read_g1(const FixedBytes<48>& bytes, blst_p1& out) {
    blst_p1_affine affine;
    if (blst_p1_uncompress(&affine, bytes.data()) != BLST_SUCCESS) return false;
    if (!blst_p1_affine_is_inf(&affine) && !blst_p1_affine_in_g1(&affine)) return false;
    blst_p1_from_affine(&out, &affine);
    return true;
}

bool read_scalar(const Hash32& bytes, blst_scalar& out) {
    if (std::memcmp(bytes.data(), BLS_MODULUS, 32) >= 0) return false;
    blst_scalar_from_bendian(&out, bytes.data());
    return true;
}

blst_p2 tau_g2() {
    blst_p2_affine affine;
    CHECK(blst_p2_uncompress(&affine, TAU_G2) == BLST_SUCCESS);
    blst_p2 point;
    blst_p2_from_affine(&point, &affine);
    return point;
}

// e(a1, a2) = e(b1, b2)?
bool pairings_equal(const blst_p1& a1, const blst_p2& a2, const blst_p1& b1, const blst_p2& b2) {
    blst_p1_affine pa, pb;
    blst_p2_affine qa, qb;
    blst_p1_to_affine(&pa, &a1);
    blst_p1_to_affine(&pb, &b1);
    blst_p2_to_affine(&qa, &a2);
    blst_p2_to_affine(&qb, &b2);
    blst_fp12 left, right;
    blst_miller_loop(&left, &qa, &pa);
    blst_miller_loop(&right, &qb, &pb);
    return blst_fp12_finalverify(&left, &right);
}

}  // namespace

Hash32 kzg_to_versioned_hash(const KzgCommitment& commitment) {
    Hash32 hash = sha256(commitment.view());
    hash.bytes[0] = 0x01;
    return hash;
}

// The opening is right when e(C − y·G1, G2) = e(π, (τ − z)·G2).
bool verify_kzg_proof(const KzgCommitment& commitment, const Hash32& z, const Hash32& y, const KzgProof& proof) {
    blst_p1 c, pi;
    blst_scalar z_scalar, y_scalar;
    if (!read_g1(commitment, c) || !read_g1(proof, pi) || !read_scalar(z, z_scalar) || !read_scalar(y, y_scalar))
        return false;
    blst_p1 y_g1;
    blst_p1_mult(&y_g1, blst_p1_generator(), y_scalar.b, 255);
    blst_p1_cneg(&y_g1, true);
    blst_p1_add_or_double(&c, &c, &y_g1);
    blst_p2 z_g2, x = tau_g2();
    blst_p2_mult(&z_g2, blst_p2_generator(), z_scalar.b, 255);
    blst_p2_cneg(&z_g2, true);
    blst_p2_add_or_double(&x, &x, &z_g2);
    return pairings_equal(c, *blst_p2_generator(), pi, x);
}

}  // namespace entresol::crypto
