// Building a block step by step: forced transactions, then one after another, then the seal. The sequencer, the embedded L1 and derivation
// build with it, so that a derived block equals a sequenced one by construction.
#pragma once

#include <functional>
#include <memory>

#include "core/state/trie_state.hpp"
#include "core/stf/transition.hpp"

namespace entresol::stf {

/// What is fixed before the first transaction: payload attributes and the parent.
struct BlockAttributes {
    std::uint64_t timestamp = 0;
    Address coinbase;
    Hash32 prev_randao;
    std::uint64_t gas_limit = 0;
    std::optional<Hash32> parent_beacon_block_root;  // Cancun
    Bytes extra_data;                                // OP Holocene, Jovian: encoded EIP-1559 parameters
    std::optional<std::vector<chain::Withdrawal>> withdrawals;
    std::optional<U256> base_fee_override;  // development methods only
};

struct SealedBlock {
    chain::Block block;  // header complete, roots included
    Hash32 hash;
    BlockOutcome outcome;
    std::vector<Address> senders;
};

/// One block in progress over a view of the parent's state. Not thread-safe. The view must outlive it.
class BlockBuilder {
public:
    BlockBuilder(state::StateView& view, const chain::ChainConfig& config, const chain::Header& parent,
                 const BlockAttributes& attributes);
    ~BlockBuilder();
    BlockBuilder(const BlockBuilder&) = delete;
    BlockBuilder& operator=(const BlockBuilder&) = delete;

    /// The header so far: everything that calls see (number, time, fees, gas limit); roots are empty.
    [[nodiscard]] const chain::Header& header() const;
    [[nodiscard]] const chain::Rules& rules() const;
    /// Executes and appends. On error nothing has changed and the builder goes on.
    [[nodiscard]] Result<const TxOutcome*, TxError> add(const chain::Transaction& tx, const Address& sender);
    /// Executes and appends them all. Precondition: there are none yet. On failure the builder is of no use any more.
    [[nodiscard]] Result<void, BlockFailure> add_all(std::vector<chain::Transaction> transactions,
                                                     const RunTransactions& run = run_transactions);
    [[nodiscard]] std::uint64_t gas_left() const;
    [[nodiscard]] const std::vector<chain::Transaction>& transactions() const;
    [[nodiscard]] const std::vector<TxOutcome>& outcomes() const;
    /// State changed since the last call (the first call includes the system calls at the block's start): a mini-block's diff.
    [[nodiscard]] state::StateDiff take_preview_diff();
    [[nodiscard]] bool has_failed() const;  // the view could not read something: the block must be abandoned

    /// Ends the block (withdrawals, requests), computes the state root over `nodes` from `parent_state_root` with new nodes into `sink`, fills the header.
    /// The builder is spent afterwards.
    [[nodiscard]] Result<SealedBlock, BlockFailure> seal(trie::NodeSource& nodes, const Hash32& parent_state_root,
                                                         state::StateSink& sink);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace entresol::stf
