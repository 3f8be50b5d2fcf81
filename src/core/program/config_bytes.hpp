// What everyone who runs the program for one chain agrees on, as bytes: it stands in the program's memory, so that the program's root names the chain.
#pragma once

#include "core/derive/rollup_config.hpp"

namespace entresol::program {

/// Everything but l1_genesis.hash, which follows from the L1 head of each question: contracts of the genesis block may hold the program's root.
[[nodiscard]] Bytes encode_config(const derive::RollupConfig& config);
[[nodiscard]] std::optional<derive::RollupConfig> decode_config(ByteView bytes);

/// The same of a chain's execution alone.
[[nodiscard]] Bytes encode_config(const chain::ChainConfig& config);
[[nodiscard]] std::optional<chain::ChainConfig> decode_chain_config(ByteView bytes);

}  // namespace entresol::program
