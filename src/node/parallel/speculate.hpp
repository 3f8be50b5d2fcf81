// A run of transactions on the state that others may still be about to change: what it read, and what came of it.
#pragma once

#include "core/stf/transition.hpp"
#include "node/parallel/versioned_state.hpp"

namespace entresol::parallel {

/// Everything that a run's result depends on, beside the block and the transactions.
struct ReadSet {
    struct AccountRead {
        Address address;
        std::optional<state::Account> account;
    };
    struct SlotRead {
        Address address;
        U256 key, value;
    };
    struct StorageRead {
        Address address;
        bool has_storage;
    };
    std::vector<AccountRead> accounts;
    std::vector<SlotRead> slots;
    std::vector<StorageRead> storages;
};

struct Speculation {
    ReadSet reads;
    state::StateDiff diff;
    std::vector<state::Credit> credits;    // fees of accounts that the run did not read
    std::vector<stf::TxOutcome> outcomes;  // gas is counted from the run's beginning
};

/// The transactions of one run, each with its sender.
struct Run {
    std::span<const chain::Transaction> transactions;
    std::span<const Address> senders;
    Version version;  // it sees those before, and publishes this one
};

/// Nothing: a transaction was refused or something could not be read, on this state; whether that is so on the true one remains to be seen.
/// Precondition: the fee parameters of the block are known.
[[nodiscard]] std::optional<Speculation> speculate(VersionedState& state, state::StateView& below,
                                                   const evm::BlockContext& context, const stf::L1FeeParams& l1_fees,
                                                   const Run& run);

/// True when the journal's state answers each read as the run saw it: then running the transactions here would give the same.
[[nodiscard]] bool is_valid(state::Journal& journal, const ReadSet& reads);

/// True when every transaction finds room in the block after those before it.
[[nodiscard]] bool has_room(const evm::BlockContext& context, stf::BlockProgress progress,
                            std::span<const chain::Transaction> transactions,
                            const std::vector<stf::TxOutcome>& outcomes);

/// Brings the run's effects into the journal and the block. Precondition: it is valid and has room.
void commit(state::Journal& journal, const chain::Rules& rules, stf::BlockProgress& progress, Speculation speculation,
            std::vector<stf::TxOutcome>& outcomes);

}  // namespace entresol::parallel
