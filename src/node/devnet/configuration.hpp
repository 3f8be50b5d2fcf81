// From the devnet's options to the genesis of both layers and the rollup's configuration. Pure but for the compiled contracts.
#pragma once

#include "core/chain/genesis.hpp"
#include "node/devnet/devnet.hpp"
#include "node/genesis/build_genesis.hpp"

namespace entresol::devnet {

struct Configuration {
    chain::ChainConfig l1_config, l2_config;
    chain::Genesis l1_genesis, l2_genesis;
    derive::RollupConfig rollup;
    std::map<std::string, Address> contracts;
};

/// `genesis_time`: seconds; both layers begin then.
[[nodiscard]] Configuration make_configuration(const Options& options, const genesis::Contracts& contracts,
                                               std::uint64_t genesis_time);

}  // namespace entresol::devnet
