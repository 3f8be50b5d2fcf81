// The BLS12-381 precompiles of EIP-2537 on blst: their encodings, range, curve and subgroup checks.
#include <vector>

#include <blst.h>

#include "core/crypto/curves.hpp"

namespace entresol::crypto {
namespace {

constexpr std::size_t FP = 64;  // 16 zero bytes and 48 of the number, big-endian
constexpr std::size_t G1 = 2 * FP, G2 = 4 * FP, SCALAR = 32;

// The field's prime, big-endian.
constexpr std::uint8_t PRIME[48] = {0x1a, 0x01, 0x11, 0xea, 0x39, 0x7f, 0xe6, 0x9a, 0x4b, 0x1b, 0xa7, 0xb6,
                                    0x43, 0x4b, 0xac, 0xd7, 0x64, 0x77, 0x4b, 0x84, 0xf3, 0x85, 0x12, 0xbf,
                                    0x67, 0x30, 0xd2, 0xa0, 0xf6, 0xb0, 0xf6, 0x24, 0x1e, 0xab, 0xff, 0xfe,
                                    0xb1, 0x53, 0xff, 0xff, 0xb9, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xaa, 0xab};

bool read_fp(const std::uint8_t* bytes, blst_fp& out) {
    for (int i = 0; i < 16; ++i)
        if (bytes[i] != 0) return false;
    if (std::memcmp(bytes + 16, PRIME, 48) >= 0) return false;
    blst_fp_from_bendian(&out, bytes + 16);
    return true;
}
bool read_fp2(const std::uint8_t* bytes, blst_fp2& out) {
    return read_fp(bytes, out.fp[0]) && read_fp(bytes + FP, out.fp[1]);
}

void write_fp(std::uint8_t* to, const blst_fp& value) { blst_bendian_from_fp(to + 16, &value); }

enum class Subgroup : bool { Unchecked, Checked };

std::optional<blst_p1_affine> read_g1(const std::uint8_t* bytes, Subgroup subgroup) {
    blst_p1_affine point;
    if (!read_fp(bytes, point.x) || !read_fp(bytes + FP, point.y)) return std::nullopt;
    if (blst_p1_affine_is_inf(&point)) return point;
    if (!blst_p1_affine_on_curve(&point)) return std::nullopt;
    if (subgroup == Subgroup::Checked && !blst_p1_affine_in_g1(&point)) return std::nullopt;
    return point;
}
std::optional<blst_p2_affine> read_g2(const std::uint8_t* bytes, Subgroup subgroup) {
    blst_p2_affine point;
    if (!read_fp2(bytes, point.x) || !read_fp2(bytes + 2 * FP, point.y)) return std::nullopt;
    if (blst_p2_affine_is_inf(&point)) return point;
    if (!blst_p2_affine_on_curve(&point)) return std::nullopt;
    if (subgroup == Subgroup::Checked && !blst_p2_affine_in_g2(&point)) return std::nullopt;
    return point;
}

FixedBytes<128> write_g1(const blst_p1& point) {
    FixedBytes<128> out;
    if (blst_p1_is_inf(&point)) return out;
    blst_p1_affine affine;
    blst_p1_to_affine(&affine, &point);
    write_fp(out.data(), affine.x);
    write_fp(out.data() + FP, affine.y);
    return out;
}
FixedBytes<256> write_g2(const blst_p2& point) {
    FixedBytes<256> out;
    if (blst_p2_is_inf(&point)) return out;
    blst_p2_affine affine;
    blst_p2_to_affine(&affine, &point);
    write_fp(out.data(), affine.x.fp[0]);
    write_fp(out.data() + FP, affine.x.fp[1]);
    write_fp(out.data() + 2 * FP, affine.y.fp[0]);
    write_fp(out.data() + 3 * FP, affine.y.fp[1]);
    return out;
}

blst_scalar read_scalar(const std::uint8_t* bytes) {
    blst_scalar scalar;
    blst_scalar_from_bendian(&scalar, bytes);
    return scalar;
}

// Points at infinity add nothing and blst's multi-scalar product does not take them: they are left out.
template <typename AffinePoint>
struct MsmInput {
    std::vector<AffinePoint> points;
    std::vector<blst_scalar> scalars;
};

}  // namespace

std::optional<FixedBytes<128>> bls12_g1_add(ByteView input) {
    if (input.size() != 2 * G1) return std::nullopt;
    const auto a = read_g1(input.data(), Subgroup::Unchecked), b = read_g1(input.data() + G1, Subgroup::Unchecked);
    if (!a || !b) return std::nullopt;
    blst_p1 sum;
    blst_p1_from_affine(&sum, &*a);
    blst_p1_add_or_double_affine(&sum, &sum, &*b);
    return write_g1(sum);
}

std::optional<FixedBytes<256>> bls12_g2_add(ByteView input) {
    if (input.size() != 2 * G2) return std::nullopt;
    const auto a = read_g2(input.data(), Subgroup::Unchecked), b = read_g2(input.data() + G2, Subgroup::Unchecked);
    if (!a || !b) return std::nullopt;
    blst_p2 sum;
    blst_p2_from_affine(&sum, &*a);
    blst_p2_add_or_double_affine(&sum, &sum, &*b);
    return write_g2(sum);
}

std::optional<FixedBytes<128>> bls12_g1_msm(ByteView input) {
    constexpr std::size_t PAIR = G1 + SCALAR;
    if (input.empty() || input.size() % PAIR != 0) return std::nullopt;
    MsmInput<blst_p1_affine> in;
    for (std::size_t i = 0; i < input.size(); i += PAIR) {
        const auto point = read_g1(input.data() + i, Subgroup::Checked);
        if (!point) return std::nullopt;
        if (blst_p1_affine_is_inf(&*point)) continue;
        in.points.push_back(*point);
        in.scalars.push_back(read_scalar(input.data() + i + G1));
    }
    blst_p1 result{};
    if (in.points.size() == 1) {
        blst_p1 point;
        blst_p1_from_affine(&point, in.points.data());
        blst_p1_mult(&result, &point, in.scalars[0].b, 256);
    } else if (!in.points.empty()) {
        std::vector<limb_t> scratch(blst_p1s_mult_pippenger_scratch_sizeof(in.points.size()) / sizeof(limb_t) + 1);
        const blst_p1_affine* const points[2] = {in.points.data(), nullptr};
        const byte* const scalars[2] = {in.scalars[0].b, nullptr};
        blst_p1s_mult_pippenger(&result, points, in.points.size(), scalars, 256, scratch.data());
    }
    return write_g1(result);
}

std::optional<FixedBytes<256>> bls12_g2_msm(ByteView input) {
    constexpr std::size_t PAIR = G2 + SCALAR;
    if (input.empty() || input.size() % PAIR != 0) return std::nullopt;
    MsmInput<blst_p2_affine> in;
    for (std::size_t i = 0; i < input.size(); i += PAIR) {
        const auto point = read_g2(input.data() + i, Subgroup::Checked);
        if (!point) return std::nullopt;
        if (blst_p2_affine_is_inf(&*point)) continue;
        in.points.push_back(*point);
        in.scalars.push_back(read_scalar(input.data() + i + G2));
    }
    blst_p2 result{};
    if (in.points.size() == 1) {
        blst_p2 point;
        blst_p2_from_affine(&point, in.points.data());
        blst_p2_mult(&result, &point, in.scalars[0].b, 256);
    } else if (!in.points.empty()) {
        std::vector<limb_t> scratch(blst_p2s_mult_pippenger_scratch_sizeof(in.points.size()) / sizeof(limb_t) + 1);
        const blst_p2_affine* const points[2] = {in.points.data(), nullptr};
        const byte* const scalars[2] = {in.scalars[0].b, nullptr};
        blst_p2s_mult_pippenger(&result, points, in.points.size(), scalars, 256, scratch.data());
    }
    return write_g2(result);
}

std::optional<bool> bls12_pairing_check(ByteView input) {
    constexpr std::size_t PAIR = G1 + G2;
    if (input.empty() || input.size() % PAIR != 0) return std::nullopt;
    blst_fp12 product = *blst_fp12_one();
    for (std::size_t i = 0; i < input.size(); i += PAIR) {
        const auto p = read_g1(input.data() + i, Subgroup::Checked);
        const auto q = read_g2(input.data() + i + G1, Subgroup::Checked);
        if (!p || !q) return std::nullopt;
        if (blst_p1_affine_is_inf(&*p) || blst_p2_affine_is_inf(&*q)) continue;
        blst_fp12 one_pair;
        blst_miller_loop(&one_pair, &*q, &*p);
        blst_fp12_mul(&product, &product, &one_pair);
    }
    blst_fp12 result;
    blst_final_exp(&result, &product);
    return blst_fp12_is_one(&result);
}

std::optional<FixedBytes<128>> bls12_map_fp_to_g1(ByteView input) {
    blst_fp element;
    if (input.size() != FP || !read_fp(input.data(), element)) return std::nullopt;
    blst_p1 point;
    blst_map_to_g1(&point, &element, nullptr);
    return write_g1(point);
}

std::optional<FixedBytes<256>> bls12_map_fp2_to_g2(ByteView input) {
    blst_fp2 element;
    if (input.size() != 2 * FP || !read_fp2(input.data(), element)) return std::nullopt;
    blst_p2 point;
    blst_map_to_g2(&point, &element, nullptr);
    return write_g2(point);
}

}  // namespace entresol::crypto
