// A second way to raise to powers, for tests and fuzzers.
#pragma once

#include <algorithm>

#include "core/base/bytes.hpp"

namespace entresol::crypto::testing {

// Doubling and adding on bytes, bit by bit: nothing in common with Montgomery's reduction, windows or division.
class SlowRing {
public:
    explicit SlowRing(Bytes modulus) : m_(std::move(modulus)) {}
    [[nodiscard]] Bytes power(ByteView base, ByteView exponent) const {
        Bytes b = zero(), result = zero();
        add_small(result, 1);
        for (const std::uint8_t byte : base) {
            for (int i = 0; i < 8; ++i) add(b, b);
            add_small(b, byte);
        }
        for (const std::uint8_t byte : exponent)
            for (int i = 7; i >= 0; --i) {
                result = product(result, result);
                if ((byte >> i) & 1) result = product(result, b);
            }
        return result;
    }

private:
    [[nodiscard]] Bytes zero() const { return Bytes(m_.size()); }
    // a and b are below the modulus.
    void add(Bytes& a, Bytes b) const {
        unsigned carry = 0;
        for (std::size_t i = m_.size(); i-- > 0;) {
            carry += unsigned{a[i]} + b[i];
            a[i] = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry == 0 && a < m_) return;
        int borrow = 0;
        for (std::size_t i = m_.size(); i-- > 0;) {
            const int d = int{a[i]} - int{m_[i]} - borrow;
            a[i] = static_cast<std::uint8_t>(d);
            borrow = d < 0 ? 1 : 0;
        }
    }
    void add_small(Bytes& a, unsigned n) const {
        Bytes one = zero();
        one.back() = 1;
        if (one >= m_) return;  // everything is 0 modulo 1
        for (; n > 0; --n) add(a, one);
    }
    [[nodiscard]] Bytes product(const Bytes& a, const Bytes& b) const {
        Bytes result = zero();
        for (const std::uint8_t byte : a)
            for (int i = 7; i >= 0; --i) {
                add(result, result);
                if ((byte >> i) & 1) add(result, b);
            }
        return result;
    }
    Bytes m_;
};

}  // namespace entresol::crypto::testing
