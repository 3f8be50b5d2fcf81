// The first state of both layers: the deployment plan executed by our own EVM, without a chain under it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/chain/genesis.hpp"
#include "node/genesis/contracts.hpp"

namespace entresol::genesis {

/// Values of the plan's parameters by name (decimal or 0x text); what is missing takes the plan's default.
using Params = std::map<std::string, std::string>;

/// Where the plan's L1 things are; known before anything runs.
[[nodiscard]] std::map<std::string, Address> deployment_addresses(const Contracts& contracts, const Params& params);

/// One transaction of the deployer.
struct DeploymentStep {
    std::string name;           // of what it creates or calls
    std::optional<Address> to;  // nothing: creates
    Bytes data;
};
/// The plan's L1 part for a running L1: the i-th step has nonce $deployer_nonce + i. Direct steps are left out; Multicall3 comes last, at an address of its
/// own, because an L1 without one at the usual address is one where that address cannot be had.
[[nodiscard]] std::vector<DeploymentStep> deployment_steps(const Contracts& contracts, const Params& params);

using Alloc = std::map<Address, chain::GenesisAccount>;
/// Throw std::runtime_error with the step that failed.
[[nodiscard]] Alloc build_l1_alloc(const Contracts& contracts, const Params& params, std::uint64_t timestamp);
[[nodiscard]] Alloc build_l2_alloc(const Contracts& contracts, const Params& params);

}  // namespace entresol::genesis
