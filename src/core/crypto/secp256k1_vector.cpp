#include "core/crypto/secp256k1_vector.hpp"

#if defined(__x86_64__)
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wuninitialized"  // in GCC 12's own header: gcc.gnu.org/PR105593
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include "core/base/endian.hpp"
#include "core/crypto/secp256k1_lanes.hpp"
#include "core/crypto/secp256k1_scalar.hpp"
#include "core/crypto/secp256k1_table.hpp"

namespace entresol::crypto {
namespace {

using namespace secp256k1_lanes;  // NOLINT: this file is its only user

constexpr std::size_t LANES = 8;
constexpr unsigned WINDOW = 5;       // of R's multiples
constexpr std::size_t WINDOWS = 26;  // of 128 bits
constexpr std::size_t MULTIPLES = 1 << (WINDOW - 1);
constexpr std::size_t GENERATOR_WINDOWS = 16;  // of 128 bits
// A cube root of one modulo p, in limbs.
constexpr std::uint64_t BETA[5] = {0x96c28719501eeULL, 0x7512f58995c13ULL, 0xc3434e99cf049ULL, 0x7106e64479eaULL,
                                   0x7ae96a2b657cULL};

/// Signed digits of a number in each lane, window by window.
template <std::size_t count>
struct Digits {
    alignas(64) std::int64_t digit[count][LANES];
};
struct Scalars {
    Digits<WINDOWS> first, second;        // of u2: for R and for λR
    Digits<GENERATOR_WINDOWS> low, high;  // of u1: for G and for 2^128 G
};

template <std::size_t count>
void put(Digits<count>& into, std::size_t lane, const std::array<std::int64_t, count>& digits) {
    for (std::size_t i = 0; i < count; ++i) into.digit[i][lane] = digits[i];
}

Scalars recode(const std::array<RecoveryInput, LANES>& inputs) {
    using namespace secp256k1_scalar;  // NOLINT
    Scalars out;
    for (std::size_t lane = 0; lane < LANES; ++lane) {
        const Split u2 = split(inputs[lane].u2);
        put(out.first, lane, signed_windows<WINDOW, WINDOWS>(u2.first.magnitude, u2.first.negative));
        put(out.second, lane, signed_windows<WINDOW, WINDOWS>(u2.second.magnitude, u2.second.negative));
        // The smaller of it and its negative, so that the highest window has room for a carry.
        const bool negative = inputs[lane].u1.limb[3] >> 63 != 0;
        const U256 u1 = negative ? secp256k1_scalar::negate(inputs[lane].u1) : inputs[lane].u1;
        const auto windows = signed_windows<secp256k1_table::WINDOW_BITS, 2 * GENERATOR_WINDOWS>(u1, negative);
        for (std::size_t i = 0; i < GENERATOR_WINDOWS; ++i) {
            out.low.digit[i][lane] = windows[i];
            out.high.digit[i][lane] = windows[i + GENERATOR_WINDOWS];
        }
    }
    return out;
}

ENTRESOL_LANES Field load(const std::array<RecoveryInput, LANES>& inputs) {
    alignas(64) std::uint64_t limbs[5][LANES];
    for (std::size_t lane = 0; lane < LANES; ++lane) {
        const auto& l = inputs[lane].r.limb;
        limbs[0][lane] = l[0] & MASK_52;
        limbs[1][lane] = (l[0] >> 52 | l[1] << 12) & MASK_52;
        limbs[2][lane] = (l[1] >> 40 | l[2] << 24) & MASK_52;
        limbs[3][lane] = (l[2] >> 28 | l[3] << 36) & MASK_52;
        limbs[4][lane] = l[3] >> 16;
    }
    Field out;
    for (int i = 0; i < 5; ++i) out.limb[i] = _mm512_load_si512(limbs[i]);
    return out;
}

ENTRESOL_LANES void store(const Field& canonical_value, std::uint8_t* (&to)[LANES]) {
    alignas(64) std::uint64_t limbs[5][LANES];
    for (int i = 0; i < 5; ++i) _mm512_store_si512(limbs[i], canonical_value.limb[i]);
    for (std::size_t lane = 0; lane < LANES; ++lane) {
        const std::uint64_t a = limbs[0][lane], b = limbs[1][lane], c = limbs[2][lane], d = limbs[3][lane],
                            e = limbs[4][lane];
        store_be256(to[lane], U256{a | b << 52, b >> 12 | c << 40, c >> 24 | d << 28, d >> 36 | e << 16});
    }
}

[[gnu::target("avx512f,avx512dq,avx512ifma")]] Field square_times(Field a, int times) {
    for (int i = 0; i < times; ++i) a = square(a);
    return a;
}

/// Powers that the exponents of roots and inverses share: a^(2^n − 1) for n = 2, 22 and 223.
struct Powers {
    Field n2, n22, n223;
};
[[gnu::target("avx512f,avx512dq,avx512ifma")]] Powers powers_of(const Field& a) {
    Powers out;
    out.n2 = multiply(square(a), a);
    const Field n3 = multiply(square(out.n2), a), n6 = multiply(square_times(n3, 3), n3);
    const Field n9 = multiply(square_times(n6, 3), n3), n11 = multiply(square_times(n9, 2), out.n2);
    out.n22 = multiply(square_times(n11, 11), n11);
    const Field n44 = multiply(square_times(out.n22, 22), out.n22), n88 = multiply(square_times(n44, 44), n44);
    const Field n176 = multiply(square_times(n88, 88), n88), n220 = multiply(square_times(n176, 44), n44);
    out.n223 = multiply(square_times(n220, 3), n3);
    return out;
}
// p − 2 in binary: 223 ones, 0, 22 ones, 0000101101.
[[gnu::target("avx512f,avx512dq,avx512ifma")]] Field inverse(const Field& a) {
    const Powers p = powers_of(a);
    Field t = multiply(square_times(p.n223, 23), p.n22);
    t = multiply(square_times(t, 5), a);
    t = multiply(square_times(t, 3), p.n2);
    return multiply(square_times(t, 2), a);
}
// a^((p + 1) / 4), a square root where there is one: 223 ones, 0, 22 ones, 00001100.
[[gnu::target("avx512f,avx512dq,avx512ifma")]] Field root(const Field& a) {
    const Powers p = powers_of(a);
    Field t = multiply(square_times(p.n223, 23), p.n22);
    t = multiply(square_times(t, 6), p.n2);
    return square_times(t, 2);
}

/// 1 · R … 16 · R in each lane, affine: entry, then coordinate and limb, then lane.
struct Multiples {
    alignas(64) std::uint64_t word[MULTIPLES][10][LANES];
};

[[gnu::target("avx512f,avx512dq,avx512ifma")]] void make_multiples(const Field& x, const Field& y, Multiples& out) {
    Jacobian point[MULTIPLES];
    Field before[MULTIPLES];  // product of the z before each
    point[0] = {x, y, one()};
    point[1] = twice(point[0]);
    for (std::size_t i = 2; i < MULTIPLES; ++i) point[i] = plus(point[i - 1], x, y);
    before[1] = one();
    for (std::size_t i = 2; i < MULTIPLES; ++i) before[i] = multiply(before[i - 1], point[i - 1].z);
    Field z = inverse(multiply(before[MULTIPLES - 1], point[MULTIPLES - 1].z));
    for (std::size_t i = MULTIPLES; i-- > 0;) {
        Field ax = x, ay = y;
        if (i > 0) {
            const Field own = multiply(z, before[i]), own_squared = square(own);
            ax = multiply(point[i].x, own_squared);
            ay = multiply(point[i].y, multiply(own_squared, own));
            z = multiply(z, point[i].z);
        }
        ENTRESOL_UNROLL
        for (int l = 0; l < 5; ++l) {
            _mm512_store_si512(out.word[i][l], ax.limb[l]);
            _mm512_store_si512(out.word[i][5 + l], ay.limb[l]);
        }
    }
}

struct Sum {
    Jacobian point;
    Mask infinite = 0xff;
};

// A lane whose digit is zero stays as it is; one that is still infinite becomes the point.
[[gnu::target("avx512f,avx512dq,avx512ifma")]] void add_to(Sum& sum, const Word& digit, const Field& x, Field y) {
    const Mask used = _mm512_test_epi64_mask(digit, digit), negative = _mm512_movepi64_mask(digit);
    y = select(negative, y, negate(y));
    const Jacobian added = plus(sum.point, x, y);
    const Mask takes_sum = static_cast<Mask>(used & ~sum.infinite),
               takes_point = static_cast<Mask>(used & sum.infinite);
    sum.point.x = select(takes_point, select(takes_sum, sum.point.x, added.x), x);
    sum.point.y = select(takes_point, select(takes_sum, sum.point.y, added.y), y);
    sum.point.z = select(takes_point, select(takes_sum, sum.point.z, added.z), one());
    sum.infinite = static_cast<Mask>(sum.infinite & ~used);
}

// Entry |digit| − 1; of a zero digit the first one, which nobody uses.
ENTRESOL_LANES Word entry_of(const Word& digit) {
    const Word zero = _mm512_setzero_si512();
    return _mm512_max_epi64(_mm512_sub_epi64(_mm512_abs_epi64(digit), all(1)), zero);
}
template <std::size_t count>
ENTRESOL_LANES Word digit_at(const Digits<count>& digits, std::size_t window) {
    return _mm512_load_si512(digits.digit[window]);
}

ENTRESOL_LANES void add_multiple(Sum& sum, const Word& digit, const Multiples& multiples, bool with_beta) {
    const Word lane = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
    const Word at = _mm512_add_epi64(_mm512_mullo_epi64(entry_of(digit), all(10 * LANES)), lane);
    Field x, y;
    ENTRESOL_UNROLL
    for (int l = 0; l < 5; ++l) {
        x.limb[l] = _mm512_i64gather_epi64(at, &multiples.word[0][l][0], 8);
        y.limb[l] = _mm512_i64gather_epi64(at, &multiples.word[0][5 + l][0], 8);
    }
    add_to(sum, digit, with_beta ? multiply(x, constant(BETA)) : x, y);
}
ENTRESOL_LANES void add_generator(Sum& sum, const Word& digit,
                                  const std::array<secp256k1_table::Point, secp256k1_table::MULTIPLES>& table) {
    const Word at = _mm512_mullo_epi64(entry_of(digit), all(10));
    Field x, y;
    ENTRESOL_UNROLL
    for (int l = 0; l < 5; ++l) {
        x.limb[l] = _mm512_i64gather_epi64(at, &table[0][static_cast<std::size_t>(l)], 8);
        y.limb[l] = _mm512_i64gather_epi64(at, &table[0][static_cast<std::size_t>(l) + 5], 8);
    }
    add_to(sum, digit, x, y);
}

[[gnu::target("avx512f,avx512dq,avx512ifma")]] Sum sum_of(const Scalars& scalars, const Multiples& multiples) {
    const auto& table = secp256k1_table::generator_multiples();
    Sum sum;
    sum.point = {one(), one(), one()};
    for (int bit = static_cast<int>(WINDOW * (WINDOWS - 1)); bit >= 0; --bit) {
        if (bit != static_cast<int>(WINDOW * (WINDOWS - 1))) sum.point = twice(sum.point);
        const auto at = static_cast<std::size_t>(bit);
        if (at % WINDOW == 0) {
            add_multiple(sum, digit_at(scalars.first, at / WINDOW), multiples, false);
            add_multiple(sum, digit_at(scalars.second, at / WINDOW), multiples, true);
        }
        if (at % secp256k1_table::WINDOW_BITS == 0) {
            add_generator(sum, digit_at(scalars.low, at / secp256k1_table::WINDOW_BITS), table[0]);
            add_generator(sum, digit_at(scalars.high, at / secp256k1_table::WINDOW_BITS), table[1]);
        }
    }
    return sum;
}

[[gnu::target("avx512f,avx512dq,avx512ifma")]] void recover_eight(
    const std::array<RecoveryInput, LANES>& inputs, std::array<std::optional<FixedBytes<64>>, LANES>& keys) {
    const Field x = load(inputs);
    const Field squared = add(multiply(square(x), x), {all(7), all(0), all(0), all(0), all(0)});
    Field y = canonical(root(squared));
    const Mask on_curve = is_zero(subtract(square(y), squared));
    Mask wanted_odd = 0;
    for (std::size_t lane = 0; lane < LANES; ++lane)
        if ((inputs[lane].y_parity & 1) != 0) wanted_odd = static_cast<Mask>(wanted_odd | 1U << lane);
    y = select(static_cast<Mask>(is_odd(y) ^ wanted_odd), y, negate(y));

    const Scalars scalars = recode(inputs);
    Multiples multiples;
    make_multiples(x, y, multiples);
    const Sum sum = sum_of(scalars, multiples);
    const Mask good = static_cast<Mask>(on_curve & ~sum.infinite & ~is_zero(sum.point.z));

    const Field z = inverse(sum.point.z), zz = square(z);
    FixedBytes<64> out[LANES];
    std::uint8_t *xs[LANES], *ys[LANES];
    for (std::size_t lane = 0; lane < LANES; ++lane) {
        xs[lane] = out[lane].bytes.data();
        ys[lane] = xs[lane] + 32;
    }
    store(canonical(multiply(sum.point.x, zz)), xs);
    store(canonical(multiply(sum.point.y, multiply(zz, z))), ys);
    for (std::size_t lane = 0; lane < LANES; ++lane)
        if ((good >> lane & 1) != 0)
            keys[lane] = out[lane];
        else
            keys[lane].reset();
}

}  // namespace

RecoverEight find_recover_avx512() {
    const bool has_all = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
                         __builtin_cpu_supports("avx512ifma") != 0;
    return has_all ? recover_eight : nullptr;
}

}  // namespace entresol::crypto

#else

namespace entresol::crypto {

RecoverEight find_recover_avx512() { return nullptr; }

}  // namespace entresol::crypto

#endif
