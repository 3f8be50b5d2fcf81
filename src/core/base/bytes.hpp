// Byte strings, fixed-size byte arrays and the two that Ethereum names: Hash32 and Address.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace entresol {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// N bytes that compare and hash by content. Shape only; meaning comes from the derived types below.
template <std::size_t N>
struct FixedBytes {
    static constexpr std::size_t SIZE = N;
    std::array<std::uint8_t, N> bytes{};

    [[nodiscard]] constexpr ByteView view() const { return {bytes.data(), N}; }
    [[nodiscard]] constexpr std::uint8_t* data() { return bytes.data(); }
    [[nodiscard]] constexpr const std::uint8_t* data() const { return bytes.data(); }
    [[nodiscard]] constexpr bool is_zero() const {
        for (const auto b : bytes)
            if (b != 0) return false;
        return true;
    }
    constexpr auto operator<=>(const FixedBytes&) const = default;
};

/// 32 bytes: a keccak hash, a root, a storage key.
struct Hash32 : FixedBytes<32> {
    constexpr auto operator<=>(const Hash32&) const = default;
};

/// 20 bytes: an account.
struct Address : FixedBytes<20> {
    constexpr auto operator<=>(const Address&) const = default;
};

/// 256 bytes: a logs bloom filter (yellow paper 4.3.1).
struct Bloom : FixedBytes<256> {
    constexpr auto operator<=>(const Bloom&) const = default;
};

/// Copies exactly T::SIZE bytes. Precondition: source has that many.
template <typename T>
[[nodiscard]] constexpr T from_bytes(ByteView source) {
    T result;
    for (std::size_t i = 0; i < T::SIZE; ++i) result.bytes[i] = source[i];
    return result;
}

/// The last 20 bytes of a hash or word, as CREATE and ecrecover use them.
[[nodiscard]] constexpr Address to_address(const Hash32& word) {
    Address a;
    for (std::size_t i = 0; i < 20; ++i) a.bytes[i] = word.bytes[12 + i];
    return a;
}

[[nodiscard]] inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }
inline void append(Bytes& out, ByteView tail) { out.insert(out.end(), tail.begin(), tail.end()); }

/// Unseeded, for tables whose keys no stranger chooses. Where one may: SeededHash, with a seed of the process (seeded_hash.hpp).
[[nodiscard]] std::uint64_t hash_bytes(ByteView data);

struct BytesHash {
    template <std::size_t N>
    std::size_t operator()(const FixedBytes<N>& value) const {
        return hash_bytes(value.view());
    }
};

}  // namespace entresol
