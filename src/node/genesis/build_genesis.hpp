// The first state of both layers: the deployment plan executed by our own EVM, without a chain under it.
#pragma once

#include <map>
#include <string>

#include "core/chain/genesis.hpp"
#include "node/genesis/contracts.hpp"

namespace entresol::genesis {

/// Values of the plan's parameters by name (decimal or 0x text); what is missing takes the plan's default.
using Params = std::map<std::string, std::string>;

/// Where the plan's L1 things are; known before anything runs.
[[nodiscard]] std::map<std::string, Address> deployment_addresses(const Contracts& contracts, const Params& params);

using Alloc = std::map<Address, chain::GenesisAccount>;
/// Throw std::runtime_error with the step that failed.
[[nodiscard]] Alloc build_l1_alloc(const Contracts& contracts, const Params& params, std::uint64_t timestamp);
[[nodiscard]] Alloc build_l2_alloc(const Contracts& contracts, const Params& params);

}  // namespace entresol::genesis
