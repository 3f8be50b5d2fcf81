// Points of y² = x³ + ax + b over any field, in Jacobian coordinates (Bernstein and Lange's explicit-formulas database).
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace entresol::crypto::curve {

template <typename Field>
struct Affine {
    Field x, y;
    bool is_infinity = true;
};
template <typename Field>
constexpr Affine<Field> operator-(const Affine<Field>& p) {
    return {p.x, -p.y, p.is_infinity};
}

/// The a of y² = x³ + ax + b.
enum class Coefficient : std::uint8_t { Zero, MinusThree };

template <typename F, Coefficient a_of_curve>
struct Jacobian {  // x = X/Z², y = Y/Z³; Z = 0 is the identity
    using Field = F;
    Field x{}, y{}, z{};

    [[nodiscard]] static constexpr Jacobian from(const Affine<Field>& p) {
        return p.is_infinity ? Jacobian{} : Jacobian{p.x, p.y, Field::one()};
    }
    [[nodiscard]] constexpr bool is_infinity() const { return z.is_zero(); }

    [[nodiscard]] constexpr Jacobian twice() const {
        return a_of_curve == Coefficient::Zero ? twice_with_zero() : twice_with_minus_three();
    }
    [[nodiscard]] constexpr Jacobian plus(const Affine<Field>& q) const {  // madd
        if (q.is_infinity) return *this;
        if (is_infinity()) return from(q);
        const Field zz = z.square(), h = q.x * zz - x, r = q.y * (z * zz) - y;
        if (h.is_zero()) return r.is_zero() ? twice() : Jacobian{};
        return combine(x, y, h, r, z * h);
    }
    [[nodiscard]] constexpr Jacobian plus(const Jacobian& q) const {
        if (is_infinity()) return q;
        if (q.is_infinity()) return *this;
        const Field z1 = z.square(), z2 = q.z.square(), u1 = x * z2, s1 = y * (q.z * z2);
        const Field h = q.x * z1 - u1, r = q.y * (z * z1) - s1;
        if (h.is_zero()) return r.is_zero() ? twice() : Jacobian{};
        return combine(u1, s1, h, r, z * q.z * h);
    }
    [[nodiscard]] constexpr Jacobian operator-() const { return {x, -y, z}; }

private:
    constexpr Jacobian twice_with_zero() const {  // dbl-2009-l
        const Field a = x.square(), b = y.square(), c = b.square();
        const Field d = ((x + b).square() - a - c).doubled(), e = a.doubled() + a;
        Jacobian r;
        r.x = e.square() - d.doubled();
        r.y = e * (d - r.x) - c.doubled().doubled().doubled();
        r.z = (y * z).doubled();
        return r;
    }
    constexpr Jacobian twice_with_minus_three() const {  // dbl-2001-b
        const Field delta = z.square(), gamma = y.square(), beta4 = (x * gamma).doubled().doubled();
        const Field t = (x - delta) * (x + delta), alpha = t.doubled() + t;
        Jacobian r;
        r.x = alpha.square() - beta4.doubled();
        r.z = (y + z).square() - gamma - delta;
        r.y = alpha * (beta4 - r.x) - gamma.square().doubled().doubled().doubled();
        return r;
    }
    static constexpr Jacobian combine(const Field& u1, const Field& s1, const Field& h, const Field& r,
                                      const Field& z) {
        const Field hh = h.square(), hhh = h * hh, v = u1 * hh;
        Jacobian out;
        out.x = r.square() - hhh - v.doubled();
        out.y = r * (v - out.x) - s1 * hhh;
        out.z = z;
        return out;
    }
};

template <typename Point>
Affine<typename Point::Field> to_affine(const Point& p) {
    if (p.is_infinity()) return {};
    const auto inverse = p.z.inverse(), square = inverse.square();
    return {p.x * square, p.y * (square * inverse), false};
}

/// One inversion for all (Montgomery's trick). Precondition: none is the identity.
template <typename Point, std::size_t n>
constexpr void to_affine(const Point (&points)[n], Affine<typename Point::Field> (&out)[n]) {
    using Field = typename Point::Field;
    Field products[n];  // of the first i + 1 z
    products[0] = points[0].z;
    for (std::size_t i = 1; i < n; ++i) products[i] = products[i - 1] * points[i].z;
    Field inverse = products[n - 1].inverse();
    for (std::size_t i = n; i-- > 0;) {
        const Field z = i == 0 ? inverse : inverse * products[i - 1], zz = z.square();
        inverse = inverse * points[i].z;
        out[i] = {points[i].x * zz, points[i].y * (zz * z), false};
    }
}

/// p, 3p, 5p … (2·count − 1)p: what signed digits of WIDTH bits need. Precondition: p has a large prime order.
template <typename Point, std::size_t count>
struct OddMultiples {
    static constexpr unsigned WIDTH = std::bit_width(count) + 1;
    static_assert(std::has_single_bit(count));
    Point at[count];
    constexpr explicit OddMultiples(const Point& p) {
        const auto two = p.twice();
        at[0] = p;
        for (std::size_t i = 1; i < count; ++i) at[i] = at[i - 1].plus(two);
    }
};

}  // namespace entresol::crypto::curve
