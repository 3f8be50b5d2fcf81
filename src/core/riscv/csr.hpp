// The control and status registers: five that hold a word, and those that read as a constant.
#pragma once

#include <cstdint>
#include <optional>

#include "core/riscv/hart.hpp"

namespace entresol::riscv {

/// Nothing: no such register, the instruction is illegal.
[[nodiscard]] std::optional<std::uint64_t> read_csr(const Hart& hart, std::uint32_t number);
/// False: no such register, or one that is read-only by its number (privileged specification 2.1).
[[nodiscard]] bool write_csr(Hart& hart, std::uint32_t number, std::uint64_t value);

}  // namespace entresol::riscv
