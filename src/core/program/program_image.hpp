// The program's executable as one chain runs it: the guest's ELF file with the chain's configuration in the segment that is kept for it.
#pragma once

#include "core/derive/rollup_config.hpp"

namespace entresol::program {

inline constexpr std::size_t CONFIG_BYTES = 4096;
inline constexpr std::uint64_t CONFIG_ADDRESS = 0x8000000;

/// Exactly one of both.
struct ProgramConfig {
    std::optional<derive::RollupConfig> rollup;  // the program answers for blocks that are derived
    std::optional<chain::ChainConfig> chain;     // for one block that is given
};

/// CONFIG_BYTES; nothing: the configuration does not fit.
[[nodiscard]] std::optional<Bytes> make_config_area(const ProgramConfig& config);
[[nodiscard]] std::optional<ProgramConfig> decode_config_area(ByteView area);

/// The executable with that area. Nothing: it has no segment for one.
[[nodiscard]] std::optional<Bytes> configure_program(ByteView elf, ByteView area);

}  // namespace entresol::program
