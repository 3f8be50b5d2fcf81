// The rollup's contracts on an L1 that somebody else runs, put there by real transactions of the deployment plan.
#pragma once

#include <functional>
#include <string>

#include "node/devnet/devnet.hpp"
#include "node/genesis/chain_file.hpp"
#include "node/l1/client.hpp"

namespace entresol::devnet {

/// Deploys, gives batcher and proposer ether to begin with, and returns the chain's file. `tell` hears of each step. Throws io::Failure in words for the user.
[[nodiscard]] genesis::ChainFile deploy(l1::L1Client& l1, const Options& options, const Hash32& deployer_key,
                                        const std::function<void(const std::string& step)>& tell);

}  // namespace entresol::devnet
