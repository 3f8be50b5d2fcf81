// What of a dispute game its events do not say, asked of L1.
#pragma once

#include "node/challenge/game.hpp"
#include "node/l1/client.hpp"

namespace entresol::challenge {

[[nodiscard]] l1::L1Result<Rules> load_rules(l1::L1Client& client, const Address& game);

/// The first block of that time or later; `head` where there is none.
[[nodiscard]] l1::L1Result<std::uint64_t> find_first_block(l1::L1Client& client, std::uint64_t head,
                                                           std::uint64_t time_s);

inline constexpr std::uint64_t BLOCKS_AT_ONCE = 10'000;  // what public endpoints answer for

}  // namespace entresol::challenge
