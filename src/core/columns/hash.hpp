// Hashes that name contexts: the format fixes them, as both sides must agree on every one.
#pragma once

#include "core/base/endian.hpp"
#include "core/columns/row.hpp"

namespace entresol::columns {

[[nodiscard]] constexpr std::uint32_t mix_hash(std::uint32_t a, std::uint32_t b) {
    std::uint32_t h = (a ^ (b + 0x7F4A7C15U) * 0x85EBCA77U) * 0x9E3779B1U;
    return h ^ (h >> 15);
}

[[nodiscard]] inline std::uint32_t hash_32_bytes(const std::uint8_t* bytes) {
    std::uint64_t h = 0;
    for (int i = 0; i < 32; i += 8) {
        h = (h ^ load_le64(bytes + i)) * 0x9E3779B97F4A7C15ULL;
        h ^= h >> 29;
    }
    return static_cast<std::uint32_t>(h >> 32);
}
[[nodiscard]] inline std::uint32_t hash(const Hash32& word) { return hash_32_bytes(word.data()); }
/// The bytes after a number's end are zero.
[[nodiscard]] inline std::uint32_t hash(const Number& number) { return hash_32_bytes(number.bytes) + number.size; }
[[nodiscard]] inline Hash32 to_word(const Address& address) {
    Hash32 word;
    std::memcpy(word.data() + 12, address.data(), Address::SIZE);
    return word;
}

/// The context `id` with its parts.
template <typename... T>
[[nodiscard]] std::uint32_t context(std::uint32_t id, T... parts) {
    std::uint32_t h = id * 0x2545F491U;
    ((h = mix_hash(h, static_cast<std::uint32_t>(parts))), ...);
    return h;
}

}  // namespace entresol::columns
