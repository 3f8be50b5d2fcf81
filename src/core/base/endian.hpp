// Loads and stores with the byte order in the name. Pointers need no alignment.
#pragma once

#include <cstdint>
#include <cstring>

namespace entresol {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "hosts and the RISC-V guest are little-endian");

[[nodiscard]] inline std::uint64_t load_le64(const std::uint8_t* p) {
    std::uint64_t v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
[[nodiscard]] inline std::uint32_t load_le32(const std::uint8_t* p) {
    std::uint32_t v;
    std::memcpy(&v, p, sizeof v);
    return v;
}
[[nodiscard]] inline std::uint64_t load_be64(const std::uint8_t* p) { return __builtin_bswap64(load_le64(p)); }
[[nodiscard]] inline std::uint32_t load_be32(const std::uint8_t* p) { return __builtin_bswap32(load_le32(p)); }
[[nodiscard]] inline std::uint16_t load_be16(const std::uint8_t* p) {
    return static_cast<std::uint16_t>((std::uint32_t{p[0]} << 8) | p[1]);
}
inline void store_le64(std::uint8_t* p, std::uint64_t v) { std::memcpy(p, &v, sizeof v); }
inline void store_le32(std::uint8_t* p, std::uint32_t v) { std::memcpy(p, &v, sizeof v); }
inline void store_be64(std::uint8_t* p, std::uint64_t v) { store_le64(p, __builtin_bswap64(v)); }
inline void store_be32(std::uint8_t* p, std::uint32_t v) { store_le32(p, __builtin_bswap32(v)); }
inline void store_be16(std::uint8_t* p, std::uint16_t v) {
    p[0] = static_cast<std::uint8_t>(v >> 8);
    p[1] = static_cast<std::uint8_t>(v);
}

}  // namespace entresol
