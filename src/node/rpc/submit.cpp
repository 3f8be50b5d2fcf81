#include "node/rpc/submit.hpp"

#include <boost/json/value.hpp>

#include "core/base/hex.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::rpc {
namespace {

const char* decode_message(chain::TxDecodeError error) {
    switch (error) {
        case chain::TxDecodeError::UnsupportedType: return "transaction type not supported";
        case chain::TxDecodeError::TooLarge: return "oversized data";
        case chain::TxDecodeError::InvalidSignature: return "invalid transaction v, r, s values";
        case chain::TxDecodeError::BlobContentMismatch:
            return "blob sidecar: numbers of blobs, commitments and proofs differ";
        case chain::TxDecodeError::Malformed: break;
    }
    return "rlp: malformed transaction";
}

std::string checked_name(const Address& address) { return to_hex(address); }

}  // namespace

RpcError to_rpc_error(Context& context, pool::PoolError error, const pool::CheckedTransaction& tx) {
    std::string message = pool::geth_message(error);
    const auto account = context.newest_state().open()->find_account(tx.sender).value_or(state::Account{});
    switch (error) {
        case pool::PoolError::NonceTooLow:
            message += ": next nonce " + std::to_string(account.nonce) + ", tx nonce " + std::to_string(tx.tx.nonce);
            break;
        case pool::PoolError::NonceTooFar:
            message += ": address " + checked_name(tx.sender) + ", tx: " + std::to_string(tx.tx.nonce) +
                       " state: " + std::to_string(account.nonce);
            break;
        case pool::PoolError::InsufficientFunds: {
            const U256 cost = tx.tx.max_fee_per_gas * U256{tx.tx.gas_limit} + tx.tx.value +
                              tx.tx.max_fee_per_blob_gas * U256{tx.tx.blob_hashes.size()} * U256{1ULL << 17};
            message += ": balance " + to_decimal(account.balance) + ", tx cost " + to_decimal(cost);
            if (cost > account.balance) message += ", overshot " + to_decimal(cost - account.balance);
            break;
        }
        case pool::PoolError::IntrinsicGas:
        case pool::PoolError::FloorGas: {
            const auto rules = context.ledger.rules_of(context.ledger.head()->block.header);
            const auto needed = stf::compute_intrinsic_gas(tx.tx, rules);
            const auto want = error == pool::PoolError::IntrinsicGas ? needed.gas : needed.floor;
            message += ": gas " + std::to_string(tx.tx.gas_limit) + ", minimum needed " + std::to_string(want);
            break;
        }
        case pool::PoolError::TipAboveFeeCap:
            message += ": maxPriorityFeePerGas: " + to_decimal(tx.tx.max_priority_fee_per_gas) +
                       ", maxFeePerGas: " + to_decimal(tx.tx.max_fee_per_gas);
            break;
        default: break;
    }
    return {SERVER_ERROR, std::move(message)};
}

void submit_checked(Context& context, pool::TxPtr tx, std::function<void(RpcResult<Hash32>)> done) {
    context.sequencer->submit(tx, [&context, tx, done = std::move(done)](Result<void, pool::PoolError> added) {
        if (!added) return done(fail(to_rpc_error(context, added.error(), *tx)));
        done(tx->hash);
    });
}

void submit_raw(Context& context, Bytes raw, std::function<void(RpcResult<Hash32>)> done) {
    auto decoded = chain::decode_pooled_transaction(raw);
    if (!decoded) return done(rpc_fail(SERVER_ERROR, decode_message(decoded.error())));
    if (context.sequencer == nullptr) {
        if (!context.forward_transaction)
            return done(
                rpc_fail(SERVER_ERROR, "this node does not take transactions: it was started without a sequencer URL"));
        const Hash32 hash = chain::transaction_hash(decoded->tx);
        return context.forward_transaction(std::move(raw), [hash, done = std::move(done)](json::value response) {
            if (const auto* error = response.as_object().if_contains("error"); error != nullptr && error->is_object()) {
                const auto& object = error->get_object();
                RpcError result{SERVER_ERROR, "the sequencer refused the transaction"};
                if (const auto* message = object.if_contains("message"); message != nullptr && message->is_string())
                    result.message = message->get_string().c_str();
                if (const auto* code = object.if_contains("code"); code != nullptr && code->is_int64())
                    result.code = static_cast<int>(code->get_int64());
                return done(fail(std::move(result)));
            }
            done(hash);
        });
    }
    const auto sender = chain::recover_sender(decoded->tx);
    if (!sender) return done(rpc_fail(SERVER_ERROR, "invalid sender"));
    auto checked = std::make_shared<pool::CheckedTransaction>();
    checked->tx = std::move(decoded->tx);
    checked->sidecar = std::move(decoded->sidecar);
    const Bytes encoded = chain::encode(checked->tx);
    checked->hash = crypto::keccak256(encoded);
    checked->sender = *sender;
    checked->size_bytes = encoded.size();
    checked->arrived_ms = context.now_ms();

    const auto head = context.ledger.head();
    const auto rules = context.ledger.rules_of(head->block.header);
    const auto verdict =
        pool::check_stateless(checked->tx, checked->size_bytes, rules, head->block.header.gas_limit, pool::Limits{});
    if (!verdict) return done(fail(to_rpc_error(context, verdict.error(), *checked)));
    if (checked->tx.type == chain::TxType::Blob &&
        (!checked->sidecar || !context.check_sidecar || !context.check_sidecar(checked->tx, *checked->sidecar)))
        return done(rpc_fail(SERVER_ERROR, checked->sidecar
                                               ? "invalid blob sidecar: a blob, commitment or proof does not match"
                                               : "missing sidecar in blob transaction"));
    submit_checked(context, std::move(checked), std::move(done));
}

}  // namespace entresol::rpc
