// A static RV64 executable into the machine's first state.
#pragma once

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/riscv/machine.hpp"

namespace entresol::riscv {

enum class ElfError { NotElf, NotRv64, NotStatic, BadHeader, BadSegment, TooLarge, BadEntry };
[[nodiscard]] const char* to_string(ElfError error);

inline constexpr std::uint64_t MAX_LOADED_BYTES = std::uint64_t{1} << 28;  // from the file, all segments together

/// Every PT_LOAD segment in file order, pc at the entry point, all registers zero. Sections and symbols are not looked at.
[[nodiscard]] Result<Machine, ElfError> load_elf(ByteView file, std::size_t max_pages);

}  // namespace entresol::riscv
