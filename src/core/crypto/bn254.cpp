// bn254 ("alt_bn128") for the precompiles of EIP-196 and EIP-197: group operations and the optimal ate pairing (Vercauteren 2010).
#include <vector>

#include "core/crypto/bn254_field.hpp"
#include "core/crypto/curves.hpp"

namespace entresol::crypto {
namespace {

using bn254::F;
using bn254::Fp;
using bn254::Fp12;
using bn254::Fp2;
using bn254::Fp6;

template <typename Field>
struct Affine {
    Field x, y;
    bool is_infinity = true;
};
template <typename Field>
struct Jacobian {  // x = X/Z², y = Y/Z³; Z = 0 is the identity
    Field x, y, z;
};

template <typename Field>
Field unit() {
    return Field::one();
}

template <typename Field>
Jacobian<Field> to_jacobian(const Affine<Field>& p) {
    if (p.is_infinity) return {unit<Field>(), unit<Field>(), {}};
    return {p.x, p.y, unit<Field>()};
}

template <typename Field>
Jacobian<Field> twice(const Jacobian<Field>& p) {  // dbl-2009-l, a = 0
    if (p.z.is_zero()) return p;
    const Field a = p.x.square(), b = p.y.square(), c = b.square();
    Field d = (p.x + b).square() - a - c;
    d = d + d;
    const Field e = a + a + a;
    Jacobian<Field> r;
    r.x = e.square() - d - d;
    const Field c2 = c + c, c4 = c2 + c2;
    r.y = e * (d - r.x) - c4 - c4;
    r.z = p.y * p.z;
    r.z = r.z + r.z;
    return r;
}

template <typename Field>
Jacobian<Field> plus(const Jacobian<Field>& p, const Jacobian<Field>& q) {
    if (p.z.is_zero()) return q;
    if (q.z.is_zero()) return p;
    const Field z1 = p.z.square(), z2 = q.z.square();
    const Field u1 = p.x * z2, u2 = q.x * z1, s1 = p.y * q.z * z2, s2 = q.y * p.z * z1;
    const Field h = u2 - u1, r = s2 - s1;
    if (h.is_zero()) return r.is_zero() ? twice(p) : Jacobian<Field>{unit<Field>(), unit<Field>(), {}};
    const Field hh = h.square(), hhh = h * hh, v = u1 * hh;
    Jacobian<Field> out;
    out.x = r.square() - hhh - v - v;
    out.y = r * (v - out.x) - s1 * hhh;
    out.z = p.z * q.z * h;
    return out;
}

template <typename Field>
Jacobian<Field> times(const Affine<Field>& p, const U256& scalar) {
    const auto base = to_jacobian(p);
    auto result = to_jacobian(Affine<Field>{});
    for (unsigned i = scalar.bit_length(); i-- > 0;) {
        result = twice(result);
        if (scalar.bit(i)) result = plus(result, base);
    }
    return result;
}

template <typename Field>
Affine<Field> to_affine(const Jacobian<Field>& p) {
    if (p.z.is_zero()) return {};
    const Field inverse = p.z.inverse(), square = inverse.square();
    return {p.x * square, p.y * square * inverse, false};
}

using G1 = Affine<Fp>;
using G2 = Affine<Fp2>;

constexpr Fp B1 = Fp::from(U256{3});

std::optional<Fp> read_fp(const std::uint8_t* bytes) {
    const U256 value = load_be256(bytes);
    if (value >= bn254::P) return std::nullopt;
    return Fp::from(value);
}
// EIP-197: the imaginary part comes first.
std::optional<Fp2> read_fp2(const std::uint8_t* bytes) {
    const auto b = read_fp(bytes), a = read_fp(bytes + 32);
    if (!a || !b) return std::nullopt;
    return Fp2{*a, *b};
}

std::optional<G1> read_g1(const std::uint8_t* bytes) {
    const auto x = read_fp(bytes), y = read_fp(bytes + 32);
    if (!x || !y) return std::nullopt;
    if (x->is_zero() && y->is_zero()) return G1{};
    if (y->square() != x->square() * *x + B1) return std::nullopt;
    return G1{*x, *y, false};
}

// On the twist y² = x³ + 3/ξ and in the subgroup of order r.
std::optional<G2> read_g2(const std::uint8_t* bytes) {
    const auto x = read_fp2(bytes), y = read_fp2(bytes + 64);
    if (!x || !y) return std::nullopt;
    if (x->is_zero() && y->is_zero()) return G2{};
    const Fp2 xi{Fp::from(U256{9}), Fp::one()};
    if (y->square() * xi != x->square() * *x * xi + Fp2{B1, {}}) return std::nullopt;
    const G2 point{*x, *y, false};
    if (!times(point, bn254::R).z.is_zero()) return std::nullopt;
    return point;
}

FixedBytes<64> write_g1(const G1& point) {
    FixedBytes<64> out;
    if (point.is_infinity) return out;
    store_be256(out.data(), F.from(point.x.v));
    store_be256(out.data() + 32, F.from(point.y.v));
    return out;
}

// The line through t with this slope on the twist, evaluated at p; see the README for the untwisting.
Fp12 line(const G2& t, const Fp2& slope, const G1& p) {
    return {{Fp2{p.y, {}}, {}, {}}, {-(slope * p.x), slope * t.x - t.y, {}}};
}

// Adds q to t and multiplies the line into f. Points are distinct and not opposite: they are multiples of one point of large prime order.
void add_step(Fp12& f, G2& t, const G2& q, const G1& p) {
    const Fp2 slope = (q.y - t.y) * (q.x - t.x).inverse();
    f = f * line(t, slope, p);
    const Fp2 x = slope.square() - t.x - q.x;
    t = {x, slope * (t.x - x) - t.y, false};
}
void double_step(Fp12& f, G2& t, const G1& p) {
    const Fp2 xx = t.x.square();
    const Fp2 slope = (xx + xx + xx) * (t.y + t.y).inverse();
    f = f * line(t, slope, p);
    const Fp2 x = slope.square() - t.x - t.x;
    t = {x, slope * (t.x - x) - t.y, false};
}

constexpr std::uint64_t BN_X = 4965661367192848881ULL;
constexpr U256 LOOP{0x9d797039be763ba8ULL, 1, 0, 0};  // 6x + 2
static_assert(LOOP == U256{BN_X} * U256{6} + U256{2});

struct Pair {
    G1 p;
    G2 q;
    G2 t;
};

// All pairs share the squarings of the accumulator.
Fp12 miller_loop(std::vector<Pair>& pairs) {
    Fp12 f = Fp12::one();
    for (auto& pair : pairs) pair.t = pair.q;
    for (unsigned i = LOOP.bit_length() - 1; i-- > 0;) {
        f = f.square();
        for (auto& pair : pairs) double_step(f, pair.t, pair.p);
        if (!LOOP.bit(i)) continue;
        for (auto& pair : pairs) add_step(f, pair.t, pair.q, pair.p);
    }
    const auto& g = bn254::FROBENIUS.gamma;
    for (auto& pair : pairs) {
        const G2 q1{pair.q.x.conjugate() * g[2], pair.q.y.conjugate() * g[3], false};
        const G2 q2{q1.x.conjugate() * g[2], q1.y.conjugate() * g[3], false};
        add_step(f, pair.t, q1, pair.p);
        add_step(f, pair.t, G2{q2.x, -q2.y, false}, pair.p);
    }
    return f;
}

Fp12 pow_x(const Fp12& f) {
    Fp12 result = f;
    for (int i = 61; i >= 0; --i) {  // BN_X has 63 bits
        result = result.square();
        if ((BN_X >> i) & 1) result = result * f;
    }
    return result;
}

// f^((p^12 − 1)/r): easy part, then the addition chain of Scott et al. (2009) for the hard one.
Fp12 final_exponentiation(const Fp12& f) {
    Fp12 t = f.conjugate() * f.inverse();
    t = t.frobenius().frobenius() * t;
    const Fp12 fp = t.frobenius(), fp2 = fp.frobenius(), fp3 = fp2.frobenius();
    const Fp12 fx = pow_x(t), fx2 = pow_x(fx), fx3 = pow_x(fx2);
    const Fp12 y0 = fp * fp2 * fp3;
    const Fp12 y1 = t.conjugate();
    const Fp12 y2 = fx2.frobenius().frobenius();
    const Fp12 y3 = fx.frobenius().conjugate();
    const Fp12 y4 = (fx * fx2.frobenius()).conjugate();
    const Fp12 y5 = fx2.conjugate();
    const Fp12 y6 = (fx3 * fx3.frobenius()).conjugate();
    Fp12 t0 = y6.square() * y4 * y5;
    Fp12 t1 = y3 * y5 * t0;
    t0 = t0 * y2;
    t1 = (t1.square() * t0).square();
    t0 = t1 * y1;
    t1 = t1 * y0;
    return t0.square() * t1;
}

}  // namespace

std::optional<FixedBytes<64>> bn254_add(ByteView two_points) {
    if (two_points.size() != 128) return std::nullopt;
    const auto a = read_g1(two_points.data()), b = read_g1(two_points.data() + 64);
    if (!a || !b) return std::nullopt;
    return write_g1(to_affine(plus(to_jacobian(*a), to_jacobian(*b))));
}

std::optional<FixedBytes<64>> bn254_mul(ByteView point_and_scalar) {
    if (point_and_scalar.size() != 96) return std::nullopt;
    const auto point = read_g1(point_and_scalar.data());
    if (!point) return std::nullopt;
    return write_g1(to_affine(times(*point, load_be256(point_and_scalar.data() + 64))));
}

std::optional<bool> bn254_pairing_check(ByteView pairs_bytes) {
    if (pairs_bytes.size() % 192 != 0) return std::nullopt;
    std::vector<Pair> pairs;
    for (std::size_t i = 0; i < pairs_bytes.size(); i += 192) {
        const auto p = read_g1(pairs_bytes.data() + i);
        const auto q = read_g2(pairs_bytes.data() + i + 64);
        if (!p || !q) return std::nullopt;
        if (!p->is_infinity && !q->is_infinity) pairs.push_back({*p, *q, {}});
    }
    return final_exponentiation(miller_loop(pairs)) == Fp12::one();
}

}  // namespace entresol::crypto
