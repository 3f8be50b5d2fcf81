#include "core/stf/transition.hpp"

namespace entresol::stf {

namespace {

struct Row {
    TxError error;
    const char* name;
    const char* geth;  // as geth 1.16 words it in JSON-RPC
};

// In the order of the enum; the test walks the same table.
constexpr Row ROWS[] = {
    {TxError::TypeNotSupported, "TypeNotSupported", "transaction type not supported"},
    {TxError::InvalidSignature, "InvalidSignature", "invalid sender"},
    {TxError::WrongChainId, "WrongChainId", "invalid chain id for signer"},
    {TxError::NonceTooLow, "NonceTooLow", "nonce too low"},
    {TxError::NonceTooHigh, "NonceTooHigh", "nonce too high"},
    {TxError::NonceOverflow, "NonceOverflow", "nonce has max value"},
    {TxError::SenderNotEoa, "SenderNotEoa", "sender not an eoa"},
    {TxError::InsufficientFunds, "InsufficientFunds", "insufficient funds for gas * price + value"},
    {TxError::IntrinsicGasTooLow, "IntrinsicGasTooLow", "intrinsic gas too low"},
    {TxError::FloorDataGasTooLow, "FloorDataGasTooLow", "insufficient gas for floor data gas cost"},
    {TxError::GasLimitTooHigh, "GasLimitTooHigh", "transaction gas limit too high"},
    {TxError::BlockGasLimitExceeded, "BlockGasLimitExceeded", "gas limit reached"},
    {TxError::FeeCapBelowBaseFee, "FeeCapBelowBaseFee", "max fee per gas less than block base fee"},
    {TxError::PriorityFeeAboveFeeCap, "PriorityFeeAboveFeeCap", "max priority fee per gas higher than max fee per gas"},
    {TxError::FeeOverflow, "FeeOverflow", "insufficient funds for gas * price + value"},
    {TxError::InitcodeTooLarge, "InitcodeTooLarge", "max initcode size exceeded"},
    {TxError::BlobFeeCapTooLow, "BlobFeeCapTooLow", "max fee per blob gas less than block blob gas fee"},
    {TxError::NoBlobs, "NoBlobs", "blob transaction missing blob hashes"},
    {TxError::TooManyBlobs, "TooManyBlobs", "blob transaction has too many blobs"},
    {TxError::InvalidBlobVersion, "InvalidBlobVersion", "blob has invalid hash version"},
    {TxError::BlobCreate, "BlobCreate", "blob transaction of type create"},
    {TxError::BlobGasLimitExceeded, "BlobGasLimitExceeded", "blob gas limit reached"},
    {TxError::SetCodeCreate, "SetCodeCreate", "EIP-7702 transaction cannot be used to create contract"},
    {TxError::EmptyAuthorizations, "EmptyAuthorizations", "EIP-7702 transaction with empty auth list"},
    {TxError::DepositNotFirst, "DepositNotFirst", "deposit transaction after a user transaction"},
    {TxError::SystemDepositForbidden, "SystemDepositForbidden", "system tx not supported"},
    {TxError::BlobOnL2, "BlobOnL2", "transaction type not supported"},
    {TxError::MissingState, "MissingState", "missing trie node"},
};

const Row& row(TxError error) {
    const auto index = static_cast<std::size_t>(error);
    CHECK(index < std::size(ROWS) && ROWS[index].error == error);
    return ROWS[index];
}

}  // namespace

const char* to_string(TxError error) { return row(error).name; }
const char* geth_message(TxError error) { return row(error).geth; }

}  // namespace entresol::stf
