// A dispute game as its events tell it, with the clocks that the contract keeps (docs/spec/game.md). Pure: the second reading of the rules
// of contracts/src/l1/dispute/Tournament.sol.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/uint256.hpp"
#include "core/chain/receipt.hpp"

namespace entresol::challenge {

struct Rules {
    unsigned levels = 0;
    unsigned log2_k = 0;
    std::uint64_t clock_s = 0;
    std::uint64_t extension_s = 0;
    U256 list_bond_wei;

    [[nodiscard]] std::size_t k() const { return std::size_t{1} << log2_k; }
    /// Steps of a segment that lists of that level speak about; level `levels` is one step.
    [[nodiscard]] std::uint64_t segment_steps(unsigned level) const {
        return std::uint64_t{1} << (log2_k * (levels - level));
    }
};

inline constexpr unsigned DEFENDERS = 0, CHALLENGERS = 1;
inline constexpr Hash32 WHOLE{};  // the match about the whole run

struct Segment {
    Hash32 start;
    std::array<Hash32, 2> ends;
};

struct List {
    Hash32 id, match;
    unsigned side = 0;
    Address payee;
    std::uint64_t posted_at = 0;
    std::uint64_t clock_s = 0;  // left to its side below it
    bool is_live = true;
    std::vector<Hash32> roots;
};

struct Match {
    Hash32 id;
    std::array<Hash32, 2> lists;  // above it, one of each side
    unsigned level = 0;
    std::uint64_t position = 0;  // steps before the segment
    Segment segment;
    std::uint64_t started_at = 0;
    std::uint64_t first_at = 0;  // the first side's first list; zero until then
    std::array<std::uint64_t, 2> clock_s{};
    unsigned first = CHALLENGERS;
    std::array<unsigned, 2> live{};

    /// Last second in which the side can post; nothing before its clock runs.
    [[nodiscard]] std::optional<std::uint64_t> deadline(unsigned side) const;
    /// Neither a live list nor time: out, as `settle` and `resolve` see it in a block of that time.
    [[nodiscard]] bool is_out(unsigned side, std::uint64_t now_s, const Rules& rules) const;
};

enum class Status : std::uint8_t { InProgress = 0, ChallengersWin = 1, DefendersWin = 2 };

struct Game {
    Rules rules;
    Hash32 root_claim;
    std::uint64_t created_at = 0;
    Status status = Status::InProgress;
    std::map<Hash32, List> lists;
    std::map<Hash32, Match> matches;  // WHOLE among them

    /// A game before its first move.
    [[nodiscard]] static Game begin(const Rules& rules, const Hash32& root_claim, std::uint64_t created_at);
    [[nodiscard]] bool is_undecided(const Match& match) const;
    /// The list, if any, of these roots in a match.
    [[nodiscard]] const List* find_list(const Hash32& match, const std::vector<Hash32>& roots) const;
};

enum class EventError { Malformed, UnknownList, UnknownMatch };
[[nodiscard]] const char* to_string(EventError error);
/// What one of its events changes, in the order in which they came; others are ignored. `time_s` is its block's.
[[nodiscard]] Result<void, EventError> apply_event(Game& game, const chain::Log& log, std::uint64_t time_s);

[[nodiscard]] Hash32 compute_list_id(const Hash32& match, const std::vector<Hash32>& roots);
[[nodiscard]] Hash32 compute_match_id(const Hash32& list0, const Hash32& list1);

}  // namespace entresol::challenge
