// What a claim about the L2's state has to say today, and which claims a new one may start from. The registry and the factory decide.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"
#include "node/l1/client.hpp"

namespace entresol::settlement {

// contracts/src/l1/dispute/DisputeTypes.sol
inline constexpr std::uint32_t CLAIM_GAME = 0xE001, FAULT_GAME = 0xE002;

/// IDisputeGame's status.
enum class GameStatus : std::uint8_t { InProgress = 0, ChallengerWins = 1, DefenderWins = 2 };

/// What the portal, its registry and the factory ask for now.
struct ClaimTerms {
    std::uint32_t game_type = CLAIM_GAME;
    U256 bond_wei;
    Hash32 anchor_root;
    std::uint64_t anchor_block = 0;
};
[[nodiscard]] l1::L1Result<ClaimTerms> load_claim_terms(l1::L1Client& client, const Address& portal,
                                                        const Address& factory);

/// A game of the factory, as L1 tells of it.
struct Proposal {
    std::uint64_t index = 0;  // in the factory
    std::uint64_t l2_block_number = 0;
    Hash32 output_root;
    Address game;
    std::uint64_t created_at = 0;  // seconds, L1 time
    bool resolved = false;
    // Known where this node made the game, else zero.
    Hash32 l1_tx_hash;
    std::uint64_t l1_block_number = 0;

    std::uint32_t game_type = CLAIM_GAME;
    GameStatus status = GameStatus::InProgress;
    Address creator;
    bool is_paid = false;  // the creator is owed nothing more
    // Of fault games: what it starts from.
    Hash32 start_root;
    std::uint64_t start_block = 0;
    Address parent;  // zero: the anchor
};

/// Nothing for a type that is not ours.
[[nodiscard]] l1::L1Result<std::optional<Proposal>> load_proposal(l1::L1Client& client, const Address& factory,
                                                                  std::uint64_t index);

/// The output root of this chain's block of that number, as the chain is now; nothing where there is no such block.
using OutputRootOf = std::function<std::optional<Hash32>(std::uint64_t number)>;

/// Its root is this chain's, and so is all that it starts from down to a game that stands or to an anchor. The place of a parent is all that a
/// claim says of it: after an L1 reorg another game may be there. `games` are in the factory's order.
[[nodiscard]] bool is_sound(const Proposal& game, std::span<const Proposal> games, const OutputRootOf& output_root_of);

/// The block, and after it the parent's place where the claim starts from a game (docs/spec/game.md, "The claim").
[[nodiscard]] Bytes encode_extra_data(std::uint64_t l2_block, const Proposal* parent);

}  // namespace entresol::settlement
