// Sending transactions: eth_sendRawTransaction and eth_sendRawTransactionSync (EIP-7966).
#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/submit.hpp"

namespace entresol::rpc {
namespace {

// EIP-7966's codes.
constexpr int SYNC_TIMEOUT = 4;
constexpr int SYNC_QUEUED = 5;
constexpr int SYNC_NONCE_GAP = 6;

void eth_send_raw_transaction(Context& context, const Params& params, const Caller&, Reply reply) {
    auto raw = params.data(0);
    if (!raw) return reply(fail(raw.error()));
    submit_raw(context, std::move(*raw), [reply = std::move(reply)](RpcResult<Hash32> hash) {
        if (!hash) return reply(fail(hash.error()));
        reply(to_json(*hash));
    });
}

// The same for those of a batch that stand side by side.
void send_raw_transactions(Context& context, std::span<const Params> calls, ReplyOne reply) {
    std::vector<RawTransaction> many;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        if (auto raw = calls[i].data(0))
            many.push_back({.place = i, .raw = std::move(*raw)});
        else
            reply(i, fail(raw.error()));
    }
    submit_raw_many(context, std::move(many), [reply = std::move(reply)](std::size_t i, RpcResult<Hash32> hash) {
        if (!hash) return reply(i, fail(hash.error()));
        reply(i, to_json(*hash));
    });
}

// Clients differ: milliseconds as a JSON number, as "0x…" or as decimal text.
RpcResult<std::uint64_t> read_timeout(const Params& params, const Limits& limits) {
    const auto* value = params.find(1);
    if (value == nullptr) return limits.sync_send_default_ms;
    if (value->is_string() && value->get_string().find("0x") != 0) {
        const auto decimal = parse_decimal(std::string_view(value->get_string()));
        if (!decimal || !decimal->fits_u64())
            return invalid_params("invalid argument 1: timeout is neither a number nor a hex quantity of milliseconds");
        return std::min(decimal->limb[0], limits.sync_send_max_ms);
    }
    TRY(const auto timeout, read_quantity64(*value, "invalid argument 1"));
    if (timeout == 0) return invalid_params("invalid argument 1: timeout must be positive");
    return std::min(timeout, limits.sync_send_max_ms);
}

// On the loop, so that the preview stands still.
RpcResult<json::value> find_receipt(Context& context, const Hash32& hash) {
    if (const auto found = context.ledger.find_transaction(hash))
        return json::value(receipt_to_json(*found->block, found->index, context.ledger.config()));
    const auto preview = context.sequencer->preview();
    const auto shown = context.sequencer->find_preview(hash);
    if (shown != nullptr && shown->index < preview->transactions.size())
        return json::value(preview_receipt_to_json(*preview, shown->index, context.ledger.config()));
    return rpc_fail(INTERNAL_ERROR, "the transaction was included but its receipt is gone");
}

// On the loop. Says why the wait was in vain.
RpcError sync_failure(Context& context, const Hash32& hash) {
    const auto where = context.sequencer->pool().why(hash);
    if (where.state == pool::Whereabouts::State::NonceGap)
        return {SYNC_NONCE_GAP, "nonce too high: " + where.reason, quantity(where.expected_nonce.value_or(0))};
    if (where.state == pool::Whereabouts::State::Ready || where.state == pool::Whereabouts::State::Unknown)
        return {SYNC_TIMEOUT, "the transaction was added to the pool but was not included within the timeout",
                to_json(hash)};
    return {SYNC_QUEUED, "the transaction is queued: " + where.reason, to_json(hash)};
}

void eth_send_raw_transaction_sync(Context& context, const Params& params, const Caller&, Reply reply) {
    auto raw = params.data(0);
    if (!raw) return reply(fail(raw.error()));
    const auto timeout = read_timeout(params, context.limits);
    if (!timeout) return reply(fail(timeout.error()));
    submit_raw(context, std::move(*raw),
               [&context, timeout_ms = *timeout, reply = std::move(reply)](RpcResult<Hash32> sent) {
                   if (!sent) return reply(fail(sent.error()));
                   const Hash32 hash = *sent;
                   const auto gap = context.sequencer->pool().why(hash);
                   if (gap.state == pool::Whereabouts::State::NonceGap) return reply(fail(sync_failure(context, hash)));
                   context.sequencer->wait_for(hash, timeout_ms, [&context, hash, reply](bool included) {
                       if (included) return reply(find_receipt(context, hash));
                       reply(fail(sync_failure(context, hash)));
                   });
               });
}

constexpr Method METHODS[] = {
    {"eth_sendRawTransaction", nullptr, eth_send_raw_transaction, Needs::Nothing, send_raw_transactions},
    {"eth_sendRawTransactionSync", nullptr, eth_send_raw_transaction_sync, Needs::Sequencer},
};

}  // namespace

std::span<const Method> transaction_methods() { return METHODS; }

}  // namespace entresol::rpc
