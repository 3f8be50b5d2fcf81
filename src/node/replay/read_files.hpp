// Replays of what stands in files; their kinds are told from their content.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "node/replay/replay.hpp"

namespace entresol::replay {

struct Selection {
    std::string test;                     // of a fixture: part of its tests' names; empty: every
    std::optional<std::uint64_t> number;  // of a block; nothing: every
};
using Replay = std::function<BlockReport(const ReplayInput&)>;

/// The rules of a chain: "mainnet", or go-ethereum's genesis.json or our chain file. Throws std::runtime_error.
[[nodiscard]] chain::ChainConfig load_chain(const std::string& name_or_file);

/// Calls `replay` for each block there is. The files are either blockchain tests or executor fixtures, each complete, or the parts of one block. `config`
/// may be given apart; a genesis.json or chain file among the files does the same. Throws std::runtime_error with the file's name.
void replay_files(const std::vector<std::filesystem::path>& files, const std::optional<chain::ChainConfig>& config,
                  const Selection& selection, const Replay& replay);

/// Blocks of a `blockchain_test` fixture, each over what the one before left.
void replay_fixture(const boost::json::object& tests, const Selection& selection, const Replay& replay);
/// A block of op-rs/kona's executor fixtures: payload attributes, witness and the hash that must come out.
void replay_payload(const boost::json::object& fixture, const std::string& name, const Replay& replay);

}  // namespace entresol::replay
