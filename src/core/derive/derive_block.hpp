// Payload attributes to a block: executes them, and replaces an invalid block by its deposits alone (Holocene, "Steady Block Derivation").
#pragma once

#include "core/derive/pipeline.hpp"

namespace entresol::derive {

struct DerivedBlock {
    stf::SealedBlock sealed;
    PayloadAttributes attributes;  // without the batch's transactions where it was invalid
    bool batch_was_invalid = false;
};

enum class ExecutionError : std::uint8_t {
    MissingState,     // the view or a node could not be read: not a verdict on the block
    InvalidDeposits,  // not even the deposits make a block: a bug, or a chain that is not this rollup's
};
[[nodiscard]] const char* to_string(ExecutionError error);

/// Where the parent's state is and the new nodes go. Nodes of an abandoned block may remain in the sink.
struct ParentState {
    const chain::Header& header;
    state::StateView& view;
    trie::NodeSource& nodes;
    state::StateSink& sink;
    stf::RunTransactions run = stf::run_transactions;  // once at most
};

[[nodiscard]] Result<DerivedBlock, ExecutionError> execute_attributes(const RollupConfig& config,
                                                                      const PayloadAttributes& attributes,
                                                                      const ParentState& parent);

/// Executes, and tells the pipeline when the batch was invalid. The caller keeps the block, which is the next safe head.
[[nodiscard]] Result<DerivedBlock, ExecutionError> derive_block(const RollupConfig& config, Pipeline& pipeline,
                                                                const PayloadAttributes& attributes,
                                                                const ParentState& parent);

}  // namespace entresol::derive
