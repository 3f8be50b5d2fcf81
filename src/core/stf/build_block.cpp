#include "core/stf/build_block.hpp"

#include "core/stf/base_fee.hpp"
#include "core/stf/block_error.hpp"
#include "core/stf/requests.hpp"
#include "core/stf/state_root.hpp"
#include "core/stf/validate_body.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;

chain::Header make_header(const chain::ChainConfig& config, const chain::Header& parent,
                          const BlockAttributes& attributes, const chain::Rules& rules) {
    chain::Header header;
    header.parent_hash = chain::header_hash(parent);
    header.coinbase = attributes.coinbase;
    header.number = parent.number + 1;
    header.gas_limit = attributes.gas_limit;
    header.timestamp = attributes.timestamp;
    header.extra_data = attributes.extra_data;
    header.prev_randao = attributes.prev_randao;
    if (rules.at_least(Fork::London))
        header.base_fee_per_gas =
            attributes.base_fee_override.value_or(compute_base_fee(parent, config, attributes.timestamp));
    if (rules.at_least(Fork::Cancun)) {
        header.blob_gas_used = 0;
        header.excess_blob_gas = compute_excess_blob_gas(parent, rules);
        header.parent_beacon_block_root = attributes.parent_beacon_block_root.value_or(Hash32{});
    }
    return header;
}

}  // namespace

struct BlockBuilder::Impl {
    Impl(state::StateView& view, const chain::ChainConfig& c, const chain::Header& parent,
         const BlockAttributes& attributes)
        : config(c),
          rules(c.rules_at(parent.number + 1, attributes.timestamp)),
          context(make_block_context(make_header(c, parent, attributes, rules), rules)),
          journal(view),
          vm(journal, context) {
        block.header = make_header(c, parent, attributes, rules);
        if (rules.at_least(Fork::Shanghai))
            block.withdrawals = attributes.withdrawals.value_or(std::vector<chain::Withdrawal>{});
        begin_block(journal, vm, block.header, rules);
    }

    void complete_header(const StateCommitment& commitment);

    chain::ChainConfig config;
    chain::Rules rules;
    evm::BlockContext context;
    state::Journal journal;
    evm::Vm vm;
    BlockProgress progress;
    chain::Block block;
    BlockOutcome outcome;
    std::vector<Address> senders;
};

BlockBuilder::BlockBuilder(state::StateView& view, const chain::ChainConfig& config, const chain::Header& parent,
                           const BlockAttributes& attributes)
    : impl_(std::make_unique<Impl>(view, config, parent, attributes)) {}
BlockBuilder::~BlockBuilder() = default;

const chain::Header& BlockBuilder::header() const { return impl_->block.header; }
const chain::Rules& BlockBuilder::rules() const { return impl_->rules; }
std::uint64_t BlockBuilder::gas_left() const {
    return impl_->context.gas_limit - std::min(impl_->progress.gas_used, impl_->context.gas_limit);
}
const std::vector<chain::Transaction>& BlockBuilder::transactions() const { return impl_->block.transactions; }
const std::vector<TxOutcome>& BlockBuilder::outcomes() const { return impl_->outcome.transactions; }
state::StateDiff BlockBuilder::take_preview_diff() { return impl_->journal.diff_since_mark(); }
bool BlockBuilder::has_failed() const { return impl_->journal.has_failed(); }

Result<const TxOutcome*, TxError> BlockBuilder::add(const chain::Transaction& tx, const Address& sender) {
    TRY(TxOutcome outcome, apply_transaction(impl_->journal, impl_->vm, impl_->context, impl_->progress, tx, sender));
    impl_->outcome.transactions.push_back(std::move(outcome));
    impl_->block.transactions.push_back(tx);
    impl_->senders.push_back(sender);
    return &impl_->outcome.transactions.back();
}

Result<void, BlockFailure> BlockBuilder::add_all(std::vector<chain::Transaction> transactions,
                                                 const RunTransactions& run) {
    CHECK(impl_->block.transactions.empty());
    Impl& i = *impl_;
    i.block.transactions = std::move(transactions);
    TRY(i.outcome.transactions, run(i.journal, i.vm, i.context, i.progress, i.block.transactions, i.senders));
    return {};
}

Result<SealedBlock, BlockFailure> BlockBuilder::seal(trie::NodeSource& nodes, const Hash32& parent_state_root,
                                                     state::StateSink& sink) {
    Impl& i = *impl_;
    TRY(i.outcome.requests, end_block(i.journal, i.vm, i.block, i.rules, i.config, i.outcome.transactions));
    if (i.journal.has_failed()) return block_failure(BlockError::MissingState);
    i.outcome.diff = i.journal.take_diff();
    summarize(i.outcome, i.progress);
    TRY(const StateCommitment commitment, commit_state(nodes, parent_state_root, i.outcome.diff, i.rules, sink));
    i.complete_header(commitment);
    SealedBlock sealed;
    sealed.hash = chain::header_hash(i.block.header);
    sealed.block = std::move(i.block);
    sealed.outcome = std::move(i.outcome);
    sealed.senders = std::move(i.senders);
    return sealed;
}

void BlockBuilder::Impl::complete_header(const StateCommitment& commitment) {
    chain::Header& header = block.header;
    header.state_root = commitment.state_root;
    header.transactions_root = chain::compute_transactions_root(block.transactions);
    header.receipts_root = chain::compute_receipts_root(outcome.receipts());
    header.logs_bloom = outcome.logs_bloom;
    header.gas_used = progress.gas_used;
    if (header.blob_gas_used) header.blob_gas_used = header_blob_gas(progress, rules);
    if (block.withdrawals)
        header.withdrawals_root =
            commitment.message_passer_root.value_or(chain::compute_withdrawals_root(*block.withdrawals));
    if (rules.at_least(Fork::Prague)) header.requests_hash = outcome.requests_hash;
}

}  // namespace entresol::stf
