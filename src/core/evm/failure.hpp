// Why a frame failed, in go-ethereum's words: what tools and people compare with.
#pragma once

#include <string>

#include "core/evm/vm.hpp"

namespace entresol::evm {

/// "out of gas", "invalid opcode: INVALID", "stack underflow (0 <=> 2)" (go-ethereum's core/vm/errors.go).
[[nodiscard]] std::string failure_message(Status status, const Fault& fault);
/// An instruction's name as go-ethereum prints it: "opcode 0xc not defined" for none, "DIFFICULTY" for PREVRANDAO, before and after the Merge.
[[nodiscard]] std::string opcode_text(std::uint8_t opcode, chain::Fork fork = chain::Fork::Osaka);

}  // namespace entresol::evm
