// Modular exponentiation on numbers of any length (EIP-198): Montgomery's reduction for odd moduli; an even modulus is split into its odd part
// and a power of two and the results are joined by the Chinese remainder theorem.
#include <algorithm>

#include "core/base/uint256.hpp"
#include "core/crypto/curves.hpp"
#include "core/crypto/limbs.hpp"
#include "core/crypto/sliding_window.hpp"
#include "core/crypto/words.hpp"

namespace entresol::crypto {
namespace {

using limbs::Limb;
using limbs::Number;

Limb negative_inverse(Limb odd) {
    Limb inverse = 1;  // Newton: each step doubles the correct bits
    for (int i = 0; i < 6; ++i) inverse *= 2 - odd * inverse;
    return ~inverse + 1;
}

// Montgomery products modulo an odd number of n limbs.
class OddRing {
public:
    explicit OddRing(const Number& modulus)
        : m_(modulus), negative_inverse_(negative_inverse(modulus[0])), product_(2 * modulus.size()) {}

    void multiply(Limb* to, const Limb* a, const Limb* b) {
        limbs::multiply(add_mul_, product_.data(), a, m_.size(), b, m_.size());
        reduce(to);
    }
    void square(Limb* to, const Limb* a) {
        limbs::square(add_mul_, product_.data(), a, m_.size());
        reduce(to);
    }
    void leave(Limb* value) {
        std::copy(value, value + m_.size(), product_.begin());
        std::fill(product_.begin() + static_cast<std::ptrdiff_t>(m_.size()), product_.end(), 0);
        reduce(value);
    }

private:
    // Each limb that becomes zero makes room for the carry out of its row.
    void reduce(Limb* to) {
        const std::size_t n = m_.size();
        Limb* const t = product_.data();
        for (std::size_t i = 0; i < n; ++i) t[i] = add_mul_(t + i, m_.data(), n, t[i] * negative_inverse_);
        const Limb carry = limbs::add(to, t + n, t, n);
        if (carry != 0 || !limbs::less(to, m_.data(), n)) limbs::subtract(to, to, m_.data(), n);
    }

    const Number& m_;
    Limb negative_inverse_;
    Number product_;
    limbs::AddMul add_mul_ = limbs::choose_add_mul();
};

// The same for moduli of at most 256 bits, the most usual ones: four limbs in registers.
class OddRing256 {
public:
    explicit OddRing256(const Number& modulus) : negative_inverse_(negative_inverse(modulus[0])) {
        std::copy(modulus.begin(), modulus.end(), m_.limb);
    }
    void multiply(Limb* to, const Limb* a, const Limb* b) const {
        Limb t[4]{}, high = 0;
#pragma GCC unroll 4
        for (int i = 0; i < 4; ++i) {  // CIOS (Koç, Acar, Kaliski 1996)
            Limb carry = 0;
#pragma GCC unroll 4
            for (int j = 0; j < 4; ++j) t[j] = words::multiply_add(a[j], b[i], t[j], carry);
            const u128 top = u128{high} + carry;
            const Limb q = t[0] * negative_inverse_;
            carry = 0;
            (void)words::multiply_add(q, m_.limb[0], t[0], carry);
#pragma GCC unroll 3
            for (int j = 1; j < 4; ++j) t[j - 1] = words::multiply_add(q, m_.limb[j], t[j], carry);
            const u128 s = top + carry;
            t[3] = static_cast<Limb>(s);
            high = static_cast<Limb>(s >> 64);
        }
        const U256 r = words::portable::subtract_once({t[0], t[1], t[2], t[3]}, m_, high != 0);
        std::copy(r.limb, r.limb + 4, to);
    }
    void square(Limb* to, const Limb* a) const { multiply(to, a, a); }
    void leave(Limb* value) const {
        const Limb one[4] = {1};
        multiply(value, value, one);
    }

private:
    U256 m_;
    Limb negative_inverse_;
};

// base^exponent mod an odd modulus, with as many limbs as the modulus. R is 2^(64 · limbs).
template <typename Ring>
Number power(const Number& base, ExponentBits exponent, const Number& modulus, std::size_t ring_limbs) {
    Number shifted(ring_limbs);
    shifted.insert(shifted.end(), base.begin(), base.end());
    Number value = limbs::remainder(shifted, modulus);  // base · R
    value.resize(ring_limbs);
    Ring ring(modulus);
    raise(ring, value, exponent);
    ring.leave(value.data());
    return value;
}
Number power_odd(const Number& base, ExponentBits exponent, const Number& modulus) {
    if (modulus.size() <= 4) return power<OddRing256>(base, exponent, modulus, 4);
    return power<OddRing>(base, exponent, modulus, modulus.size());
}

// Arithmetic modulo 2^bits: products cut off at n limbs.
class BinaryRing {
public:
    explicit BinaryRing(std::size_t bits) : bits_(bits), product_((bits + 63) / 64) {}
    [[nodiscard]] std::size_t size() const { return product_.size(); }
    void mask(Number& a) const {
        a.resize(size());
        if (bits_ % 64 != 0) a.back() &= (1ULL << (bits_ % 64)) - 1;
    }
    void multiply(Limb* to, const Limb* a, const Limb* b) {
        std::fill(product_.begin(), product_.end(), 0);
        for (std::size_t i = 0; i < size(); ++i) add_mul_(product_.data() + i, a, size() - i, b[i]);
        std::copy(product_.begin(), product_.end(), to);
    }
    void square(Limb* to, const Limb* a) { multiply(to, a, a); }

    Number power(Number base, ExponentBits exponent) {
        mask(base);
        raise(*this, base, exponent);
        mask(base);
        return base;
    }
    // Newton: x ← x(2 − ax) doubles the correct bits.
    Number inverse_of_odd(const Number& a) {
        Number x(size()), t(size());
        x[0] = 1;
        for (std::size_t correct = 1; correct < bits_; correct *= 2) {
            multiply(t.data(), a.data(), x.data());
            Number two(size());
            two[0] = 2;
            limbs::subtract(t.data(), two.data(), t.data(), size());
            multiply(x.data(), x.data(), t.data());
        }
        return x;
    }

private:
    std::size_t bits_;
    Number product_;
    limbs::AddMul add_mul_ = limbs::choose_add_mul();
};

// x ≡ x_odd (mod odd), x ≡ x_two (mod 2^bits): x = x_odd + odd · ((x_two − x_odd) · odd^-1 mod 2^bits).
Number join(const Number& x_odd, const Number& odd, Number x_two, std::size_t bits) {
    BinaryRing ring(bits);
    Number low = x_odd, odd_low = odd;
    ring.mask(low);
    ring.mask(odd_low);
    limbs::subtract(x_two.data(), x_two.data(), low.data(), ring.size());
    Number k(ring.size());
    ring.multiply(k.data(), x_two.data(), ring.inverse_of_odd(odd_low).data());
    ring.mask(k);
    Number out(odd.size() + k.size());
    limbs::multiply(limbs::choose_add_mul(), out.data(), odd.data(), odd.size(), k.data(), k.size());
    Number addend = x_odd;
    addend.resize(out.size());
    limbs::add(out.data(), out.data(), addend.data(), out.size());
    return out;
}

Number power(const Number& base, ExponentBits exponent, const Number& modulus) {
    const std::size_t zeros = limbs::trailing_zeros(modulus);
    if (zeros == 0) return power_odd(base, exponent, modulus);
    const Number odd = limbs::shift_right(modulus, zeros);
    Number x_two = BinaryRing(zeros).power(base, exponent);
    if (odd.size() == 1 && odd[0] == 1) return x_two;
    Number x_odd = power_odd(base, exponent, odd);
    x_odd.resize(odd.size());
    return join(x_odd, odd, std::move(x_two), zeros);
}

}  // namespace

Bytes modexp_portable(ByteView base, ByteView exponent, ByteView modulus) {
    const Number m = limbs::load(modulus);
    if (m.empty()) return Bytes(modulus.size());
    while (!exponent.empty() && exponent[0] == 0) exponent = exponent.subspan(1);
    Number result;
    if (exponent.empty())
        result = limbs::remainder({1}, m);  // 0^0 is 1
    else
        result = power(limbs::load(base), {exponent}, m);
    return limbs::store(result.data(), result.size(), modulus.size());
}

}  // namespace entresol::crypto
