// genesis.json as go-ethereum writes it: a chain's configuration and first state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/chain/genesis.hpp"

namespace entresol::genesis {

struct GethGenesis {
    chain::ChainConfig config;
    chain::Genesis genesis;
};

/// The error says which field is missing or wrong.
[[nodiscard]] Result<GethGenesis, std::string> parse_geth_genesis(std::string_view text);

}  // namespace entresol::genesis
