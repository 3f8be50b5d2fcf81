#include "core/stf/validate_body.hpp"

#include "core/stf/block_error.hpp"
#include "core/stf/op_stack.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;
using Check = Result<void, BlockFailure>;

constexpr std::size_t MAX_OMMERS = 2;
constexpr std::uint64_t MAX_OMMER_AGE = 6;

Check check_withdrawals(const chain::Block& block, const chain::Rules& rules) {
    if (!rules.at_least(Fork::Shanghai)) {
        if (block.withdrawals) return block_failure(BlockError::UnexpectedField, "withdrawals");
        return {};
    }
    if (!block.withdrawals) return block_failure(BlockError::MissingField, "withdrawals");
    if (rules.is_op() && !block.withdrawals->empty())
        return block_failure(BlockError::WithdrawalsRoot, "withdrawals on the OP Stack");
    if (rules.at_least(chain::OpFork::Isthmus)) return {};  // the root is the message passer's: see check_state_root
    return expect_equal(BlockError::WithdrawalsRoot, *block.header.withdrawals_root,
                        chain::compute_withdrawals_root(*block.withdrawals));
}

/// The rules of the yellow paper that need no ancestors; kinship and work are for whoever follows such a chain.
Check check_ommers(const chain::Block& block, const chain::Rules& rules) {
    if (block.ommers.empty())
        return expect_equal(BlockError::Ommers, block.header.ommers_hash, chain::EMPTY_OMMERS_HASH);
    if (rules.at_least(Fork::Paris) || block.ommers.size() > MAX_OMMERS)
        return block_failure(BlockError::Ommers, shown(block.ommers.size()));
    Bytes payload;
    for (const auto& ommer : block.ommers) {
        append(payload, chain::encode(ommer));
        const bool too_young = ommer.number >= block.header.number;
        if (too_young || block.header.number - ommer.number > MAX_OMMER_AGE)
            return block_failure(BlockError::Ommers, "age");
    }
    Bytes list;
    codec::append_list(list, payload);
    return expect_equal(BlockError::Ommers, block.header.ommers_hash, crypto::keccak256(list));
}

}  // namespace

Check validate_body(const chain::Block& block, const chain::Rules& rules) {
    if (rules.at_least(Fork::Osaka) && !rules.is_op()) {
        const std::size_t size = chain::encode(block).size();
        if (size > MAX_RLP_BLOCK_SIZE) return block_failure(BlockError::SizeLimit, shown(size));
    }
    TRY_VOID(expect_equal(BlockError::TransactionsRoot, block.header.transactions_root,
                          chain::compute_transactions_root(block.transactions)));
    TRY_VOID(check_ommers(block, rules));
    return check_withdrawals(block, rules);
}

std::uint64_t header_blob_gas(const BlockProgress& progress, const chain::Rules& rules) {
    return rules.at_least(chain::OpFork::Jovian) ? progress.da_footprint : progress.blob_gas_used;
}

Check validate_outcome(const chain::Block& block, const BlockOutcome& outcome, const BlockProgress& progress,
                       const chain::Rules& rules) {
    const chain::Header& header = block.header;
    TRY_VOID(expect_equal(BlockError::GasUsed, header.gas_used, outcome.gas_used));
    if (header.blob_gas_used)
        TRY_VOID(expect_equal(BlockError::BlobGasUsed, *header.blob_gas_used, header_blob_gas(progress, rules)));
    TRY_VOID(
        expect_equal(BlockError::ReceiptsRoot, header.receipts_root, chain::compute_receipts_root(outcome.receipts())));
    if (header.logs_bloom != outcome.logs_bloom) return block_failure(BlockError::LogsBloom);
    if (header.requests_hash)
        TRY_VOID(expect_equal(BlockError::RequestsHash, *header.requests_hash, outcome.requests_hash));
    return {};
}

}  // namespace entresol::stf
