// Blocks to measure, with the state before them.
#pragma once

#include <string>
#include <vector>

#include "core/chain/block.hpp"
#include "core/chain/forks.hpp"
#include "core/state/memory_state.hpp"

namespace entresol::bench {

struct Load {
    std::string name, title;
    chain::ChainConfig config;
    chain::Block block;
    std::vector<Address> senders;
    state::MemoryState state;
};

/// `token` is the code of an ERC-20 with its balances at slot 0.
[[nodiscard]] std::vector<Load> make_loads(const Bytes& token);

}  // namespace entresol::bench
