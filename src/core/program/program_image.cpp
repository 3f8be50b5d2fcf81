#include "core/program/program_image.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/program/config_bytes.hpp"

namespace entresol::program {
namespace {

// The area: one byte that says what follows, its length as a little-endian 32-bit number, the bytes, zeros.
constexpr std::uint8_t ROLLUP = 1, CHAIN = 2;
constexpr std::size_t AREA_HEAD = 5;

// ELF64 (System V ABI, chapter 4): the fields that are read here.
constexpr std::size_t ELF_HEADER_BYTES = 64, PROGRAM_HEADER_BYTES = 56;
constexpr std::size_t E_PHOFF = 32, E_PHNUM = 56, P_OFFSET = 8, P_VADDR = 16, P_FILESZ = 32;

std::uint64_t load_le16(const std::uint8_t* at) { return at[0] | static_cast<std::uint64_t>(at[1]) << 8; }

}  // namespace

std::optional<Bytes> make_config_area(const ProgramConfig& config) {
    const Bytes encoded = config.rollup ? encode_config(*config.rollup) : encode_config(*config.chain);
    if (encoded.size() + AREA_HEAD > CONFIG_BYTES) return std::nullopt;
    Bytes area{config.rollup ? ROLLUP : CHAIN};
    for (int shift = 0; shift < 32; shift += 8) area.push_back(static_cast<std::uint8_t>(encoded.size() >> shift));
    append(area, encoded);
    area.resize(CONFIG_BYTES);
    return area;
}

std::optional<ProgramConfig> decode_config_area(ByteView area) {
    if (area.size() != CONFIG_BYTES) return std::nullopt;
    const std::size_t size = load_le32(area.data() + 1);
    if (size > CONFIG_BYTES - AREA_HEAD) return std::nullopt;
    const ByteView encoded = area.subspan(AREA_HEAD, size);
    ProgramConfig config;
    if (area[0] == ROLLUP) config.rollup = decode_config(encoded);
    if (area[0] == CHAIN) config.chain = decode_chain_config(encoded);
    if (!config.rollup && !config.chain) return std::nullopt;
    return config;
}

std::optional<Bytes> configure_program(ByteView elf, ByteView area) {
    if (elf.size() < ELF_HEADER_BYTES || area.size() != CONFIG_BYTES) return std::nullopt;
    const std::uint64_t table = load_le64(elf.data() + E_PHOFF), count = load_le16(elf.data() + E_PHNUM);
    if (table > elf.size() || count > (elf.size() - table) / PROGRAM_HEADER_BYTES) return std::nullopt;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint8_t* segment = elf.data() + table + i * PROGRAM_HEADER_BYTES;
        const std::uint64_t offset = load_le64(segment + P_OFFSET), size = load_le64(segment + P_FILESZ);
        if (load_le64(segment + P_VADDR) != CONFIG_ADDRESS || size != CONFIG_BYTES) continue;
        if (offset > elf.size() || size > elf.size() - offset) return std::nullopt;
        Bytes out = to_bytes(elf);
        std::copy(area.begin(), area.end(), out.begin() + static_cast<std::ptrdiff_t>(offset));
        return out;
    }
    return std::nullopt;
}

}  // namespace entresol::program
