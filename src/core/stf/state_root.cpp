#include "core/stf/state_root.hpp"

#include "core/stf/block_error.hpp"
#include "core/stf/op_stack.hpp"

namespace entresol::stf {

namespace {
Unexpected<BlockFailure> trie_failure(trie::TrieError error) {
    return block_failure(error == trie::TrieError::MissingNode ? BlockError::MissingState : BlockError::BadWitness,
                         trie::to_string(error));
}
}  // namespace

Result<StateCommitment, BlockFailure> commit_state(trie::NodeSource& nodes, const Hash32& parent_state_root,
                                                   const state::StateDiff& diff, const chain::Rules& rules,
                                                   state::StateSink& sink) {
    StateCommitment commitment;
    const auto root = state::compute_state_root(nodes, parent_state_root, diff, sink);
    if (!root) return trie_failure(root.error());
    commitment.state_root = *root;
    if (rules.at_least(chain::OpFork::Isthmus)) {
        const auto passer = state::compute_storage_root(nodes, parent_state_root, diff, L2_TO_L1_MESSAGE_PASSER, sink);
        if (!passer) return trie_failure(passer.error());
        commitment.message_passer_root = *passer;
    }
    return commitment;
}

Result<void, BlockFailure> check_state_root(trie::NodeSource& nodes, const Hash32& parent_state_root,
                                            const chain::Header& header, const BlockOutcome& outcome,
                                            const chain::Rules& rules, state::StateSink& sink) {
    TRY(const auto commitment, commit_state(nodes, parent_state_root, outcome.diff, rules, sink));
    TRY_VOID(expect_equal(BlockError::StateRoot, header.state_root, commitment.state_root));
    if (commitment.message_passer_root)
        TRY_VOID(expect_equal(BlockError::WithdrawalsRoot, *header.withdrawals_root, *commitment.message_passer_root));
    return {};
}

}  // namespace entresol::stf
