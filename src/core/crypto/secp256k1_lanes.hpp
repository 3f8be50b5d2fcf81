// secp256k1's field and points in the eight lanes of AVX-512 with 52-bit multiply-add (IFMA): one signature a lane. Only for secp256k1_vector.cpp.
// A field element is five limbs of 52 bits, below 2^256 + 2^215 after each operation; the instruction ignores bits above 52, so limbs are always carried.
#pragma once

#include <immintrin.h>

#include <cstdint>

// Limbs are registers only where every loop over them is written out.
#define ENTRESOL_UNROLL _Pragma("GCC unroll 10")
#define ENTRESOL_LANES [[gnu::target("avx512f,avx512dq,avx512ifma"), gnu::always_inline]] inline

namespace entresol::crypto::secp256k1_lanes {

using Word = __m512i;
using Mask = __mmask8;

struct Field {
    Word limb[5];
};

inline constexpr std::uint64_t MASK_52 = (1ULL << 52) - 1, MASK_48 = (1ULL << 48) - 1;
inline constexpr std::uint64_t FOLD_256 = 0x1000003d1;    // 2^256 modulo p
inline constexpr std::uint64_t FOLD_260 = FOLD_256 << 4;  // 2^260
inline constexpr std::uint64_t P_LIMBS[5] = {MASK_52 - FOLD_256 + 1, MASK_52, MASK_52, MASK_52, MASK_48};

ENTRESOL_LANES Word all(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
ENTRESOL_LANES Field constant(const std::uint64_t (&limbs)[5]) {
    return {all(limbs[0]), all(limbs[1]), all(limbs[2]), all(limbs[3]), all(limbs[4])};
}
ENTRESOL_LANES Field one() { return {all(1), all(0), all(0), all(0), all(0)}; }

// Limbs may be negative but for the highest, which holds what makes the whole positive; none is near 2^62.
ENTRESOL_LANES Field carried(Field a) {
    const Word above = _mm512_srli_epi64(a.limb[4], 48);
    a.limb[4] = _mm512_and_si512(a.limb[4], all(MASK_48));
    a.limb[0] = _mm512_madd52lo_epu64(a.limb[0], above, all(FOLD_256));
    ENTRESOL_UNROLL
    for (int i = 0; i < 4; ++i) {
        a.limb[i + 1] = _mm512_add_epi64(a.limb[i + 1], _mm512_srai_epi64(a.limb[i], 52));
        a.limb[i] = _mm512_and_si512(a.limb[i], all(MASK_52));
    }
    return a;
}

ENTRESOL_LANES Field reduced(Word (&t)[10]) {
    ENTRESOL_UNROLL
    for (int i = 5; i < 9; ++i) {
        t[i + 1] = _mm512_add_epi64(t[i + 1], _mm512_srli_epi64(t[i], 52));
        t[i] = _mm512_and_si512(t[i], all(MASK_52));
    }
    const Word fold = all(FOLD_260);
    Word high[6];
    high[0] = all(0);
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) {
        t[i] = _mm512_madd52lo_epu64(t[i], t[i + 5], fold);
        high[i + 1] = _mm512_madd52hi_epu64(all(0), t[i + 5], fold);
    }
    Field r;
    r.limb[0] = _mm512_madd52lo_epu64(t[0], high[5], fold);
    r.limb[1] = _mm512_madd52hi_epu64(_mm512_add_epi64(t[1], high[1]), high[5], fold);
    ENTRESOL_UNROLL
    for (int i = 2; i < 5; ++i) r.limb[i] = _mm512_add_epi64(t[i], high[i]);
    return carried(r);
}

ENTRESOL_LANES Field multiply(const Field& a, const Field& b) {
    Word low[10], high[10];
    ENTRESOL_UNROLL
    for (int i = 0; i < 10; ++i) low[i] = high[i] = all(0);
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) ENTRESOL_UNROLL
    for (int j = 0; j < 5; ++j) {
        low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limb[i], b.limb[j]);
        high[i + j + 1] = _mm512_madd52hi_epu64(high[i + j + 1], a.limb[i], b.limb[j]);
    }
    ENTRESOL_UNROLL
    for (int i = 0; i < 10; ++i) low[i] = _mm512_add_epi64(low[i], high[i]);
    return reduced(low);
}

// The mixed products once, doubled, then the squares.
ENTRESOL_LANES Field square(const Field& a) {
    Word low[10], high[10];
    ENTRESOL_UNROLL
    for (int i = 0; i < 10; ++i) low[i] = high[i] = all(0);
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) ENTRESOL_UNROLL
    for (int j = i + 1; j < 5; ++j) {
        low[i + j] = _mm512_madd52lo_epu64(low[i + j], a.limb[i], a.limb[j]);
        high[i + j + 1] = _mm512_madd52hi_epu64(high[i + j + 1], a.limb[i], a.limb[j]);
    }
    ENTRESOL_UNROLL
    for (int i = 0; i < 10; ++i) {
        low[i] = _mm512_add_epi64(low[i], high[i]);
        low[i] = _mm512_add_epi64(low[i], low[i]);
    }
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) {
        low[2 * i] = _mm512_madd52lo_epu64(low[2 * i], a.limb[i], a.limb[i]);
        low[2 * i + 1] = _mm512_madd52hi_epu64(low[2 * i + 1], a.limb[i], a.limb[i]);
    }
    return reduced(low);
}

/// a + times · p − b: `times` p are more than b, of which there may be several summands.
ENTRESOL_LANES Field difference(const Field& a, const Field& b, std::uint64_t times) {
    Field r;
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i)
        r.limb[i] = _mm512_add_epi64(_mm512_sub_epi64(a.limb[i], b.limb[i]), all(P_LIMBS[i] * times));
    return carried(r);
}
ENTRESOL_LANES Field subtract(const Field& a, const Field& b) { return difference(a, b, 4); }
ENTRESOL_LANES Field negate(const Field& a) { return difference({all(0), all(0), all(0), all(0), all(0)}, a, 4); }
/// Not carried: for differences only.
ENTRESOL_LANES Field plus_raw(const Field& a, const Field& b) {
    Field r;
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) r.limb[i] = _mm512_add_epi64(a.limb[i], b.limb[i]);
    return r;
}
ENTRESOL_LANES Field add(const Field& a, const Field& b) { return carried(plus_raw(a, b)); }

/// a / 2: where it is odd, p is added first. Limbs of `a` may hold small sums.
ENTRESOL_LANES Field half_of(Field a) {
    const Word odd = _mm512_sub_epi64(all(0), _mm512_and_si512(a.limb[0], all(1)));
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) a.limb[i] = _mm512_add_epi64(a.limb[i], _mm512_and_si512(odd, all(P_LIMBS[i])));
    Field r;
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) {
        r.limb[i] = _mm512_srli_epi64(a.limb[i], 1);
        if (i < 4)
            r.limb[i] = _mm512_add_epi64(r.limb[i], _mm512_slli_epi64(_mm512_and_si512(a.limb[i + 1], all(1)), 51));
    }
    return carried(r);
}

ENTRESOL_LANES Field select(Mask second, const Field& a, const Field& b) {
    Field r;
    ENTRESOL_UNROLL
    for (int i = 0; i < 5; ++i) r.limb[i] = _mm512_mask_blend_epi64(second, a.limb[i], b.limb[i]);
    return r;
}

/// The one below p.
ENTRESOL_LANES Field canonical(Field a) {
    a = carried(a);
    Field more = a;
    more.limb[0] = _mm512_add_epi64(more.limb[0], all(FOLD_256));
    ENTRESOL_UNROLL
    for (int i = 0; i < 4; ++i) {
        more.limb[i + 1] = _mm512_add_epi64(more.limb[i + 1], _mm512_srli_epi64(more.limb[i], 52));
        more.limb[i] = _mm512_and_si512(more.limb[i], all(MASK_52));
    }
    const Mask above = _mm512_cmpgt_epu64_mask(more.limb[4], all(MASK_48));
    more.limb[4] = _mm512_and_si512(more.limb[4], all(MASK_48));
    return select(above, a, more);
}
ENTRESOL_LANES Mask is_zero(const Field& a) {
    const Field c = canonical(a);
    const Word any = _mm512_or_si512(_mm512_or_si512(c.limb[0], c.limb[1]),
                                     _mm512_or_si512(_mm512_or_si512(c.limb[2], c.limb[3]), c.limb[4]));
    return _mm512_cmpeq_epi64_mask(any, all(0));
}
ENTRESOL_LANES Mask is_odd(const Field& canonical_value) {
    return _mm512_test_epi64_mask(canonical_value.limb[0], all(1));
}

/// (x / z², y / z³); z = 0 once two points that were added were equal or opposite, and then for ever: products keep it.
struct Jacobian {
    Field x, y, z;
};

// 3M + 4S: with L = 3x²/2 and s = y², x' = L² − 2xs, y' = L(xs − x') − s², z' = yz.
ENTRESOL_LANES Jacobian twice(const Jacobian& p) {
    const Field s = square(p.y), xx = square(p.x), l = half_of(plus_raw(plus_raw(xx, xx), xx));
    const Field t = multiply(p.x, s);
    const Field x = difference(square(l), plus_raw(t, t), 8);
    const Field y = subtract(multiply(l, subtract(t, x)), square(s));
    return {x, y, multiply(p.y, p.z)};
}

// 8M + 3S, the second point affine.
ENTRESOL_LANES Jacobian plus(const Jacobian& p, const Field& x2, const Field& y2) {
    const Field zz = square(p.z), h = subtract(multiply(x2, zz), p.x);
    const Field r = subtract(multiply(y2, multiply(p.z, zz)), p.y);
    const Field hh = square(h), hhh = multiply(h, hh), v = multiply(p.x, hh);
    const Field x = difference(square(r), plus_raw(hhh, plus_raw(v, v)), 12);
    const Field y = subtract(multiply(r, subtract(v, x)), multiply(p.y, hhh));
    return {x, y, multiply(p.z, h)};
}

}  // namespace entresol::crypto::secp256k1_lanes
