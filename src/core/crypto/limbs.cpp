#include "core/crypto/limbs.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/uint256.hpp"

namespace entresol::crypto::limbs {

Limb add_mul_portable(Limb* to, const Limb* a, std::size_t n, Limb b) {
    Limb carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const u128 s = u128{a[i]} * b + to[i] + carry;
        to[i] = static_cast<Limb>(s);
        carry = static_cast<Limb>(s >> 64);
    }
    return carry;
}

namespace {

Limb sub_mul(Limb* to, const Limb* a, std::size_t n, Limb b) {
    Limb carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const u128 product = u128{a[i]} * b + carry;
        const Limb low = static_cast<Limb>(product), before = to[i];
        to[i] = before - low;
        carry = static_cast<Limb>(product >> 64) + (before < low ? 1 : 0);
    }
    return carry;
}

#if defined(__x86_64__)
// Two carry chains, one for the products (adcx) and one for the sums (adox), which must survive the loop: lea and jrcxz touch no flags.
// NOLINTBEGIN(hicpp-no-assembler)
Limb add_mul_adx(Limb* to, const Limb* a, std::size_t n, Limb b) {
    const std::size_t head = n % 4;
    Limb carry = add_mul_portable(to, a, head, b);
    to += head;
    a += head;
    std::size_t blocks = n / 4;
    if (blocks == 0) return carry;
    Limb low, high;
    __asm__ volatile(
        "xorl %k[low], %k[low]\n"
        "1:\n"
        "mulxq (%[a]), %[low], %[high]\n adcxq %[carry], %[low]\n adoxq (%[to]), %[low]\n movq %[low], (%[to])\n"
        "mulxq 8(%[a]), %[low], %[carry]\n adcxq %[high], %[low]\n adoxq 8(%[to]), %[low]\n movq %[low], 8(%[to])\n"
        "mulxq 16(%[a]), %[low], %[high]\n adcxq %[carry], %[low]\n adoxq 16(%[to]), %[low]\n movq %[low], 16(%[to])\n"
        "mulxq 24(%[a]), %[low], %[carry]\n adcxq %[high], %[low]\n adoxq 24(%[to]), %[low]\n movq %[low], 24(%[to])\n"
        "leaq 32(%[a]), %[a]\n leaq 32(%[to]), %[to]\n leaq -1(%%rcx), %%rcx\n"
        "jrcxz 2f\n"
        "jmp 1b\n"
        "2:\n"
        "movl $0, %k[low]\n adcxq %[low], %[carry]\n adoxq %[low], %[carry]\n"
        : [to] "+&r"(to), [a] "+&r"(a), "+&c"(blocks), [carry] "+&r"(carry), [low] "=&r"(low), [high] "=&r"(high)
        : "d"(b)
        : "cc", "memory");
    return carry;
}
// NOLINTEND(hicpp-no-assembler)
#endif

// Division of two limbs by a normalised one through its reciprocal (Möller, Granlund 2011, algorithm 4).
struct Divisor {
    Limb d, reciprocal;
    explicit Divisor(Limb normalised)
        : d(normalised), reciprocal(static_cast<Limb>(~u128{0} / normalised - (u128{1} << 64))) {}
    // The quotient of (high, low); high < d.
    [[nodiscard]] Limb divide(Limb high, Limb low, Limb& rest) const {
        u128 q = u128{reciprocal} * high + (u128{high} << 64 | low);
        Limb quotient = static_cast<Limb>(q >> 64) + 1;
        rest = low - quotient * d;
        if (rest > static_cast<Limb>(q)) {
            --quotient;
            rest += d;
        }
        if (rest >= d) {
            ++quotient;
            rest -= d;
        }
        return quotient;
    }
};

// value · 2^bits, bits < 64, with one more limb.
Number shifted_left(const Number& value, unsigned bits) {
    Number out(value.size() + 1);
    for (std::size_t i = 0; i < value.size(); ++i) {
        out[i] |= value[i] << bits;
        if (bits != 0) out[i + 1] = value[i] >> (64 - bits);
    }
    return out;
}

Number remainder_by_limb(const Number& value, Limb modulus) {
    const auto shift = static_cast<unsigned>(__builtin_clzll(modulus));
    const Divisor divisor(modulus << shift);
    const Number u = shifted_left(value, shift);
    Limb rest = 0;
    for (std::size_t i = u.size(); i-- > 0;) (void)divisor.divide(rest, u[i], rest);
    return {rest >> shift};
}

}  // namespace

AddMul choose_add_mul() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("adx") != 0) return add_mul_adx;
#endif
    return add_mul_portable;
}

Number load(ByteView big_endian) {
    while (!big_endian.empty() && big_endian[0] == 0) big_endian = big_endian.subspan(1);
    Number out((big_endian.size() + 7) / 8);
    for (std::size_t i = 0; i < big_endian.size(); ++i)
        out[i / 8] |= Limb{big_endian[big_endian.size() - 1 - i]} << (8 * (i % 8));
    return out;
}

Bytes store(const Limb* number, std::size_t limbs, std::size_t size) {
    Bytes out(size);
    for (std::size_t i = 0; i < size && i / 8 < limbs; ++i)
        out[size - 1 - i] = static_cast<std::uint8_t>(number[i / 8] >> (8 * (i % 8)));
    return out;
}

bool less(const Limb* a, const Limb* b, std::size_t n) {
    for (std::size_t i = n; i-- > 0;)
        if (a[i] != b[i]) return a[i] < b[i];
    return false;
}

Limb add(Limb* to, const Limb* a, const Limb* b, std::size_t n) {
    Limb carry = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const u128 s = u128{a[i]} + b[i] + carry;
        to[i] = static_cast<Limb>(s);
        carry = static_cast<Limb>(s >> 64);
    }
    return carry;
}

Limb subtract(Limb* to, const Limb* a, const Limb* b, std::size_t n) {
    Limb borrow = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const u128 d = u128{a[i]} - b[i] - borrow;
        to[i] = static_cast<Limb>(d);
        borrow = static_cast<Limb>(d >> 64) & 1;
    }
    return borrow;
}

void multiply(AddMul add_mul, Limb* to, const Limb* a, std::size_t na, const Limb* b, std::size_t nb) {
    std::fill(to, to + na, 0);
    for (std::size_t i = 0; i < nb; ++i) to[i + na] = add_mul(to + i, a, na, b[i]);
}

void square(AddMul add_mul, Limb* to, const Limb* a, std::size_t n) {
    // The mixed products once …
    std::fill(to, to + n, 0);
    for (std::size_t i = 0; i < n; ++i) to[i + n] = add_mul(to + 2 * i + 1, a + i + 1, n - i - 1, a[i]);
    // … doubled, and the squares.
    Limb carry = 0, shifted_out = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const Limb low = to[2 * i] << 1 | shifted_out, high = to[2 * i + 1] << 1 | to[2 * i] >> 63;
        shifted_out = to[2 * i + 1] >> 63;
        const u128 s = u128{a[i]} * a[i] + low + carry;
        const u128 t = (s >> 64) + high;
        to[2 * i] = static_cast<Limb>(s);
        to[2 * i + 1] = static_cast<Limb>(t);
        carry = static_cast<Limb>(t >> 64);
    }
}

// Knuth's algorithm D.
Number remainder(const Number& value, const Number& modulus) {
    const std::size_t n = modulus.size();
    CHECK(n > 0 && modulus.back() != 0);
    if (value.size() < n) {
        Number out = value;
        out.resize(n);
        return out;
    }
    if (n == 1) return remainder_by_limb(value, modulus[0]);
    const auto shift = static_cast<unsigned>(__builtin_clzll(modulus.back()));
    Number v = shifted_left(modulus, shift), u = shifted_left(value, shift);
    v.pop_back();
    const Divisor divisor(v[n - 1]);
    for (std::size_t j = u.size() - n; j-- > 0;) {
        Limb* const window = u.data() + j;  // n + 1 limbs
        Limb quotient = ~Limb{0}, rest = 0;
        if (window[n] < divisor.d) {
            quotient = divisor.divide(window[n], window[n - 1], rest);
            // At most two too large: corrected by the next limb, then by a borrow.
            if (u128{quotient} * v[n - 2] > (u128{rest} << 64 | window[n - 2])) --quotient;
        }
        const Limb borrow = sub_mul(window, v.data(), n, quotient);
        Limb top = window[n] - borrow;
        while (top != 0) top += add(window, window, v.data(), n);
        window[n] = 0;
    }
    u.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
        u[i] >>= shift;
        if (shift != 0 && i + 1 < n) u[i] |= u[i + 1] << (64 - shift);
    }
    return u;
}

Number shift_right(const Number& value, std::size_t bits) {
    const std::size_t words = bits / 64, rest = bits % 64;
    Number out(value.size() - words);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = value[i + words] >> rest;
        if (rest != 0 && i + words + 1 < value.size()) out[i] |= value[i + words + 1] << (64 - rest);
    }
    while (!out.empty() && out.back() == 0) out.pop_back();
    return out;
}

std::size_t trailing_zeros(const Number& value) {
    std::size_t i = 0;
    while (value[i] == 0) ++i;
    return 64 * i + static_cast<std::size_t>(__builtin_ctzll(value[i]));
}

}  // namespace entresol::crypto::limbs
