// Powers by sliding windows (Handbook of Applied Cryptography, 14.85): the exponent is public, so zeros are skipped.
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::crypto {

/// Bits of a big-endian number without leading zero bytes.
struct ExponentBits {
    ByteView bytes;
    [[nodiscard]] std::size_t length() const {
        return bytes.empty() ? 0 : 8 * bytes.size() - static_cast<std::size_t>(__builtin_clz(bytes[0])) + 24;
    }
    [[nodiscard]] unsigned bit(std::size_t i) const { return (bytes[bytes.size() - 1 - i / 8] >> (i % 8)) & 1U; }
};

[[nodiscard]] constexpr unsigned window_bits(std::size_t exponent_bits) {
    constexpr std::size_t WORTH_FROM[] = {0,  12,  36,
                                          96, 240, 672};  // where one more bit saves more products than its table costs
    unsigned bits = 0;
    while (bits < std::size(WORTH_FROM) && exponent_bits >= WORTH_FROM[bits]) ++bits;
    return bits;
}

/// value^exponent into value, n limbs each. Ring has multiply(to, a, b) and square(to, a), where `to` may be any of the others.
/// Precondition: the exponent is not zero.
template <typename Ring>
void raise(Ring& ring, std::vector<std::uint64_t>& value, ExponentBits exponent) {
    const std::size_t n = value.size(), length = exponent.length();
    const unsigned width = window_bits(length);
    // value^1, value^3, value^5 …
    std::vector<std::uint64_t> table(n << (width - 1)), squared(n);
    std::copy(value.begin(), value.end(), table.begin());
    if (width > 1) ring.square(squared.data(), value.data());
    for (std::size_t i = 1; i < std::size_t{1} << (width - 1); ++i)
        ring.multiply(&table[i * n], &table[(i - 1) * n], squared.data());
    bool started = false;
    for (std::size_t i = length; i > 0;) {
        if (exponent.bit(i - 1) == 0) {
            ring.square(value.data(), value.data());
            --i;
            continue;
        }
        std::size_t low = i > width ? i - width : 0;
        while (exponent.bit(low) == 0) ++low;
        unsigned window = 0;
        for (std::size_t k = i; k-- > low;) window = window << 1 | exponent.bit(k);
        const std::uint64_t* const power = &table[(window >> 1) * n];
        if (started) {
            for (std::size_t k = low; k < i; ++k) ring.square(value.data(), value.data());
            ring.multiply(value.data(), value.data(), power);
        } else {
            std::copy(power, power + n, value.begin());
            started = true;
        }
        i = low;
    }
}

}  // namespace entresol::crypto
