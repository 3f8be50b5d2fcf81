#include "core/crypto/secp256k1_table.hpp"

#include "core/crypto/words.hpp"

namespace entresol::crypto::secp256k1_table {
namespace {

// p = 2^256 − 2^32 − 977 (SEC 2).
constexpr U256 P{0xfffffffefffffc2fULL, ~0ULL, ~0ULL, ~0ULL};
constexpr std::uint64_t FOLD = 0x1000003d1;  // 2^256 modulo p
constexpr U256 GX{0x59f2815b16f81798ULL, 0x029bfcdb2dce28d9ULL, 0x55a06295ce870b07ULL, 0x79be667ef9dcbbacULL};
constexpr U256 GY{0x9c47d08ffb10d4b8ULL, 0xfd17b448a6855419ULL, 0x5da4fbfc0e1108a8ULL, 0x483ada7726a3c465ULL};

constexpr U256 add(const U256& a, const U256& b) { return words::portable::add_modulo(a, b, P); }
constexpr U256 subtract(const U256& a, const U256& b) { return words::portable::subtract_modulo(a, b, P); }
constexpr U256 multiply(const U256& a, const U256& b) {
    std::uint64_t t[8]{};
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) t[i + j] = words::multiply_add(a.limb[j], b.limb[i], t[i + j], carry);
        t[i + 4] = carry;
    }
    std::uint64_t carry = 0;
    for (int i = 0; i < 4; ++i) t[i] = words::multiply_add(t[i + 4], FOLD, t[i], carry);
    U256 out{t[0], t[1], t[2], t[3]};
    u128 above = u128{carry} * FOLD;
    U256 sum;
    const bool again =
        add_overflow(out, U256{static_cast<std::uint64_t>(above), static_cast<std::uint64_t>(above >> 64), 0, 0}, sum);
    if (again) sum = sum + U256{FOLD};
    return words::portable::subtract_once(sum, P, false);
}
constexpr U256 invert(const U256& a) {  // a^(p − 2)
    U256 out{1}, exponent = P - U256{2};
    for (int bit = 255; bit >= 0; --bit) {
        out = multiply(out, out);
        if (((exponent.limb[bit / 64] >> (bit % 64)) & 1) != 0) out = multiply(out, a);
    }
    return out;
}

struct Jacobian {
    U256 x, y, z;
};
constexpr Jacobian twice(const Jacobian& p) {
    const U256 a = multiply(p.x, p.x), b = multiply(p.y, p.y), c = multiply(b, b), xb = add(p.x, b);
    const U256 half_d = subtract(subtract(multiply(xb, xb), a), c), d = add(half_d, half_d);
    const U256 e = add(add(a, a), a), x = subtract(multiply(e, e), add(d, d)), c2 = add(c, c), c4 = add(c2, c2);
    const U256 yz = multiply(p.y, p.z);
    return {x, subtract(multiply(e, subtract(d, x)), add(c4, c4)), add(yz, yz)};
}
// Neither is the other or its negative.
constexpr Jacobian plus(const Jacobian& p, const U256& x2, const U256& y2) {
    const U256 zz = multiply(p.z, p.z), h = subtract(multiply(x2, zz), p.x);
    const U256 r = subtract(multiply(y2, multiply(p.z, zz)), p.y), hh = multiply(h, h), hhh = multiply(h, hh);
    const U256 v = multiply(p.x, hh), x = subtract(subtract(multiply(r, r), hhh), add(v, v));
    return {x, subtract(multiply(r, subtract(v, x)), multiply(p.y, hhh)), multiply(p.z, h)};
}

struct Affine {
    U256 x, y;
};
constexpr Affine to_affine(const Jacobian& p, const U256& z_inverse) {
    const U256 zz = multiply(z_inverse, z_inverse);
    return {multiply(p.x, zz), multiply(p.y, multiply(zz, z_inverse))};
}

constexpr Point to_limbs(const Affine& p) {
    constexpr std::uint64_t MASK = (1ULL << 52) - 1;
    Point out{};
    const U256* coordinates[] = {&p.x, &p.y};
    for (int c = 0; c < 2; ++c) {
        const auto& l = coordinates[c]->limb;
        out[5 * c] = l[0] & MASK;
        out[5 * c + 1] = (l[0] >> 52 | l[1] << 12) & MASK;
        out[5 * c + 2] = (l[1] >> 40 | l[2] << 24) & MASK;
        out[5 * c + 3] = (l[2] >> 28 | l[3] << 36) & MASK;
        out[5 * c + 4] = l[3] >> 16;
    }
    return out;
}

// One inversion for all (Montgomery's trick).
constexpr std::array<Point, MULTIPLES> multiples_of(const Affine& base) {
    std::array<Jacobian, MULTIPLES> points{};
    points[0] = {base.x, base.y, U256{1}};
    points[1] = twice(points[0]);
    for (std::size_t i = 2; i < MULTIPLES; ++i) points[i] = plus(points[i - 1], base.x, base.y);
    std::array<U256, MULTIPLES> before{};  // product of the z before each
    U256 product{1};
    for (std::size_t i = 0; i < MULTIPLES; ++i) {
        before[i] = product;
        product = multiply(product, points[i].z);
    }
    U256 inverse = invert(product);
    std::array<Point, MULTIPLES> out{};
    for (std::size_t i = MULTIPLES; i-- > 0;) {
        out[i] = to_limbs(to_affine(points[i], multiply(inverse, before[i])));
        inverse = multiply(inverse, points[i].z);
    }
    return out;
}

constexpr Affine times_2_to_128(const Affine& base) {
    Jacobian p{base.x, base.y, U256{1}};
    for (int i = 0; i < 128; ++i) p = twice(p);
    return to_affine(p, invert(p.z));
}

constexpr Table make_table() { return {multiples_of({GX, GY}), multiples_of(times_2_to_128({GX, GY}))}; }
const Table TABLE = make_table();  // by the compiler; clang's patience ends before, and makes it at the program's start

}  // namespace

const Table& generator_multiples() { return TABLE; }

}  // namespace entresol::crypto::secp256k1_table
