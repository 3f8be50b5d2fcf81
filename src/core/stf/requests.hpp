// EIP-7685: what the execution layer asks of the consensus layer.
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// EIP-6110: the deposit contract's events, each laid out as the one ABI encoding that the contract emits.
[[nodiscard]] Result<Bytes, BlockFailure> collect_deposit_requests(const Address& deposit_contract,
                                                                   const std::vector<TxOutcome>& outcomes);

/// All requests of the block, each with its type byte first; those without content are left out.
[[nodiscard]] Result<std::vector<Bytes>, BlockFailure> collect_requests(state::Journal& journal, evm::Vm& vm,
                                                                        const chain::Rules& rules,
                                                                        const chain::ChainConfig& config,
                                                                        const std::vector<TxOutcome>& outcomes);

/// sha256 over the sha256 of each request with content; of nothing on the OP Stack (Isthmus).
[[nodiscard]] Hash32 compute_requests_hash(const std::vector<Bytes>& requests);

}  // namespace entresol::stf
