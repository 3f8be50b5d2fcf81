// The precompiles on bn254, once for every CPU and once for those with BMI2 and ADX. bn254.cpp chooses at run time.
#pragma once

#include <optional>
#include <vector>

#include "core/base/check.hpp"
#include "core/crypto/bn254_pairing.hpp"
#include "core/crypto/curves.hpp"

namespace entresol::crypto::bn254 {

template <bool adx>
struct Kernel {
    using Base = Fp<adx>;
    using G1 = Affine<Base>;
    using G2 = Affine<Fp2<adx>>;

    static std::optional<FixedBytes<64>> add(ByteView input);
    static std::optional<FixedBytes<64>> mul(ByteView input);
    static std::optional<bool> pairing_check(ByteView input);

private:
    static std::optional<Base> read_fp(const std::uint8_t* bytes) {
        const U256 value = load_be256(bytes);
        if (value >= P) return std::nullopt;
        return Base::from(value);
    }
    // EIP-197: the imaginary part comes first.
    static std::optional<Fp2<adx>> read_fp2(const std::uint8_t* bytes) {
        const auto b = read_fp(bytes), a = read_fp(bytes + 32);
        if (!a || !b) return std::nullopt;
        return Fp2<adx>{*a, *b};
    }
    static std::optional<G1> read_g1(const std::uint8_t* bytes) {
        static constexpr Base B = Base::from(U256{3});
        const auto x = read_fp(bytes), y = read_fp(bytes + 32);
        if (!x || !y) return std::nullopt;
        if (x->is_zero() && y->is_zero()) return G1{};
        if (y->square() != x->square() * *x + B) return std::nullopt;
        return G1{*x, *y, false};
    }
    // On the twist and in the subgroup of order r.
    static std::optional<G2> read_g2(const std::uint8_t* bytes) {
        const auto x = read_fp2(bytes), y = read_fp2(bytes + 64);
        if (!x || !y) return std::nullopt;
        if (x->is_zero() && y->is_zero()) return G2{};
        const G2 point{*x, *y, false};
        if (y->square() != x->square() * *x + TWIST_B<adx> || !is_in_g2(point)) return std::nullopt;
        return point;
    }
    static FixedBytes<64> write_g1(const G1& point) {
        FixedBytes<64> out;
        if (point.is_infinity) return out;
        store_be256(out.data(), point.x.plain());
        store_be256(out.data() + 32, point.y.plain());
        return out;
    }
};

// The sum with one inversion and no Jacobian coordinates.
template <bool adx>
std::optional<FixedBytes<64>> Kernel<adx>::add(ByteView input) {
    const auto p = read_g1(input.data()), q = read_g1(input.data() + 64);
    if (!p || !q) return std::nullopt;
    if (p->is_infinity) return write_g1(*q);
    if (q->is_infinity) return write_g1(*p);
    Base slope;
    if (p->x != q->x) {
        slope = (q->y - p->y) * (q->x - p->x).inverse();
    } else {
        if (p->y != q->y) return FixedBytes<64>{};  // opposite points; y is never 0: the group's order is odd
        const Base xx = p->x.square();
        slope = (xx.doubled() + xx) * p->y.doubled().inverse();
    }
    const Base x = slope.square() - p->x - q->x;
    return write_g1({x, slope * (p->x - x) - p->y, false});
}

template <bool adx>
std::optional<FixedBytes<64>> Kernel<adx>::mul(ByteView input) {
    const auto point = read_g1(input.data());
    if (!point) return std::nullopt;
    return write_g1(to_affine(multiply_g1(*point, load_be256(input.data() + 64))));
}

template <bool adx>
std::optional<bool> Kernel<adx>::pairing_check(ByteView input) {
    std::vector<MillerPair<adx>> pairs;
    for (std::size_t i = 0; i < input.size(); i += 192) {
        const auto p = read_g1(input.data() + i);
        if (!p) return std::nullopt;
        const auto q = read_g2(input.data() + i + 64);
        if (!q) return std::nullopt;
        if (!p->is_infinity && !q->is_infinity) pairs.push_back({*p, *q});
    }
    if (pairs.empty()) return true;
    return final_exponentiation(miller_loop(std::span(pairs))) == Fp12<adx>::one();
}

}  // namespace entresol::crypto::bn254
