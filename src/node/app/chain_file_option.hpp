// --chain: a rollup's chain file.
#pragma once

#include <string>

#include "node/genesis/chain_file.hpp"

namespace entresol::app {

/// Throws io::Failure (Usage) with what is wrong with it.
[[nodiscard]] genesis::ChainFile load_chain_file(const std::string& path);

}  // namespace entresol::app
