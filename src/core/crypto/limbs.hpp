// Natural numbers of any length as arrays of 64-bit limbs, least significant first: the schoolbook operations that modexp stands on (TAOCP 4.3.1).
// Callers own all memory; lengths are in limbs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::crypto::limbs {

using Limb = std::uint64_t;
using Number = std::vector<Limb>;

/// Without leading zero limbs: zero has none.
[[nodiscard]] Number load(ByteView big_endian);
/// The low `size` bytes, big-endian.
[[nodiscard]] Bytes store(const Limb* number, std::size_t limbs, std::size_t size);

/// a < b, of n limbs each.
[[nodiscard]] bool less(const Limb* a, const Limb* b, std::size_t n);
/// to = a + b, to = a − b; return the carry, the borrow. Any may be the same array.
Limb add(Limb* to, const Limb* a, const Limb* b, std::size_t n);
Limb subtract(Limb* to, const Limb* a, const Limb* b, std::size_t n);
/// to += a · b; returns the limb that is carried out.
using AddMul = Limb (*)(Limb* to, const Limb* a, std::size_t n, Limb b);
Limb add_mul_portable(Limb* to, const Limb* a, std::size_t n, Limb b);
/// The fastest that this CPU has.
[[nodiscard]] AddMul choose_add_mul();

/// to = a · b, to = a², exact: na + nb and 2n limbs. `to` overlaps nothing; na, nb and n are at least 1.
void multiply(AddMul add_mul, Limb* to, const Limb* a, std::size_t na, const Limb* b, std::size_t nb);
void square(AddMul add_mul, Limb* to, const Limb* a, std::size_t n);

/// value mod modulus. Precondition: modulus has a highest limb that is not zero.
[[nodiscard]] Number remainder(const Number& value, const Number& modulus);
/// value / 2^bits, without leading zero limbs. Precondition: the value is not zero.
[[nodiscard]] Number shift_right(const Number& value, std::size_t bits);
/// Precondition: the value is not zero.
[[nodiscard]] std::size_t trailing_zeros(const Number& value);

}  // namespace entresol::crypto::limbs
