#include "node/parallel/speculate.hpp"

#include <algorithm>

namespace entresol::parallel {

namespace {

/// One thread's, for one run. The journal asks for each account and slot once.
class RecordingView final : public state::StateView {
public:
    RecordingView(VersionedState& state, state::StateView& below, Version before, ReadSet& reads)
        : state_(state), below_(below), before_(before), reads_(reads) {}

    std::optional<state::Account> find_account(const Address& address) override {
        auto account = state_.find_account(address, before_, below_);
        reads_.accounts.push_back({address, account});
        return account;
    }
    U256 load_storage(const Address& address, const U256& key) override {
        const U256 value = state_.load_storage(address, key, before_, below_);
        reads_.slots.push_back({address, key, value});
        return value;
    }
    bool has_storage(const Address& address) override {
        const bool has_storage = state_.has_storage(address, before_, below_);
        reads_.storages.push_back({address, has_storage});
        return has_storage;
    }
    // Named by its hash: nobody changes it.
    state::CodePtr load_code(const Hash32& code_hash) override { return state_.load_code(code_hash, below_); }
    Hash32 load_block_hash(std::uint64_t number) override { return below_.load_block_hash(number); }
    bool has_failed() const override { return below_.has_failed(); }
    HashSeed hash_seed() const override { return below_.hash_seed(); }

private:
    VersionedState& state_;
    state::StateView& below_;
    Version before_;
    ReadSet& reads_;
};

void advance(stf::BlockProgress& progress, const stf::TxOutcome& outcome) {
    progress.gas_used += outcome.gas_used;
    progress.blob_gas_used += outcome.blob_gas_used;
    progress.da_footprint += outcome.da_footprint;
    progress.saw_user_transaction = true;
    ++progress.transactions;
}

}  // namespace

std::optional<Speculation> speculate(VersionedState& state, state::StateView& below, const evm::BlockContext& context,
                                     const stf::L1FeeParams& l1_fees, const Run& run) {
    Speculation result;
    RecordingView view(state, below, run.version, result.reads);
    state::Journal journal(view, state::Credits::Deferred);
    evm::Vm vm(journal, context);
    stf::BlockProgress progress;
    progress.saw_user_transaction = true;
    progress.l1_fees = l1_fees;
    result.outcomes.reserve(run.transactions.size());
    for (std::size_t i = 0; i < run.transactions.size(); ++i) {
        auto outcome = stf::apply_transaction(journal, vm, context, progress, run.transactions[i], run.senders[i]);
        if (!outcome) return std::nullopt;
        result.outcomes.push_back(std::move(*outcome));
    }
    auto credits = journal.take_credits();
    if (!credits || journal.has_failed()) return std::nullopt;
    result.credits = std::move(*credits);
    result.diff = journal.take_diff();
    return result;
}

bool is_valid(state::Journal& journal, const ReadSet& reads) {
    return std::ranges::all_of(reads.accounts,
                               [&](const auto& r) { return journal.find_account(r.address) == r.account; }) &&
           std::ranges::all_of(reads.slots,
                               [&](const auto& r) { return journal.load_storage(r.address, r.key) == r.value; }) &&
           std::ranges::all_of(reads.storages,
                               [&](const auto& r) { return journal.has_storage(r.address) == r.has_storage; });
}

bool has_room(const evm::BlockContext& context, stf::BlockProgress progress,
              std::span<const chain::Transaction> transactions, const std::vector<stf::TxOutcome>& outcomes) {
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        const stf::BlockShare share{transactions[i].gas_limit, outcomes[i].blob_gas_used, outcomes[i].da_footprint};
        if (!stf::check_block_limits(context, progress, share)) return false;
        advance(progress, outcomes[i]);
    }
    return true;
}

void commit(state::Journal& journal, const chain::Rules& rules, stf::BlockProgress& progress, Speculation speculation,
            std::vector<stf::TxOutcome>& outcomes) {
    journal.apply(speculation.diff);
    for (const auto& credit : speculation.credits) journal.apply(credit, rules);
    for (auto& outcome : speculation.outcomes) {
        advance(progress, outcome);
        outcome.receipt.cumulative_gas_used = progress.gas_used;
        outcomes.push_back(std::move(outcome));
    }
}

}  // namespace entresol::parallel
