// The division steps of Bernstein and Yang (2019, "safegcd"), 62 at a time on the low words, in variable time: zeros are skipped together and several
// bits cancelled at once, as in Pornin's and Wuille's notes on it. Numbers are five signed words of 62 bits, so that sums of products fit 128 bits.
#include "core/crypto/modular_inverse.hpp"

#include <algorithm>

#include "core/base/check.hpp"

namespace entresol::crypto {
namespace {

__extension__ using i128 = __int128;
using i64 = std::int64_t;
using u64 = std::uint64_t;

constexpr int WORD = 62;
constexpr u64 MASK = (u64{1} << WORD) - 1;

struct Signed62 {
    i64 word[5];
};

Signed62 split(const U256& v) {
    const auto part = [](u64 w) { return static_cast<i64>(w & MASK); };
    return {{part(v.limb[0]), part(v.limb[0] >> 62 | v.limb[1] << 2), part(v.limb[1] >> 60 | v.limb[2] << 4),
             part(v.limb[2] >> 58 | v.limb[3] << 6), static_cast<i64>(v.limb[3] >> 56)}};
}
// For values that are not negative and fit.
U256 join(const Signed62& v) {
    const auto w = [&](int i) { return static_cast<u64>(v.word[i]); };
    return {w(0) | w(1) << 62, w(1) >> 2 | w(2) << 60, w(2) >> 4 | w(3) << 58, w(3) >> 6 | w(4) << 56};
}

// 2^62 times what 62 division steps do: (f, g) -> (u f + v g, q f + r g) / 2^62.
struct Matrix {
    i64 u, v, q, r;
};

Matrix divide_steps(i64& eta, u64 f, u64 g) {
    u64 u = 1, v = 0, q = 0, r = 1;
    for (int left = WORD;;) {
        const int zeros = __builtin_ctzll(g | (~u64{0} << left));
        g >>= zeros;
        u <<= zeros;
        v <<= zeros;
        eta -= zeros;
        left -= zeros;
        if (left == 0) break;
        u64 factor;  // multiple of f that clears the low bits of g, as many as eta and the batch allow
        if (eta < 0) {
            eta = -eta;
            const u64 f_old = f, u_old = u, v_old = v;
            f = g;
            g = 0 - f_old;
            u = q;
            q = 0 - u_old;
            v = r;
            r = 0 - v_old;
            const int limit = static_cast<int>(std::min<i64>(eta + 1, left));
            factor = (f * g * (f * f - 2)) & ((~u64{0} >> (64 - limit)) & 63);  // f (f² - 2) is -1/f modulo 64
        } else {
            const int limit = static_cast<int>(std::min<i64>(eta + 1, left));
            const u64 inverse = f + (((f + 1) & 4) << 1);  // of f modulo 16
            factor = (0 - inverse * g) & ((~u64{0} >> (64 - limit)) & 15);
        }
        g += f * factor;
        q += u * factor;
        r += v * factor;
    }
    return {static_cast<i64>(u), static_cast<i64>(v), static_cast<i64>(q), static_cast<i64>(r)};
}

i64 low(i128 x) { return static_cast<i64>(static_cast<u64>(x) & MASK); }

void apply_to_f_g(const Matrix& t, Signed62& f, Signed62& g) {
    i128 a = 0, b = 0;
    for (int i = 0; i < 5; ++i) {
        a += i128{t.u} * f.word[i] + i128{t.v} * g.word[i];
        b += i128{t.q} * f.word[i] + i128{t.r} * g.word[i];
        if (i > 0) {  // the lowest words are zero: that is what the steps are for
            f.word[i - 1] = low(a);
            g.word[i - 1] = low(b);
        }
        a >>= WORD;
        b >>= WORD;
    }
    f.word[4] = static_cast<i64>(a);
    g.word[4] = static_cast<i64>(b);
}

// The same modulo the modulus: multiples of it make the lowest words zero. d and e stay between -2m and m.
void apply_to_d_e(const Matrix& t, Signed62& d, Signed62& e, const Signed62& m, u64 inverse) {
    const i64 d_sign = d.word[4] >> 63, e_sign = e.word[4] >> 63;
    i64 md = (t.u & d_sign) + (t.v & e_sign), me = (t.q & d_sign) + (t.r & e_sign);
    i128 a = i128{t.u} * d.word[0] + i128{t.v} * e.word[0], b = i128{t.q} * d.word[0] + i128{t.r} * e.word[0];
    md -= static_cast<i64>((inverse * static_cast<u64>(a) + static_cast<u64>(md)) & MASK);
    me -= static_cast<i64>((inverse * static_cast<u64>(b) + static_cast<u64>(me)) & MASK);
    a += i128{m.word[0]} * md;
    b += i128{m.word[0]} * me;
    a >>= WORD;
    b >>= WORD;
    for (int i = 1; i < 5; ++i) {
        a += i128{t.u} * d.word[i] + i128{t.v} * e.word[i] + i128{m.word[i]} * md;
        b += i128{t.q} * d.word[i] + i128{t.r} * e.word[i] + i128{m.word[i]} * me;
        d.word[i - 1] = low(a);
        e.word[i - 1] = low(b);
        a >>= WORD;
        b >>= WORD;
    }
    d.word[4] = static_cast<i64>(a);
    e.word[4] = static_cast<i64>(b);
}

// v + factor * m with words normalised again; the factor is -1, 0 or 1.
void add_multiple(Signed62& v, const Signed62& m, i64 factor) {
    i128 carry = 0;
    for (int i = 0; i < 4; ++i) {
        carry += i128{v.word[i]} + i128{m.word[i]} * factor;
        v.word[i] = low(carry);
        carry >>= WORD;
    }
    v.word[4] = static_cast<i64>(carry + v.word[4] + i128{m.word[4]} * factor);
}

void negate(Signed62& v) {
    for (auto& word : v.word) word = -word;
    add_multiple(v, v, 0);
}

}  // namespace

U256 inverse_modulo(const U256& value, const U256& modulus) {
    const Signed62 m = split(modulus);
    u64 inverse = 1;  // of the modulus, modulo 2^62 (Newton)
    for (int i = 0; i < 6; ++i) inverse *= 2 - modulus.limb[0] * inverse;
    Signed62 f = m, g = split(value), d{}, e{{1, 0, 0, 0, 0}};
    i64 eta = -1;
    constexpr int BATCHES_BOUND = 12;  // 741 steps suffice for 256-bit numbers (Bernstein, Yang, theorem 11.2)
    int batches = 0;
    while ((g.word[0] | g.word[1] | g.word[2] | g.word[3] | g.word[4]) != 0) {
        CHECK(batches++ < BATCHES_BOUND);
        const auto word = [](const Signed62& s) {
            return static_cast<u64>(s.word[0]) | static_cast<u64>(s.word[1]) << 62;
        };
        const Matrix t = divide_steps(eta, word(f), word(g));
        apply_to_d_e(t, d, e, m, inverse);
        apply_to_f_g(t, f, g);
    }
    if (d.word[4] < 0) add_multiple(d, m, 1);
    if (f.word[4] < 0) negate(d);  // f is 1 or -1
    if (d.word[4] < 0) add_multiple(d, m, 1);
    return join(d);
}

}  // namespace entresol::crypto
