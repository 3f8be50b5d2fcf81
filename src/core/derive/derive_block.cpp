#include "core/derive/derive_block.hpp"

namespace entresol::derive {
namespace {

enum class BuildError : std::uint8_t { MissingState, Invalid };

Result<stf::SealedBlock, BuildError> build(const RollupConfig& config, const PayloadAttributes& attributes,
                                           const ParentState& parent, const stf::RunTransactions& run) {
    std::vector<chain::Transaction> transactions;
    transactions.reserve(attributes.transactions.size());
    for (const Bytes& encoded : attributes.transactions) {
        auto tx = chain::decode_transaction(encoded);
        if (!tx) return fail(BuildError::Invalid);
        transactions.push_back(std::move(*tx));
    }
    stf::BlockBuilder builder(parent.view, config.l2, parent.header, make_block_attributes(config, attributes));
    const auto added = builder.add_all(std::move(transactions), run);
    if (builder.has_failed()) return fail(BuildError::MissingState);
    if (!added) return fail(BuildError::Invalid);
    auto sealed = builder.seal(parent.nodes, parent.header.state_root, parent.sink);
    if (sealed) return *std::move(sealed);
    return fail(sealed.error().error == stf::BlockError::MissingState ? BuildError::MissingState : BuildError::Invalid);
}

}  // namespace

const char* to_string(ExecutionError error) {
    switch (error) {
        case ExecutionError::MissingState: return "state could not be read";
        case ExecutionError::InvalidDeposits: return "a block of deposits alone is invalid";
    }
    return "?";
}

Result<DerivedBlock, ExecutionError> execute_attributes(const RollupConfig& config, const PayloadAttributes& attributes,
                                                        const ParentState& parent) {
    CHECK(chain::header_hash(parent.header) == attributes.parent.hash);
    if (auto sealed = build(config, attributes, parent, parent.run))
        return DerivedBlock{*std::move(sealed), attributes, false};
    else if (sealed.error() == BuildError::MissingState)
        return fail(ExecutionError::MissingState);
    PayloadAttributes deposits = without_batch(attributes);
    auto sealed = build(config, deposits, parent, stf::run_transactions);
    if (!sealed)
        return fail(sealed.error() == BuildError::MissingState ? ExecutionError::MissingState
                                                               : ExecutionError::InvalidDeposits);
    return DerivedBlock{*std::move(sealed), std::move(deposits), true};
}

Result<DerivedBlock, ExecutionError> derive_block(const RollupConfig& config, Pipeline& pipeline,
                                                  const PayloadAttributes& attributes, const ParentState& parent) {
    auto block = execute_attributes(config, attributes, parent);
    if (block && block->batch_was_invalid) pipeline.drop_channel();
    return block;
}

}  // namespace entresol::derive
