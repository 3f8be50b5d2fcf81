// From the devnet's options to the genesis of both layers and the rollup's configuration. Pure but for the compiled contracts.
#pragma once

#include "core/chain/genesis.hpp"
#include "node/devnet/devnet.hpp"
#include "node/genesis/build_genesis.hpp"
#include "node/genesis/chain_file.hpp"

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

/// A running L1 before the deployment: its newest block is where the L2 begins.
struct L1Start {
    derive::BlockId block;
    std::uint64_t timestamp = 0;  // seconds
    std::uint64_t chain_id = 0;
    Address deployer;
    std::uint64_t deployer_nonce = 0;
};
struct ForeignConfiguration {
    genesis::ChainFile chain;
    genesis::Params params;  // of the deployment plan
};
/// The same L2 on an L1 that somebody else runs: nobody is given ether there, and no clock is moved.
[[nodiscard]] ForeignConfiguration make_foreign_configuration(const Options& options,
                                                              const genesis::Contracts& contracts,
                                                              const L1Start& start);

}  // namespace entresol::devnet
