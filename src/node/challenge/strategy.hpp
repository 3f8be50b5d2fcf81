// What the honest side does next: the game's state and the right history in, moves out (docs/spec/game.md, "Writing another challenger").
// Pure but for the trace, which computes.
#pragma once

#include <string_view>
#include <vector>

#include "node/challenge/game.hpp"
#include "node/challenge/trace.hpp"

namespace entresol::challenge {

enum class MoveKind : std::uint8_t { Join, Commit, Open, Prove, Settle, Resolve, Release, ClaimCredit };
[[nodiscard]] std::string_view name_of(MoveKind kind);

/// A call of the game's contract; anyone may send it.
struct Move {
    MoveKind kind;
    Hash32 subject;  // the list or match that it makes or is about; one move of a kind and subject is enough
    Bytes data;
    U256 value;
};

struct Advice {
    std::vector<Move> moves;  // all that can be made now, each by itself
    bool is_claim_right = false;
    bool is_blind = false;  // something could not be computed: the list of moves is not complete
};

/// Moves that a block of time `now_s` would accept. Bonds and rewards go to `payee`.
[[nodiscard]] Advice next_moves(const Game& game, Trace& trace, const Address& payee, std::uint64_t now_s);

}  // namespace entresol::challenge
