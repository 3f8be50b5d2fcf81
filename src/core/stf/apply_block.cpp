#include "core/stf/block_error.hpp"
#include "core/stf/requests.hpp"
#include "core/stf/state_root.hpp"
#include "core/stf/validate_body.hpp"

namespace entresol::stf {

std::optional<Address> find_sender(const chain::Transaction& tx, const chain::Rules& rules) {
    if (rules.at_least(chain::Fork::Homestead)) return chain::recover_sender(tx);
    return crypto::recover_address(chain::signing_hash(tx), tx.signature);  // before EIP-2 a high s was valid
}

Unexpected<BlockFailure> transaction_failure(TxError error, std::size_t index) {
    const BlockError kind = error == TxError::MissingState ? BlockError::MissingState : BlockError::InvalidTransaction;
    return {BlockFailure{kind, error, index, std::string("transaction ") + shown(index) + ": " + to_string(error)}};
}

namespace {

Result<std::vector<TxOutcome>, BlockFailure> apply_transactions(
    state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context, BlockProgress& progress,
    std::span<const chain::Transaction> transactions, std::vector<Address>& senders,
    std::span<const Address> known_senders, const PostStateRoot& post_state_root) {
    std::vector<TxOutcome> outcomes;
    outcomes.reserve(transactions.size());
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        const auto sender =
            known_senders.empty() ? find_sender(transactions[i], context.rules) : std::optional(known_senders[i]);
        if (!sender) return transaction_failure(TxError::InvalidSignature, i);
        auto outcome = apply_transaction(journal, vm, context, progress, transactions[i], *sender);
        if (!outcome) return transaction_failure(outcome.error(), i);
        if (!context.rules.at_least(chain::Fork::Byzantium) && post_state_root)  // EIP-658 put the status in its place
            outcome->receipt.post_state = post_state_root(journal.diff_since_mark());
        outcomes.push_back(std::move(*outcome));
        senders.push_back(*sender);
    }
    return outcomes;
}

}  // namespace

Result<std::vector<TxOutcome>, BlockFailure> run_transactions(state::Journal& journal, evm::Vm& vm,
                                                              const evm::BlockContext& context, BlockProgress& progress,
                                                              std::span<const chain::Transaction> transactions,
                                                              std::vector<Address>& senders) {
    return apply_transactions(journal, vm, context, progress, transactions, senders, {}, {});
}

Result<BlockOutcome, BlockFailure> apply_block_with(const RunTransactions& run, state::StateView& view,
                                                    const chain::ChainConfig& config, const chain::Header& parent,
                                                    const chain::Block& block) {
    const chain::Rules rules = config.rules_at(block.header.number, block.header.timestamp);
    TRY_VOID(validate_header(block.header, parent, config));
    TRY_VOID(validate_body(block, rules));

    state::Journal journal(view);
    const evm::BlockContext context = make_block_context(block.header, rules);
    evm::Vm vm(journal, context);
    begin_block(journal, vm, block.header, rules);
    BlockProgress progress;
    BlockOutcome outcome;
    std::vector<Address> senders;
    TRY(outcome.transactions, run(journal, vm, context, progress, block.transactions, senders));
    TRY(outcome.requests, end_block(journal, vm, block, rules, config, outcome.transactions));
    if (journal.has_failed()) return block_failure(BlockError::MissingState);
    outcome.diff = journal.take_diff();
    summarize(outcome, progress);
    TRY_VOID(validate_outcome(block, outcome, progress, rules));
    return outcome;
}

Result<BlockOutcome, BlockFailure> apply_block(state::StateView& view, const chain::ChainConfig& config,
                                               const chain::Header& parent, const chain::Block& block,
                                               std::span<const Address> senders, const PostStateRoot& post_state_root) {
    CHECK(senders.empty() || senders.size() == block.transactions.size());
    const auto run = [&](state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context,
                         BlockProgress& progress, std::span<const chain::Transaction> transactions,
                         std::vector<Address>& found) {
        return apply_transactions(journal, vm, context, progress, transactions, found, senders, post_state_root);
    };
    return apply_block_with(run, view, config, parent, block);
}

void summarize(BlockOutcome& outcome, const BlockProgress& progress) {
    outcome.requests_hash = compute_requests_hash(outcome.requests);
    outcome.gas_used = progress.gas_used;
    outcome.blob_gas_used = progress.blob_gas_used;
    for (const auto& transaction : outcome.transactions)
        chain::merge_bloom(outcome.logs_bloom, transaction.receipt.bloom);
}

}  // namespace entresol::stf
