// What a header must satisfy given its parent alone.
#include "core/stf/base_fee.hpp"
#include "core/stf/block_error.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;
using chain::Header;
using chain::OpFork;
using Check = Result<void, BlockFailure>;

constexpr std::uint64_t GAS_LIMIT_BOUND_DIVISOR = 1024;
constexpr std::uint64_t MIN_GAS_LIMIT = 5000;
constexpr std::uint64_t MAX_GAS_LIMIT = (1ULL << 63) - 1;
constexpr std::size_t MAX_EXTRA_DATA_SIZE = 32;

/// Each optional field is there exactly from its fork on.
Check check_fields(const Header& header, const chain::Rules& rules) {
    const struct {
        bool present;
        Fork since;
        const char* name;
    } fields[] = {
        {header.base_fee_per_gas.has_value(), Fork::London, "baseFeePerGas"},
        {header.withdrawals_root.has_value(), Fork::Shanghai, "withdrawalsRoot"},
        {header.blob_gas_used.has_value(), Fork::Cancun, "blobGasUsed"},
        {header.excess_blob_gas.has_value(), Fork::Cancun, "excessBlobGas"},
        {header.parent_beacon_block_root.has_value(), Fork::Cancun, "parentBeaconBlockRoot"},
        {header.requests_hash.has_value(), Fork::Prague, "requestsHash"},
    };
    for (const auto& field : fields) {
        if (field.present == rules.at_least(field.since)) continue;
        return block_failure(field.present ? BlockError::UnexpectedField : BlockError::MissingField, field.name);
    }
    return {};
}

Check check_gas_limit(const Header& header, const Header& parent, const chain::Rules& rules) {
    if (header.gas_used > header.gas_limit) return block_failure(BlockError::GasUsed, "more than the gas limit");
    if (rules.is_op()) return {};  // the L1 system config sets it, in any step
    if (header.gas_limit < MIN_GAS_LIMIT || header.gas_limit > MAX_GAS_LIMIT)
        return block_failure(BlockError::GasLimit, shown(header.gas_limit));
    // EIP-1559 doubles the limit at its fork, so that the target is the old limit.
    const std::uint64_t before =
        rules.at_least(Fork::London) && !parent.base_fee_per_gas ? parent.gas_limit * 2 : parent.gas_limit;
    const std::uint64_t step = header.gas_limit > before ? header.gas_limit - before : before - header.gas_limit;
    if (step < before / GAS_LIMIT_BOUND_DIVISOR) return {};
    return block_failure(BlockError::GasLimit, "from " + shown(before) + " to " + shown(header.gas_limit));
}

Check check_extra_data(const Header& header, const chain::Rules& rules) {
    if (header.extra_data.size() > MAX_EXTRA_DATA_SIZE)
        return block_failure(BlockError::ExtraData, "longer than 32 bytes");
    if (rules.at_least(OpFork::Holocene) && !decode_extra_data(header.extra_data, rules))
        return block_failure(BlockError::ExtraData, to_hex(header.extra_data));
    return {};
}

/// EIP-3675: no work, no ommers.
Check check_consensus_fields(const Header& header, const chain::Rules& rules) {
    if (!rules.at_least(Fork::Paris)) {
        if (header.difficulty.is_zero()) return block_failure(BlockError::Difficulty, "zero before the Merge");
        return {};
    }
    if (!header.difficulty.is_zero() || !header.nonce.is_zero())
        return block_failure(BlockError::Difficulty, "not zero since the Merge");
    if (header.ommers_hash != chain::EMPTY_OMMERS_HASH)
        return block_failure(BlockError::Ommers, "not empty since the Merge");
    return {};
}

Check check_blob_gas(const Header& header, const Header& parent, const chain::Rules& rules) {
    if (!rules.at_least(Fork::Cancun)) return {};
    TRY_VOID(expect_equal(BlockError::ExcessBlobGas, *header.excess_blob_gas, compute_excess_blob_gas(parent, rules)));
    if (rules.is_op()) return {};  // Jovian's footprint is compared after execution
    if (*header.blob_gas_used % GAS_PER_BLOB != 0)
        return block_failure(BlockError::BlobGasUsed, "no multiple of a blob's gas");
    if (*header.blob_gas_used > rules.blobs.max * GAS_PER_BLOB)
        return block_failure(BlockError::BlobGasLimit, shown(*header.blob_gas_used));
    return {};
}

}  // namespace

Result<void, BlockFailure> validate_header(const Header& header, const Header& parent,
                                           const chain::ChainConfig& config) {
    const chain::Rules rules = config.rules_at(header.number, header.timestamp);
    TRY_VOID(expect_equal(BlockError::Number, header.number, parent.number + 1));
    TRY_VOID(expect_equal(BlockError::ParentHash, header.parent_hash, chain::header_hash(parent)));
    if (header.timestamp <= parent.timestamp) return block_failure(BlockError::Timestamp, "not after the parent's");
    TRY_VOID(check_fields(header, rules));
    TRY_VOID(check_gas_limit(header, parent, rules));
    TRY_VOID(check_extra_data(header, rules));
    TRY_VOID(check_consensus_fields(header, rules));
    if (header.base_fee_per_gas)
        TRY_VOID(expect_equal(BlockError::BaseFee, *header.base_fee_per_gas,
                              compute_base_fee(parent, config, header.timestamp)));
    return check_blob_gas(header, parent, rules);
}

evm::BlockContext make_block_context(const Header& header, const chain::Rules& rules) {
    evm::BlockContext context;
    context.number = header.number;
    context.timestamp = header.timestamp;
    context.gas_limit = header.gas_limit;
    context.coinbase = header.coinbase;
    context.base_fee = header.base_fee_per_gas.value_or(U256{});
    // OP Stack: BLOBBASEFEE is 1, the fee at zero excess (Ecotone).
    if (header.excess_blob_gas) context.blob_base_fee = compute_blob_base_fee(*header.excess_blob_gas, rules.blobs);
    context.difficulty = header.difficulty;
    context.prev_randao = header.prev_randao;
    context.rules = rules;
    return context;
}

}  // namespace entresol::stf
