// Random blocks whose transactions get in each other's way: few accounts, shared slots, creations, self-destructions, fees that somebody reads.
#pragma once

#include <random>

#include "core/state/memory_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::parallel::testing {

struct RandomBlock {
    chain::ChainConfig config;
    chain::Rules rules;
    state::MemoryState state;  // before it
    chain::Block block;
    std::vector<Address> senders;
    bool is_valid = true;  // else one transaction may not be in it
};

struct Wishes {
    chain::ChainConfig config;
    std::size_t transactions = 16;
    bool spoil = false;  // one transaction is changed so that it is refused, if luck has it
};
[[nodiscard]] RandomBlock make_random_block(std::uint64_t seed, const Wishes& wishes);

}  // namespace entresol::parallel::testing
