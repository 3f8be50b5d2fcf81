// Integers as few signed odd digits (width-w non-adjacent form): what scalar multiplications and powers walk along.
#pragma once

#include "core/base/uint256.hpp"

namespace entresol::crypto {

/// value = Σ digit[i]·2^i; every digit is 0 or odd with |digit| < 2^(width − 1), and no two of `width` neighbours are both set.
struct SignedDigits {
    std::int8_t digit[257]{};
    unsigned length = 0;

    constexpr SignedDigits(U256 value, unsigned width) {
        bool carry = false;  // the digits below stand for value minus 2^i
        for (unsigned i = 0; i < 257;) {
            if (i < 256 ? value.bit(i) == carry : !carry) {
                ++i;
                continue;
            }
            unsigned window = carry ? 1 : 0;
            for (unsigned j = 0; j < width; ++j) window += (value.bit(i + j) ? 1U : 0U) << j;
            const unsigned modulus = 1U << width;
            window &= modulus - 1;
            carry = window >= modulus / 2;
            digit[i] = static_cast<std::int8_t>(carry ? static_cast<int>(window) - static_cast<int>(modulus)
                                                      : static_cast<int>(window));
            length = i + 1;
            i += width;
        }
    }
};

}  // namespace entresol::crypto
