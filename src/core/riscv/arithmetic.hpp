// What RV64IM computes where C++ says less: products of 128 bits, division by zero and its overflow, words of 32 bits.
#pragma once

#include <cstdint>
#include <limits>

namespace entresol::riscv {

__extension__ using Signed128 = __int128;
__extension__ using Unsigned128 = unsigned __int128;

[[nodiscard]] constexpr std::int64_t as_signed(std::uint64_t v) { return static_cast<std::int64_t>(v); }
[[nodiscard]] constexpr std::uint64_t as_unsigned(std::int64_t v) { return static_cast<std::uint64_t>(v); }
/// The low 32 bits, sign-extended: what every instruction that ends in W leaves in rd.
[[nodiscard]] constexpr std::uint64_t extend_word(std::uint64_t v) {
    return as_unsigned(static_cast<std::int32_t>(static_cast<std::uint32_t>(v)));
}

[[nodiscard]] constexpr std::uint64_t mulhu(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>((Unsigned128{a} * b) >> 64);
}
[[nodiscard]] constexpr std::uint64_t mulh(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>((Signed128{as_signed(a)} * as_signed(b)) >> 64);
}
[[nodiscard]] constexpr std::uint64_t mulhsu(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>((Signed128{as_signed(a)} * static_cast<Signed128>(b)) >> 64);
}

// Unprivileged specification, table "Semantics for division by zero and division overflow".
template <typename T>
[[nodiscard]] constexpr bool overflows(T a, T b) {
    return std::numeric_limits<T>::is_signed && a == std::numeric_limits<T>::min() && b == static_cast<T>(-1);
}
template <typename T>
[[nodiscard]] constexpr T divide(T a, T b) {
    if (b == 0) return static_cast<T>(-1);
    return overflows(a, b) ? a : static_cast<T>(a / b);
}
template <typename T>
[[nodiscard]] constexpr T remainder(T a, T b) {
    if (b == 0) return a;
    return overflows(a, b) ? T{0} : static_cast<T>(a % b);
}

template <typename T>
[[nodiscard]] constexpr std::uint64_t divide_as(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>(divide(static_cast<T>(a), static_cast<T>(b)));
}
template <typename T>
[[nodiscard]] constexpr std::uint64_t remainder_as(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>(remainder(static_cast<T>(a), static_cast<T>(b)));
}

}  // namespace entresol::riscv
