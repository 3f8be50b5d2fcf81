#include "core/stf/validate_transaction.hpp"

#include "core/stf/l1_fee.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;
using chain::TxType;

struct TypeRow {
    TxType type;
    Fork since;
};
constexpr TypeRow TYPES[] = {
    {TxType::Legacy, Fork::Frontier}, {TxType::AccessList, Fork::Berlin}, {TxType::DynamicFee, Fork::London},
    {TxType::Blob, Fork::Cancun},     {TxType::SetCode, Fork::Prague},
};

bool is_supported(TxType type, const chain::Rules& rules) {
    for (const auto& row : TYPES)
        if (row.type == type) return rules.at_least(row.since);
    return false;
}

Result<void, TxError> check_fee_caps(const chain::Transaction& tx, const evm::BlockContext& block,
                                     const CallOptions& options) {
    if (!block.rules.at_least(Fork::London)) return {};
    if (tx.max_priority_fee_per_gas > tx.max_fee_per_gas) return fail(TxError::PriorityFeeAboveFeeCap);
    if (!options.skip_base_fee_check && tx.max_fee_per_gas < block.base_fee) return fail(TxError::FeeCapBelowBaseFee);
    return {};
}

/// EIP-4844; EIP-7594 for the limit a transaction.
Result<void, TxError> check_blobs(const chain::Transaction& tx, const evm::BlockContext& block,
                                  const CallOptions& options) {
    if (tx.type != TxType::Blob) return {};
    if (block.rules.is_op()) return fail(TxError::BlobOnL2);
    if (!tx.to) return fail(TxError::BlobCreate);
    if (tx.blob_hashes.empty()) return fail(TxError::NoBlobs);
    if (tx.blob_hashes.size() > block.rules.blobs.max) return fail(TxError::TooManyBlobs);
    if (block.rules.at_least(Fork::Osaka) && tx.blob_hashes.size() > MAX_BLOBS_PER_TX)
        return fail(TxError::TooManyBlobs);
    for (const auto& hash : tx.blob_hashes)
        if (hash.bytes[0] != 0x01) return fail(TxError::InvalidBlobVersion);
    if (!options.skip_base_fee_check && tx.max_fee_per_blob_gas < block.blob_base_fee)
        return fail(TxError::BlobFeeCapTooLow);
    return {};
}

Result<void, TxError> check_authorizations(const chain::Transaction& tx) {
    if (tx.type != TxType::SetCode) return {};
    if (!tx.to) return fail(TxError::SetCodeCreate);
    if (tx.authorizations.empty()) return fail(TxError::EmptyAuthorizations);
    return {};
}

Result<void, TxError> check_sender(state::Journal& journal, const chain::Transaction& tx, const Address& sender,
                                   const CallOptions& options) {
    if (!options.skip_nonce_check) {
        const std::uint64_t nonce = journal.nonce(sender);
        if (tx.nonce < nonce) return fail(TxError::NonceTooLow);
        if (tx.nonce > nonce) return fail(TxError::NonceTooHigh);
        if (nonce == ~std::uint64_t{0}) return fail(TxError::NonceOverflow);  // EIP-2681
    }
    if (!options.skip_eoa_check) {
        // EIP-3607; accounts that only delegate may send (EIP-7702).
        const auto& code = journal.code(sender);
        if (code->size != 0 && !evm::parse_delegation(code->view())) return fail(TxError::SenderNotEoa);
    }
    return {};
}

/// Adds a * b to the sum; false when it leaves 256 bits.
[[nodiscard]] bool add_product(U256& sum, std::uint64_t a, const U256& b) {
    std::uint64_t product[8];
    mul_full(U256{a}, b, product);
    if ((product[4] | product[5] | product[6] | product[7]) != 0) return false;
    return !add_overflow(sum, U256{product[0], product[1], product[2], product[3]}, sum);
}

U256 effective_price(const chain::Transaction& tx, const U256& base_fee) {
    if (tx.max_fee_per_gas <= base_fee) return tx.max_fee_per_gas;
    const U256 room = tx.max_fee_per_gas - base_fee;
    return base_fee + (tx.max_priority_fee_per_gas < room ? tx.max_priority_fee_per_gas : room);
}

CheckedCharge compute_charge(const evm::BlockContext& block, const BlockProgress& progress,
                             const chain::Transaction& tx, const CallOptions& options) {
    CheckedCharge charge;
    charge.intrinsic = compute_intrinsic_gas(tx, block.rules);
    charge.effective_gas_price =
        block.rules.at_least(Fork::London) ? effective_price(tx, block.base_fee) : tx.max_fee_per_gas;
    charge.blob_gas = tx.blob_hashes.size() * GAS_PER_BLOB;
    charge.blob_fee = U256{charge.blob_gas} * block.blob_base_fee;
    if (block.rules.is_op() && options.charge_l1_fee) {
        const Bytes encoded = chain::encode(tx);
        charge.l1_fee = compute_l1_fee(progress.l1_fees, encoded, block.rules);
        charge.l1_gas_used = compute_l1_gas_used(progress.l1_fees, encoded, block.rules);
        charge.da_footprint = compute_da_footprint(progress.l1_fees, encoded, block.rules);
        charge.operator_fee_limit = compute_operator_fee(progress.l1_fees, tx.gas_limit, block.rules);
    }
    return charge;
}

/// The sender must be able to pay at its fee cap what it is charged at the effective price (EIP-1559).
Result<void, TxError> check_balance(const U256& balance, const chain::Transaction& tx, CheckedCharge& charge) {
    U256 most;
    const bool fits = add_product(most, tx.gas_limit, tx.max_fee_per_gas) &&
                      add_product(most, charge.blob_gas, tx.max_fee_per_blob_gas) && add_product(most, 1, tx.value) &&
                      add_product(most, 1, charge.l1_fee) && add_product(most, 1, charge.operator_fee_limit);
    if (!fits) return fail(TxError::FeeOverflow);
    if (balance < most) return fail(TxError::InsufficientFunds);
    charge.upfront =
        U256{tx.gas_limit} * charge.effective_gas_price + charge.blob_fee + charge.l1_fee + charge.operator_fee_limit;
    return {};
}

}  // namespace

Result<void, TxError> check_block_limits(const evm::BlockContext& block, const BlockProgress& progress,
                                         const BlockShare& share) {
    if (share.gas_limit > block.gas_limit - std::min(progress.gas_used, block.gas_limit))
        return fail(TxError::BlockGasLimitExceeded);
    if (progress.blob_gas_used + share.blob_gas > block.rules.blobs.max * GAS_PER_BLOB)
        return fail(TxError::BlobGasLimitExceeded);
    // Jovian: the footprint has the gas limit as its own limit.
    if (progress.da_footprint + share.da_footprint > block.gas_limit && share.da_footprint != 0)
        return fail(TxError::BlockGasLimitExceeded);
    return {};
}

Result<void, TxError> check_form(const chain::Transaction& tx, const evm::BlockContext& block,
                                 const CallOptions& options) {
    if (!is_supported(tx.type, block.rules)) return fail(TxError::TypeNotSupported);
    if (tx.chain_id && *tx.chain_id != block.rules.chain_id) return fail(TxError::WrongChainId);
    if (block.rules.at_least(Fork::Osaka) && !options.skip_gas_cap && tx.gas_limit > MAX_TX_GAS_LIMIT)
        return fail(TxError::GasLimitTooHigh);
    TRY_VOID(check_fee_caps(tx, block, options));
    TRY_VOID(check_blobs(tx, block, options));
    TRY_VOID(check_authorizations(tx));
    if (!tx.to && block.rules.at_least(Fork::Shanghai) && tx.data.size() > MAX_INITCODE_SIZE)
        return fail(TxError::InitcodeTooLarge);
    return {};
}

Result<CheckedCharge, TxError> validate_transaction(state::Journal& journal, const evm::BlockContext& block,
                                                    const BlockProgress& progress, const chain::Transaction& tx,
                                                    const Address& sender, const CallOptions& options) {
    TRY_VOID(check_form(tx, block, options));
    TRY_VOID(check_sender(journal, tx, sender, options));
    CheckedCharge charge = compute_charge(block, progress, tx, options);
    if (!options.skip_balance_check) TRY_VOID(check_balance(journal.balance(sender), tx, charge));
    TRY_VOID(check_block_limits(block, progress, {tx.gas_limit, charge.blob_gas, charge.da_footprint}));
    if (tx.gas_limit < charge.intrinsic.gas) return fail(TxError::IntrinsicGasTooLow);
    if (tx.gas_limit < charge.intrinsic.floor) return fail(TxError::FloorDataGasTooLow);
    return charge;
}

}  // namespace entresol::stf
