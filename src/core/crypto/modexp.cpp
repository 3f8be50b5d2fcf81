// Modular exponentiation on numbers of any length (EIP-198): Montgomery multiplication for odd moduli; an even modulus is split into its odd part
// and a power of two and the results are joined by the Chinese remainder theorem.
#include <algorithm>
#include <vector>

#include "core/base/endian.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/curves.hpp"

namespace entresol::crypto {
namespace {

using Limbs = std::vector<std::uint64_t>;  // least significant first

Limbs load(ByteView bytes) {
    while (!bytes.empty() && bytes[0] == 0) bytes = bytes.subspan(1);
    Limbs out((bytes.size() + 7) / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t from_low = bytes.size() - 1 - i;
        out[from_low / 8] |= std::uint64_t{bytes[i]} << (8 * (from_low % 8));
    }
    return out;
}

Bytes store(const Limbs& limbs, std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size && i / 8 < limbs.size(); ++i)
        out[size - 1 - i] = static_cast<std::uint8_t>(limbs[i / 8] >> (8 * (i % 8)));
    return out;
}

bool less(const std::uint64_t* a, const std::uint64_t* b, std::size_t n) {
    for (std::size_t i = n; i-- > 0;)
        if (a[i] != b[i]) return a[i] < b[i];
    return false;
}
// a -= b; returns the borrow.
std::uint64_t subtract(std::uint64_t* a, const std::uint64_t* b, std::size_t n) {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const u128 d = u128{a[i]} - b[i] - borrow;
        a[i] = static_cast<std::uint64_t>(d);
        borrow = static_cast<std::uint64_t>(d >> 64) & 1;
    }
    return borrow;
}
// a = 2a; returns the bit that fell out.
std::uint64_t shift_left_one(Limbs& a) {
    std::uint64_t carry = 0;
    for (auto& limb : a) {
        const std::uint64_t next = limb >> 63;
        limb = (limb << 1) | carry;
        carry = next;
    }
    return carry;
}
Limbs shift_right(const Limbs& a, std::size_t bits) {
    const std::size_t words = bits / 64, rest = bits % 64;
    Limbs out(a.size() - words);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = a[i + words] >> rest;
        if (rest != 0 && i + words + 1 < a.size()) out[i] |= a[i + words + 1] << (64 - rest);
    }
    while (!out.empty() && out.back() == 0) out.pop_back();
    return out;
}

// value mod modulus, bit by bit from the top: costs n per bit, paid for once per exponentiation.
Limbs reduce(const Limbs& value, const Limbs& modulus) {
    const std::size_t n = modulus.size();
    Limbs r(n);
    for (std::size_t i = value.size() * 64; i-- > 0;) {
        const std::uint64_t carry = shift_left_one(r);
        r[0] |= (value[i / 64] >> (i % 64)) & 1;
        if (carry != 0 || !less(r.data(), modulus.data(), n)) subtract(r.data(), modulus.data(), n);
    }
    return r;
}

class OddModulus {
public:
    explicit OddModulus(Limbs modulus) : m_(std::move(modulus)), scratch_(m_.size() + 2) {
        std::uint64_t inverse = 1;
        for (int i = 0; i < 6; ++i) inverse *= 2 - m_[0] * inverse;
        negative_inverse_ = ~inverse + 1;
        Limbs r(2 * m_.size() + 1);
        r.back() = 1;
        r_squared_ = reduce(r, m_);
    }

    Limbs power(const Limbs& base, ByteView exponent) {
        Limbs one(m_.size());
        one[0] = 1;
        if (m_.size() == 1 && m_[0] == 1) return Limbs{0};
        const Limbs b = multiply(reduce(base, m_), r_squared_);
        Limbs result = multiply(one, r_squared_);
        std::vector<Limbs> table{result, b};  // b^0 … b^15, four exponent bits at a time
        for (std::size_t i = 2; i < 16; ++i) table.push_back(multiply(table.back(), b));
        bool started = false;
        for (const std::uint8_t byte : exponent) {
            for (const unsigned nibble : {unsigned{byte} >> 4U, byte & 15U}) {
                if (started)
                    for (int i = 0; i < 4; ++i) result = multiply(result, result);
                if (nibble == 0) continue;
                result = started ? multiply(result, table[nibble]) : table[nibble];
                started = true;
            }
        }
        return multiply(result, one);
    }

    // CIOS (Koç, Acar, Kaliski 1996).
    Limbs multiply(const Limbs& a, const Limbs& b) {
        const std::size_t n = m_.size();
        auto& t = scratch_;
        std::fill(t.begin(), t.end(), 0);
        for (std::size_t i = 0; i < n; ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; j < n; ++j) {
                const u128 s = u128{a[j]} * b[i] + t[j] + carry;
                t[j] = static_cast<std::uint64_t>(s);
                carry = static_cast<std::uint64_t>(s >> 64);
            }
            u128 s = u128{t[n]} + carry;
            t[n] = static_cast<std::uint64_t>(s);
            t[n + 1] = static_cast<std::uint64_t>(s >> 64);
            const std::uint64_t q = t[0] * negative_inverse_;
            s = u128{q} * m_[0] + t[0];
            carry = static_cast<std::uint64_t>(s >> 64);
            for (std::size_t j = 1; j < n; ++j) {
                s = u128{q} * m_[j] + t[j] + carry;
                t[j - 1] = static_cast<std::uint64_t>(s);
                carry = static_cast<std::uint64_t>(s >> 64);
            }
            s = u128{t[n]} + carry;
            t[n - 1] = static_cast<std::uint64_t>(s);
            t[n] = t[n + 1] + static_cast<std::uint64_t>(s >> 64);
        }
        Limbs out(t.begin(), t.begin() + static_cast<std::ptrdiff_t>(n));
        if (t[n] != 0 || !less(out.data(), m_.data(), n)) subtract(out.data(), m_.data(), n);
        return out;
    }

private:
    Limbs m_;
    std::uint64_t negative_inverse_ = 0;
    Limbs r_squared_;
    Limbs scratch_;
};

// Arithmetic modulo 2^bits: products cut off at n limbs.
struct PowerOfTwo {
    std::size_t bits;
    [[nodiscard]] std::size_t limbs() const { return (bits + 63) / 64; }
    void mask(Limbs& a) const {
        a.resize(limbs());
        if (bits % 64 != 0) a.back() &= (1ULL << (bits % 64)) - 1;
    }
    [[nodiscard]] Limbs multiply(const Limbs& a, const Limbs& b) const {
        Limbs out(limbs());
        for (std::size_t i = 0; i < out.size() && i < a.size(); ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; i + j < out.size(); ++j) {
                const u128 s = u128{a[i]} * (j < b.size() ? b[j] : 0) + out[i + j] + carry;
                out[i + j] = static_cast<std::uint64_t>(s);
                carry = static_cast<std::uint64_t>(s >> 64);
            }
        }
        mask(out);
        return out;
    }
    [[nodiscard]] Limbs power(Limbs base, ByteView exponent) const {
        mask(base);
        Limbs result(limbs());
        result[0] = 1;
        mask(result);
        for (const std::uint8_t byte : exponent)
            for (int i = 7; i >= 0; --i) {
                result = multiply(result, result);
                if ((byte >> i) & 1) result = multiply(result, base);
            }
        return result;
    }
    // Newton: x ← x(2 − ax) doubles the correct bits.
    [[nodiscard]] Limbs inverse_of_odd(const Limbs& a) const {
        Limbs x(limbs());
        x[0] = 1;
        for (std::size_t correct = 1; correct < bits; correct *= 2) {
            Limbs t = multiply(a, x);
            Limbs two(limbs());
            two[0] = 2;
            subtract(two.data(), t.data(), two.size());
            mask(two);
            x = multiply(x, two);
        }
        return x;
    }
};

std::size_t trailing_zeros(const Limbs& a) {
    std::size_t i = 0;
    while (a[i] == 0) ++i;
    return 64 * i + static_cast<std::size_t>(__builtin_ctzll(a[i]));
}

// x ≡ x_odd (mod odd), x ≡ x_two (mod 2^bits): x = x_odd + odd · ((x_two − x_odd) · odd^-1 mod 2^bits).
Limbs join(const Limbs& x_odd, const Limbs& odd, Limbs x_two, const PowerOfTwo& two) {
    Limbs low = x_odd;
    two.mask(low);
    x_two.resize(two.limbs());
    subtract(x_two.data(), low.data(), low.size());
    two.mask(x_two);
    Limbs odd_low = odd;
    two.mask(odd_low);
    const Limbs k = two.multiply(x_two, two.inverse_of_odd(odd_low));
    Limbs out(odd.size() + k.size() + 1);
    std::copy(x_odd.begin(), x_odd.end(), out.begin());
    for (std::size_t i = 0; i < k.size(); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; i + j < out.size(); ++j) {
            const u128 s = u128{k[i]} * (j < odd.size() ? odd[j] : 0) + out[i + j] + carry;
            out[i + j] = static_cast<std::uint64_t>(s);
            carry = static_cast<std::uint64_t>(s >> 64);
        }
    }
    return out;
}

}  // namespace

Bytes modexp(ByteView base, ByteView exponent, ByteView modulus) {
    const Limbs m = load(modulus);
    if (m.empty()) return Bytes(modulus.size());
    const Limbs b = load(base);
    while (!exponent.empty() && exponent[0] == 0) exponent = exponent.subspan(1);
    const std::size_t zeros = trailing_zeros(m);
    if (zeros == 0) return store(OddModulus(m).power(b, exponent), modulus.size());
    const PowerOfTwo two{zeros};
    const Limbs odd = shift_right(m, zeros);
    const Limbs x_two = two.power(b, exponent);
    if (odd.size() == 1 && odd[0] == 1) return store(x_two, modulus.size());
    return store(join(OddModulus(odd).power(b, exponent), odd, x_two, two), modulus.size());
}

}  // namespace entresol::crypto
