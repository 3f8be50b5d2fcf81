// Instruction words from their fields, written from the specification's formats and not from decode.cpp.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/check.hpp"
#include "core/riscv/decode.hpp"

namespace entresol::riscv::testing {

inline std::uint32_t match_of(std::string_view name) {
    for (const auto& row : encodings())
        if (row.name == name) return row.match;
    CHECK(false);
    return 0;
}
inline std::uint32_t r_type(std::string_view name, unsigned rd, unsigned rs1, unsigned rs2) {
    return match_of(name) | rd << 7 | rs1 << 15 | rs2 << 20;
}
inline std::uint32_t i_type(std::string_view name, unsigned rd, unsigned rs1, std::int32_t imm) {
    return match_of(name) | rd << 7 | rs1 << 15 | static_cast<std::uint32_t>(imm) << 20;
}
inline std::uint32_t s_type(std::string_view name, unsigned rs1, unsigned rs2, std::int32_t imm) {
    const auto v = static_cast<std::uint32_t>(imm);
    return match_of(name) | rs1 << 15 | rs2 << 20 | (v & 0x1f) << 7 | (v >> 5 & 0x7f) << 25;
}
inline std::uint32_t b_type(std::string_view name, unsigned rs1, unsigned rs2, std::int32_t imm) {
    const auto v = static_cast<std::uint32_t>(imm);
    return match_of(name) | rs1 << 15 | rs2 << 20 | (v >> 11 & 1) << 7 | (v >> 1 & 0xf) << 8 | (v >> 5 & 0x3f) << 25 |
           (v >> 12 & 1) << 31;
}
inline std::uint32_t u_type(std::string_view name, unsigned rd, std::uint32_t upper20) {
    return match_of(name) | rd << 7 | upper20 << 12;
}
inline std::uint32_t j_type(std::string_view name, unsigned rd, std::int32_t imm) {
    const auto v = static_cast<std::uint32_t>(imm);
    return match_of(name) | rd << 7 | (v >> 12 & 0xff) << 12 | (v >> 11 & 1) << 20 | (v >> 1 & 0x3ff) << 21 |
           (v >> 20 & 1) << 31;
}

}  // namespace entresol::riscv::testing
