#include "node/pool/pool.hpp"

namespace entresol::pool {
namespace {

struct ErrorRow {
    PoolError error;
    const char* name;
    const char* geth;
};

// The words of go-ethereum's core/txpool and core/error.go.
constexpr ErrorRow ERRORS[] = {
    {PoolError::AlreadyKnown, "AlreadyKnown", "already known"},
    {PoolError::NonceTooLow, "NonceTooLow", "nonce too low"},
    {PoolError::NonceTooFar, "NonceTooFar", "nonce too high"},
    {PoolError::ReplacementUnderpriced, "ReplacementUnderpriced", "replacement transaction underpriced"},
    {PoolError::InsufficientFunds, "InsufficientFunds", "insufficient funds for gas * price + value"},
    {PoolError::Underpriced, "Underpriced", "transaction underpriced"},
    {PoolError::PoolFull, "PoolFull", "txpool is full"},
    {PoolError::SenderLimit, "SenderLimit", "account limit exceeded"},
    {PoolError::OversizedData, "OversizedData", "oversized data"},
    {PoolError::GasLimitTooHigh, "GasLimitTooHigh", "exceeds block gas limit"},
    {PoolError::IntrinsicGas, "IntrinsicGas", "intrinsic gas too low"},
    {PoolError::FloorGas, "FloorGas", "insufficient gas for floor data gas cost"},
    {PoolError::InitcodeTooLarge, "InitcodeTooLarge", "max initcode size exceeded"},
    {PoolError::WrongChainId, "WrongChainId", "invalid chain id for signer"},
    {PoolError::TypeNotSupported, "TypeNotSupported", "transaction type not supported"},
    {PoolError::TipAboveFeeCap, "TipAboveFeeCap", "max priority fee per gas higher than max fee per gas"},
    {PoolError::InvalidSender, "InvalidSender", "invalid sender"},
    {PoolError::InvalidBlobs, "InvalidBlobs", "invalid blob sidecar"},
    {PoolError::EmptyAuthorizations, "EmptyAuthorizations", "EIP-7702 transaction with empty auth list"},
    {PoolError::SetCodeCreate, "SetCodeCreate", "EIP-7702 transaction cannot be used to create contract"},
    {PoolError::SenderNotEoa, "SenderNotEoa", "sender not an eoa"},
    {PoolError::Unprotected, "Unprotected", "only replay-protected (EIP-155) transactions allowed over RPC"},
};

}  // namespace

const char* to_string(PoolError error) {
    for (const auto& row : ERRORS)
        if (row.error == error) return row.name;
    return "Unknown";
}

std::string geth_message(PoolError error) {
    for (const auto& row : ERRORS)
        if (row.error == error) return row.geth;
    return "unknown";
}

const char* to_string(Whereabouts::State state) {
    constexpr const char* NAMES[] = {"unknown",  "ready",    "nonce_gap", "fee_too_low", "balance_too_low",
                                     "included", "replaced", "evicted",   "dropped"};
    return NAMES[static_cast<std::size_t>(state)];
}

}  // namespace entresol::pool
