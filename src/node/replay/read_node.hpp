// A block, its receipts and the state before it, asked of a node.
#pragma once

#include "node/replay/replay.hpp"

namespace entresol::replay {

/// `block`: a number, "latest" or a hash. The state before it comes as debug_executionWitness, else as a prestate tracer's. Without `config`, mainnet's
/// rules for chain id 1, or the chain file of a rollup of this program. Throws std::runtime_error with what the node answered.
[[nodiscard]] ReplayInput ask_node(const std::string& url, const std::string& block,
                                   const std::optional<chain::ChainConfig>& config);

}  // namespace entresol::replay
