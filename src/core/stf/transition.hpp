// The state transition: a transaction over a journal, a block over a view. Free functions; everything they read comes through their parameters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/chain/block.hpp"
#include "core/evm/vm.hpp"
#include "core/state/diff.hpp"
#include "core/state/journal.hpp"

namespace entresol::stf {

/// Why a transaction may not be in a block. Closed; each maps to one exception name of the public tests and one geth message.
enum class TxError : std::uint8_t {
    TypeNotSupported,
    InvalidSignature,
    WrongChainId,
    NonceTooLow,
    NonceTooHigh,
    NonceOverflow,
    SenderNotEoa,
    InsufficientFunds,
    IntrinsicGasTooLow,
    FloorDataGasTooLow,
    GasLimitTooHigh /* EIP-7825 */,
    BlockGasLimitExceeded,
    FeeCapBelowBaseFee,
    PriorityFeeAboveFeeCap,
    FeeOverflow,
    InitcodeTooLarge,
    BlobFeeCapTooLow,
    NoBlobs,
    TooManyBlobs,
    InvalidBlobVersion,
    BlobCreate,
    BlobGasLimitExceeded,
    SetCodeCreate,
    EmptyAuthorizations,
    DepositNotFirst,
    SystemDepositForbidden,
    BlobOnL2,
    MissingState,
};
[[nodiscard]] const char* to_string(TxError error);
/// geth's words, for JSON-RPC ("nonce too low", "insufficient funds for gas * price + value", …).
[[nodiscard]] const char* geth_message(TxError error);

/// L1 fee parameters read from the L1Block predeploy at the block's start (OP Stack, Bedrock to Jovian).
struct L1FeeParams {
    U256 base_fee;
    U256 blob_base_fee;
    std::uint32_t base_fee_scalar = 0;
    std::uint32_t blob_base_fee_scalar = 0;
    U256 bedrock_overhead;
    U256 bedrock_scalar;
    std::uint32_t operator_fee_scalar = 0;
    std::uint64_t operator_fee_constant = 0;
    std::uint16_t da_footprint_gas_scalar = 0;  // Jovian
};

/// What one transaction did, beyond its consensus receipt.
struct TxOutcome {
    chain::Receipt receipt;
    std::uint64_t gas_used = 0;
    std::uint64_t gas_refunded = 0;
    std::uint64_t blob_gas_used = 0;
    U256 effective_gas_price;
    std::optional<Address> created;
    evm::Status status = evm::Status::Success;
    evm::Fault fault;  // where it failed; not kept with the block
    Bytes output;
    // OP Stack: every part of the fee that is not gas * price.
    U256 l1_fee;
    U256 operator_fee;
    std::uint64_t l1_gas_used = 0;   // as op-geth's receipts tell it
    std::uint64_t da_footprint = 0;  // Jovian, in gas
};

/// Running totals of a block in progress.
struct BlockProgress {
    std::uint64_t gas_used = 0;
    std::uint64_t blob_gas_used = 0;
    std::uint64_t da_footprint = 0;
    std::uint32_t transactions = 0;
    bool saw_user_transaction = false;  // deposits must come first
    L1FeeParams l1_fees;                // filled after the attributes deposit
};

/// What a transaction takes of its block's limits, before it runs.
struct BlockShare {
    std::uint64_t gas_limit = 0;
    std::uint64_t blob_gas = 0;
    std::uint64_t da_footprint = 0;
};

/// Loosened checks for eth_call and friends.
struct CallOptions {
    bool skip_nonce_check = false;
    bool skip_balance_check = false;
    bool skip_base_fee_check = false;
    bool skip_eoa_check = false;
    bool skip_gas_cap = false;  // EIP-7825
    bool charge_l1_fee = true;
};

/// Intrinsic gas (yellow paper g0 with EIP-2, 2028, 2930, 3860, 7702) and EIP-7623's floor.
struct IntrinsicGas {
    std::uint64_t gas = 0;
    std::uint64_t floor = 0;
};
[[nodiscard]] IntrinsicGas compute_intrinsic_gas(const chain::Transaction& tx, const chain::Rules& rules);

/// OP Stack data fee for the encoded transaction (Bedrock, Ecotone, Fjord formulas by rules); zero for deposits.
[[nodiscard]] U256 compute_l1_fee(const L1FeeParams& params, ByteView encoded_tx, const chain::Rules& rules);
/// Isthmus: gas * scalar / 1e6 + constant; Jovian: gas * scalar * 100 + constant.
[[nodiscard]] U256 compute_operator_fee(const L1FeeParams& params, std::uint64_t gas, const chain::Rules& rules);
/// FastLZ size of the encoded transaction (Fjord), the linear regression's input.
[[nodiscard]] std::uint32_t flz_compressed_size(ByteView data);
[[nodiscard]] L1FeeParams load_l1_fee_params(state::Journal& journal, const chain::Rules& rules);

/// Is there room left for it?
[[nodiscard]] Result<void, TxError> check_block_limits(const evm::BlockContext& block, const BlockProgress& progress,
                                                       const BlockShare& share);

/// Validates and executes one transaction. On error nothing has changed. On success the journal holds its effects (finish_transaction already called)
/// and progress is advanced.
[[nodiscard]] Result<TxOutcome, TxError> apply_transaction(state::Journal& journal, evm::Vm& vm,
                                                           const evm::BlockContext& block, BlockProgress& progress,
                                                           const chain::Transaction& tx, const Address& sender,
                                                           const CallOptions& options = {});

enum class BlockError : std::uint8_t {
    ParentHash,
    Number,
    Timestamp,
    GasLimit,
    BaseFee,
    ExtraData,
    MissingField,
    UnexpectedField,
    Ommers,
    Difficulty,
    BlobGasUsed,
    ExcessBlobGas,
    BlobGasLimit,
    SizeLimit /* EIP-7934 */,
    GasUsed,
    StateRoot,
    ReceiptsRoot,
    TransactionsRoot,
    WithdrawalsRoot,
    LogsBloom,
    RequestsHash,
    RequestsInvalid,
    SystemCallFailed,
    InvalidTransaction,
    MissingState,
    BadWitness,
};
[[nodiscard]] const char* to_string(BlockError error);

struct BlockFailure {
    BlockError error;
    std::optional<TxError> tx_error;
    std::size_t tx_index = 0;
    std::string detail;  // what was expected and what was found
};

struct BlockOutcome {
    std::vector<TxOutcome> transactions;
    state::StateDiff diff;
    Hash32 requests_hash;
    std::vector<Bytes> requests;  // EIP-7685, type byte first
    std::uint64_t gas_used = 0;
    std::uint64_t blob_gas_used = 0;
    Bloom logs_bloom;
    [[nodiscard]] std::vector<chain::Receipt> receipts() const;
};

/// Header fields that follow from the parent alone: EIP-1559 (and OP Holocene/Jovian extra data), excess blob gas.
[[nodiscard]] U256 compute_base_fee(const chain::Header& parent, const chain::ChainConfig& config,
                                    std::uint64_t timestamp);
[[nodiscard]] std::uint64_t compute_excess_blob_gas(const chain::Header& parent, const chain::Rules& rules);
[[nodiscard]] U256 compute_blob_base_fee(std::uint64_t excess_blob_gas, const chain::BlobParams& params);
[[nodiscard]] evm::BlockContext make_block_context(const chain::Header& header, const chain::Rules& rules);
[[nodiscard]] Result<void, BlockFailure> validate_header(const chain::Header& header, const chain::Header& parent,
                                                         const chain::ChainConfig& config);

/// System calls before the first transaction (EIP-4788, EIP-2935) and after the last (withdrawals, EIP-6110, 7002, 7251 requests; rewards before the Merge).
void begin_block(state::Journal& journal, evm::Vm& vm, const chain::Header& header, const chain::Rules& rules);
[[nodiscard]] Result<std::vector<Bytes>, BlockFailure> end_block(state::Journal& journal, evm::Vm& vm,
                                                                 const chain::Block& block, const chain::Rules& rules,
                                                                 const chain::ChainConfig& config,
                                                                 const std::vector<TxOutcome>& outcomes);

/// Root of the state after a transaction, given what changed since the last call. Receipts before Byzantium hold it.
using PostStateRoot = std::function<Hash32(const state::StateDiff& diff)>;

/// A block's transactions in order over the journal: their outcomes, and their senders, appended. On failure the journal is of no use any more. Runners
/// other than run_transactions must give exactly what it gives.
using RunTransactions = std::function<Result<std::vector<TxOutcome>, BlockFailure>(
    state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context, BlockProgress& progress,
    std::span<const chain::Transaction> transactions, std::vector<Address>& senders)>;
[[nodiscard]] Result<std::vector<TxOutcome>, BlockFailure> run_transactions(
    state::Journal& journal, evm::Vm& vm, const evm::BlockContext& context, BlockProgress& progress,
    std::span<const chain::Transaction> transactions, std::vector<Address>& senders);
/// Who signed; nothing when the signature names nobody.
[[nodiscard]] std::optional<Address> find_sender(const chain::Transaction& tx, const chain::Rules& rules);
/// The transaction at this index may not be in the block.
[[nodiscard]] Unexpected<BlockFailure> transaction_failure(TxError error, std::size_t index);

/// As below, with the transactions run by another; from Byzantium on.
[[nodiscard]] Result<BlockOutcome, BlockFailure> apply_block_with(const RunTransactions& run, state::StateView& view,
                                                                  const chain::ChainConfig& config,
                                                                  const chain::Header& parent,
                                                                  const chain::Block& block);

/// Executes a whole block and compares everything but the state root (state_root.hpp) with its header. Senders may be given (recovered ahead, in
/// batches) or empty. Blocks before Byzantium need post_state_root for their receipts.
[[nodiscard]] Result<BlockOutcome, BlockFailure> apply_block(state::StateView& view, const chain::ChainConfig& config,
                                                             const chain::Header& parent, const chain::Block& block,
                                                             std::span<const Address> senders = {},
                                                             const PostStateRoot& post_state_root = {});

}  // namespace entresol::stf
