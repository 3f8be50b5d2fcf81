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

void submit_checked(Context& context, const pool::TxPtr& tx, std::function<void(RpcResult<Hash32>)> done) {
    context.sequencer->submit(tx, [&context, tx, done = std::move(done)](Result<void, pool::PoolError> added) {
        if (!added) return done(fail(to_rpc_error(context, added.error(), *tx)));
        done(tx->hash);
    });
}

namespace {

// A replica: the sequencer's answer is ours.
void forward(Context& context, Bytes raw, const Hash32& hash, std::function<void(RpcResult<Hash32>)> done) {
    if (!context.forward_transaction)
        return done(
            rpc_fail(SERVER_ERROR, "this node does not take transactions: it was started without a sequencer URL"));
    context.forward_transaction(std::move(raw), [hash, done = std::move(done)](json::value response) {
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

// What was sent is the canonical encoding: the decoder takes no other. With a sidecar it is more than that.
std::shared_ptr<pool::CheckedTransaction> make_checked(const Context& context, chain::Transaction tx,
                                                       std::optional<chain::BlobSidecar> sidecar, ByteView raw,
                                                       const Address& sender) {
    auto checked = std::make_shared<pool::CheckedTransaction>();
    checked->tx = std::move(tx);
    checked->sidecar = std::move(sidecar);
    const Bytes encoded = checked->sidecar ? chain::encode(checked->tx) : Bytes{};
    const ByteView canonical = checked->sidecar ? ByteView(encoded) : raw;
    checked->hash = crypto::keccak256(canonical);
    checked->sender = sender;
    checked->size_bytes = canonical.size();
    checked->arrived_ms = context.now_ms();
    return checked;
}

RpcResult<void> check(Context& context, const pool::CheckedTransaction& checked, const ledger::StoredBlock& head,
                      const chain::Rules& rules) {
    static const pool::Limits LIMITS{};
    const auto& tx = checked.tx;
    const auto verdict = pool::check_stateless(tx, checked.size_bytes, rules, head.block.header.gas_limit, LIMITS);
    if (!verdict) return fail(to_rpc_error(context, verdict.error(), checked));
    if (tx.type == chain::TxType::Blob &&
        (!checked.sidecar || !context.check_sidecar || !context.check_sidecar(tx, *checked.sidecar)))
        return rpc_fail(SERVER_ERROR, checked.sidecar
                                          ? "invalid blob sidecar: a blob, commitment or proof does not match"
                                          : "missing sidecar in blob transaction");
    return {};
}

// What was decoded of many, in step with their places.
struct Decoded {
    std::vector<std::size_t> at;  // in what was given
    std::vector<chain::Transaction> transactions;
    std::vector<std::optional<chain::BlobSidecar>> sidecars;
};

Decoded decode_many(const std::vector<RawTransaction>& many, const DoneOne& done) {
    Decoded out;
    out.transactions.reserve(many.size());
    for (std::size_t i = 0; i < many.size(); ++i) {
        auto decoded = chain::decode_pooled_transaction(many[i].raw);
        if (!decoded) {
            done(many[i].place, rpc_fail(SERVER_ERROR, decode_message(decoded.error())));
            continue;
        }
        out.at.push_back(i);
        out.transactions.push_back(std::move(decoded->tx));
        out.sidecars.push_back(std::move(decoded->sidecar));
    }
    return out;
}

}  // namespace

void submit_raw_many(Context& context, std::vector<RawTransaction> many, const DoneOne& done) {
    auto [at, transactions, sidecars] = decode_many(many, done);
    if (context.sequencer == nullptr) {
        for (std::size_t i = 0; i < at.size(); ++i)
            forward(context, std::move(many[at[i]].raw), chain::transaction_hash(transactions[i]),
                    [done, place = many[at[i]].place](RpcResult<Hash32> hash) { done(place, std::move(hash)); });
        return;
    }
    std::vector<std::optional<Address>> senders(transactions.size());
    chain::recover_senders(transactions, senders);
    const auto head = context.ledger.head();
    const auto rules = context.ledger.rules_of(head->block.header);
    std::vector<pool::TxPtr> good;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < at.size(); ++i) {
        const auto& [place, raw] = many[at[i]];
        if (!senders[i]) {
            done(place, rpc_fail(SERVER_ERROR, "invalid sender"));
            continue;
        }
        auto checked = make_checked(context, std::move(transactions[i]), std::move(sidecars[i]), raw, *senders[i]);
        if (auto fine = check(context, *checked, *head, rules); !fine) {
            done(place, fail(fine.error()));
            continue;
        }
        good.push_back(std::move(checked));
        places.push_back(place);
    }
    if (good.empty()) return;
    context.sequencer->submit_many(
        good, [&context, good, places = std::move(places), done](std::size_t i, Result<void, pool::PoolError> added) {
            if (!added) return done(places[i], fail(to_rpc_error(context, added.error(), *good[i])));
            done(places[i], good[i]->hash);
        });
}

void submit_raw(Context& context, Bytes raw, std::function<void(RpcResult<Hash32>)> done) {
    std::vector<RawTransaction> one;
    one.push_back({.place = 0, .raw = std::move(raw)});
    submit_raw_many(context, std::move(one),
                    [done = std::move(done)](std::size_t, RpcResult<Hash32> hash) { done(std::move(hash)); });
}

}  // namespace entresol::rpc
