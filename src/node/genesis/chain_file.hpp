// A rollup as one file: what a stranger must know besides an L1 endpoint to derive every block of it. The field names of `rollup` are the OP Stack's
// rollup.json, those of `l2_genesis` go-ethereum's genesis.json.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "core/base/result.hpp"
#include "core/chain/genesis.hpp"
#include "core/derive/rollup_config.hpp"

namespace entresol::genesis {

struct ChainFile {
    derive::RollupConfig rollup;
    chain::Genesis l2_genesis;
    std::map<std::string, Address> contracts;  // on L1, by the deployment plan's names
};

/// The OP Stack's rollup.json (also the answer of optimism_rollupConfig).
[[nodiscard]] boost::json::object rollup_to_json(const derive::RollupConfig& config);
[[nodiscard]] boost::json::object to_json(const ChainFile& file);
/// The error says which field is missing or wrong.
[[nodiscard]] Result<ChainFile, std::string> parse_chain_file(std::string_view text);

}  // namespace entresol::genesis
