// The precompiles' table, as calls look it up.
#pragma once

#include "core/base/bytes.hpp"
#include "core/evm/vm.hpp"

namespace entresol::evm {

struct PrecompileResult {
    bool ok = false;
    std::int64_t gas_left = 0;
};
/// `output` is empty before; what a failure leaves in it is to be forgotten.
using PrecompileRun = PrecompileResult (*)(ByteView input, std::int64_t gas, const chain::Rules& rules, Bytes& output);
/// Null when the address is no precompile under the rules.
[[nodiscard]] PrecompileRun find_precompile(const Address& address, const chain::Rules& rules);
/// The same with the block's moves.
[[nodiscard]] PrecompileRun find_precompile(const Address& address, const BlockContext& block);

}  // namespace entresol::evm
