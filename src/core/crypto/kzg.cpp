// Verification of one KZG opening (EIP-4844) with nothing of the ceremony but [τ]G2.
#include "core/crypto/kzg.hpp"

#include <blst.h>

#include "core/crypto/hashes.hpp"

namespace entresol::crypto {
namespace {

// [τ]G2, the second G2 point of the ceremony's monomial setup: affine, in blst's Montgomery form, so that no root is taken for each opening.
constexpr blst_p2_affine TAU_G2 = {{{{0x6120a2099b0379f9, 0xa2df815cb8210e4e, 0xcb57be5577bd3d4f, 0x62da0ea89a0c93f8,
                                      0x02e0ee16968e150d, 0x171f09aea833acd5},
                                     {0x11a3670749dfd455, 0x04991d7b3abffadc, 0x85446a8e14437f41, 0x27174e7b4e76e3f2,
                                      0x7bfa6dd397f60a20, 0x02fcc329ac07080f}}},
                                   {{{0xaa130838793b2317, 0xe236dd220f891637, 0x6502782925760980, 0xd05c25f60557ec89,
                                      0x6095767a44064474, 0x185693917080d405},
                                     {0x549f9e175b03dc0a, 0x32c0c95a77106cfe, 0x64a74eae5705d080, 0x53deeaf56659ed9e,
                                      0x09a1d368508afb93, 0x12cf3a4525b5e9bd}}}};
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

// e(a, G2) = e(b, [τ]G2)?
bool pairings_equal(const blst_p1& a, const blst_p1& b) {
    blst_p1_affine pa, pb;
    blst_p1_to_affine(&pa, &a);
    blst_p1_to_affine(&pb, &b);
    blst_fp12 left, right;
    blst_miller_loop(&left, blst_p2_affine_generator(), &pa);
    blst_miller_loop(&right, &TAU_G2, &pb);
    return blst_fp12_finalverify(&left, &right);
}

}  // namespace

Hash32 kzg_to_versioned_hash(const KzgCommitment& commitment) {
    Hash32 hash = sha256(commitment.view());
    hash.bytes[0] = 0x01;
    return hash;
}

// The opening is right when e(C − y·G1, G2) = e(π, (τ − z)·G2), that is e(C − y·G1 + z·π, G2) = e(π, τ·G2): no multiplication in G2.
bool verify_kzg_proof(const KzgCommitment& commitment, const Hash32& z, const Hash32& y, const KzgProof& proof) {
    blst_p1 c, pi;
    blst_scalar z_scalar, y_scalar;
    if (!read_g1(commitment, c) || !read_g1(proof, pi) || !read_scalar(z, z_scalar) || !read_scalar(y, y_scalar))
        return false;
    blst_p1 y_g1, z_pi;
    blst_p1_mult(&y_g1, blst_p1_generator(), y_scalar.b, 255);
    blst_p1_cneg(&y_g1, true);
    blst_p1_add_or_double(&c, &c, &y_g1);
    blst_p1_mult(&z_pi, &pi, z_scalar.b, 255);
    blst_p1_add_or_double(&c, &c, &z_pi);
    return pairings_equal(c, pi);
}

}  // namespace entresol::crypto
