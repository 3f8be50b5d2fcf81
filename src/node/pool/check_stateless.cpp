#include "core/chain/block.hpp"
#include "node/pool/pool.hpp"

namespace entresol::pool {
namespace {

using chain::Fork;
using chain::TxType;

constexpr std::uint64_t MAX_INITCODE_SIZE = 2 * 24'576;  // EIP-3860
constexpr std::uint64_t MAX_TX_GAS = 1ULL << 24;         // EIP-7825

bool type_is_supported(TxType type, const chain::Rules& rules) {
    switch (type) {
        case TxType::Legacy: return true;
        case TxType::AccessList: return rules.at_least(Fork::Berlin);
        case TxType::DynamicFee: return rules.at_least(Fork::London);
        case TxType::Blob:
            return rules.at_least(Fork::Cancun) && !rules.is_op();  // OP Stack: no blob transactions on an L2
        case TxType::SetCode: return rules.at_least(Fork::Prague);
        case TxType::Deposit: return false;  // only derived from L1
    }
    return false;
}

Result<void, PoolError> check_type_fields(const chain::Transaction& tx) {
    if (tx.type == TxType::SetCode) {
        if (!tx.to) return fail(PoolError::SetCodeCreate);
        if (tx.authorizations.empty()) return fail(PoolError::EmptyAuthorizations);
    }
    if (tx.type == TxType::Blob && (!tx.to || tx.blob_hashes.empty())) return fail(PoolError::InvalidBlobs);
    return {};
}

}  // namespace

Result<void, PoolError> check_stateless(const chain::Transaction& tx, std::size_t size_bytes, const chain::Rules& rules,
                                        std::uint64_t block_gas_limit, const Limits& limits) {
    if (!type_is_supported(tx.type, rules)) return fail(PoolError::TypeNotSupported);
    if (size_bytes > limits.max_tx_bytes) return fail(PoolError::OversizedData);
    if (tx.chain_id && *tx.chain_id != rules.chain_id) return fail(PoolError::WrongChainId);
    if (!tx.to && rules.at_least(Fork::Shanghai) && tx.data.size() > MAX_INITCODE_SIZE)
        return fail(PoolError::InitcodeTooLarge);
    if (tx.gas_limit > block_gas_limit) return fail(PoolError::GasLimitTooHigh);
    if (rules.at_least(Fork::Osaka) && tx.gas_limit > MAX_TX_GAS) return fail(PoolError::GasLimitTooHigh);
    if (tx.max_priority_fee_per_gas > tx.max_fee_per_gas) return fail(PoolError::TipAboveFeeCap);
    TRY_VOID(check_type_fields(tx));
    const auto needed = stf::compute_intrinsic_gas(tx, rules);
    if (tx.gas_limit < needed.gas) return fail(PoolError::IntrinsicGas);
    if (tx.gas_limit < needed.floor) return fail(PoolError::FloorGas);
    if (tx.nonce == ~0ULL) return fail(PoolError::NonceTooFar);  // EIP-2681
    return {};
}

}  // namespace entresol::pool
