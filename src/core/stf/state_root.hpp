// What a block's header says of the state after it. Apart from apply_block, which needs only a view.
#pragma once

#include "core/state/trie_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::stf {

struct StateCommitment {
    Hash32 state_root;
    std::optional<Hash32> message_passer_root;  // OP Isthmus: the header's withdrawalsRoot
};

/// The roots after the block's diff; new nodes go to the sink.
[[nodiscard]] Result<StateCommitment, BlockFailure> commit_state(trie::NodeSource& nodes,
                                                                 const Hash32& parent_state_root,
                                                                 const state::StateDiff& diff,
                                                                 const chain::Rules& rules, state::StateSink& sink);

/// Commits, and compares with the header: the last check of a block that apply_block accepted.
[[nodiscard]] Result<void, BlockFailure> check_state_root(trie::NodeSource& nodes, const Hash32& parent_state_root,
                                                          const chain::Header& header, const BlockOutcome& outcome,
                                                          const chain::Rules& rules, state::StateSink& sink);

/// Fills what follows from the transactions: totals, bloom, requests hash.
void summarize(BlockOutcome& outcome, const BlockProgress& progress);

}  // namespace entresol::stf
