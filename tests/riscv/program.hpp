// A random program of RV64IM as a static ELF file that runs under Linux and on the proof machine. It loads every register from its data
// page, computes, stores every register there, and writes the page to standard output.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::riscv::differential {

inline constexpr std::uint64_t CODE = 0x10000;
inline constexpr std::uint64_t DATA = 0x40000;
inline constexpr std::uint64_t DATA_BYTES = 4096;
inline constexpr std::uint64_t SAVED = DATA + 3840;  // x0 to x31, at the end

struct Word {
    std::uint32_t word;
    bool is_kept;  // a loop's counter: left out, the program would not end
};

/// The same for the same seed. Loops are bounded, accesses are aligned and within the data page.
[[nodiscard]] std::vector<Word> make_body(std::uint64_t seed);
/// The body with nothing but its kept words from that number on.
[[nodiscard]] Bytes make_elf(const std::vector<Word>& body, std::size_t used, std::uint64_t seed);

}  // namespace entresol::riscv::differential
