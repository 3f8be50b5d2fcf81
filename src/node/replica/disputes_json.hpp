// Games of the factory and their moves as RPC and explorer show them (docs/rpc.md).
#pragma once

#include <boost/json/object.hpp>

#include "node/challenge/dispute_reader.hpp"

namespace entresol::replica {

/// "in progress", "stands" or "fell".
[[nodiscard]] const char* to_string(settlement::GameStatus status);
/// `own_root`: that of this node's block of that number, if it has one.
[[nodiscard]] boost::json::object claim_to_json(const settlement::Proposal& claim,
                                                const std::optional<Hash32>& own_root);
/// What a dispute has beyond its claim.
void add_moves(boost::json::object& out, const challenge::Dispute& dispute);

}  // namespace entresol::replica
