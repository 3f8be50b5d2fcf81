#include "node/replica/disputes_json.hpp"

#include "core/base/hex.hpp"

namespace entresol::replica {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<Hash32>& hash) {
    return hash ? json::value(to_hex(*hash)) : json::value(nullptr);
}
const char* name_of_side(unsigned side) { return side == challenge::DEFENDERS ? "defenders" : "challengers"; }

json::object move_to_json(const challenge::ShownMove& move) {
    return {{"kind", move.kind},
            {"l1TransactionHash", to_hex(move.l1_tx_hash)},
            {"l1BlockNumber", move.l1_block_number},
            {"atMs", move.time_s * 1000},
            {"list", or_null(move.list)},
            {"rival", or_null(move.rival)},
            {"match", or_null(move.match)},
            {"side", move.side ? json::value(name_of_side(*move.side)) : json::value(nullptr)},
            {"payee", move.payee ? json::value(to_hex(*move.payee)) : json::value(nullptr)},
            {"level", move.level},
            {"position", move.position},
            {"roots", move.roots},
            {"clockLeftMs", move.clock_left_s ? json::value(*move.clock_left_s * 1000) : json::value(nullptr)}};
}

// A side whose clock does not run yet has no deadline; one with a live list needs none.
json::object side_to_json(const challenge::Match& match, unsigned side, std::uint64_t now_s,
                          const challenge::Rules& rules) {
    auto last = match.deadline(side);
    if (match.level == rules.levels) last = match.started_at + match.clock_s[0] + match.clock_s[1];
    return {{"side", name_of_side(side)},
            {"lists", match.live[side]},
            {"isOut", match.is_out(side, now_s, rules)},
            {"deadlineMs", last ? json::value(*last * 1000) : json::value(nullptr)},
            {"clockLeftMs", last ? json::value((*last > now_s ? *last - now_s : 0) * 1000) : json::value(nullptr)}};
}

json::object match_to_json(const challenge::Game& game, const challenge::Match& match, std::uint64_t now_s) {
    const bool is_whole = match.id == challenge::WHOLE;
    const bool is_open = is_whole ? game.status == challenge::Status::InProgress : game.is_undecided(match);
    return {{"match", to_hex(match.id)},
            {"level", match.level},
            {"position", match.position},
            {"steps", game.rules.segment_steps(match.level)},
            {"isOpen", is_open && game.status == challenge::Status::InProgress},
            {"sides", json::array{side_to_json(match, challenge::DEFENDERS, now_s, game.rules),
                                  side_to_json(match, challenge::CHALLENGERS, now_s, game.rules)}}};
}

}  // namespace

const char* to_string(settlement::GameStatus status) {
    switch (status) {
        case settlement::GameStatus::InProgress: return "in progress";
        case settlement::GameStatus::ChallengerWins: return "fell";
        case settlement::GameStatus::DefenderWins: break;
    }
    return "stands";
}

json::object claim_to_json(const settlement::Proposal& claim, const std::optional<Hash32>& own_root) {
    return {{"index", claim.index},
            {"game", to_hex(claim.game)},
            {"type", claim.game_type == settlement::FAULT_GAME ? "fault" : "claim"},
            {"l2BlockNumber", claim.l2_block_number},
            {"outputRoot", to_hex(claim.output_root)},
            {"isOwnRoot", own_root ? json::value(*own_root == claim.output_root) : json::value(nullptr)},
            {"creator", to_hex(claim.creator)},
            {"createdAtMs", claim.created_at * 1000},
            {"status", to_string(claim.status)}};
}

void add_moves(json::object& out, const challenge::Dispute& dispute) {
    json::array moves, matches;
    for (const auto& move : dispute.moves) moves.push_back(move_to_json(move));
    out["nowMs"] = dispute.now_s * 1000;
    out["rules"] = nullptr;
    if (dispute.game) {
        const auto& claim = dispute.claim;
        const auto& game = *dispute.game;
        for (const auto& [id, match] : game.matches) matches.push_back(match_to_json(game, match, dispute.now_s));
        out["startBlock"] = claim.start_block;
        out["startRoot"] = to_hex(claim.start_root);
        out["parent"] = claim.parent.is_zero() ? json::value(nullptr) : json::value(to_hex(claim.parent));
        out["rules"] = json::object{{"levels", game.rules.levels},
                                    {"rootsPerList", game.rules.k()},
                                    {"clockMs", game.rules.clock_s * 1000},
                                    {"extensionMs", game.rules.extension_s * 1000},
                                    {"listBond", to_decimal(game.rules.list_bond_wei)}};
    }
    out["matches"] = std::move(matches);
    out["moves"] = std::move(moves);
    out["hasMoreMoves"] = dispute.has_more;
}

}  // namespace entresol::replica
