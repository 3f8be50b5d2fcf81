// Who this node is, and its pool: net_, web3_, eth_chainId, eth_syncing, txpool_.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

RpcResult<json::value> web3_client_version(Context& context, const Params&) {
    return json::value(context.client_version);
}
RpcResult<json::value> web3_sha3(Context&, const Params& params) {
    TRY(const auto input, params.data(0));
    return to_json(crypto::keccak256(input));
}
RpcResult<json::value> net_version(Context& context, const Params&) {
    return json::value(std::to_string(context.ledger.config().chain_id));
}
RpcResult<json::value> net_listening(Context&, const Params&) { return json::value(true); }
RpcResult<json::value> net_peer_count(Context&, const Params&) { return json::value("0x0"); }
RpcResult<json::value> eth_chain_id(Context& context, const Params&) {
    return quantity(context.ledger.config().chain_id);
}
RpcResult<json::value> eth_syncing(Context&, const Params&) { return json::value(false); }
RpcResult<json::value> eth_accounts(Context&, const Params&) { return json::value(json::array{}); }
RpcResult<json::value> eth_coinbase(Context& context, const Params&) {
    return to_json(context.ledger.head()->block.header.coinbase);
}

RpcResult<json::value> eth_capabilities(Context& context, const Params&) {
    const auto head = context.ledger.head();
    // Everything from genesis is kept: nothing is pruned.
    const json::object all{{"disabled", false}, {"oldestBlock", "0x0"}};
    return json::value(
        json::object{{"head", json::object{{"number", quantity(head->number())}, {"hash", to_json(head->hash)}}},
                     {"state", all},
                     {"tx", all},
                     {"logs", all},
                     {"receipts", all},
                     {"blocks", all},
                     {"stateproofs", all}});
}

pool::Pool::Content content_of(Context& context) {
    pool::Pool::Content content;
    if (context.sequencer != nullptr) context.loop.run_and_wait([&] { content = context.sequencer->pool().content(); });
    return content;
}

using BySender = std::map<Address, std::map<std::uint64_t, pool::TxPtr>>;

json::object transactions_of(const std::map<std::uint64_t, pool::TxPtr>& by_nonce) {
    json::object out;
    for (const auto& [nonce, tx] : by_nonce)
        out[std::to_string(nonce)] = transaction_to_json(tx->tx, tx->hash, tx->sender, nullptr, U256{});
    return out;
}
json::object content_json(const BySender& senders) {
    json::object out;
    for (const auto& [sender, by_nonce] : senders) out[to_hex(sender)] = transactions_of(by_nonce);
    return out;
}

RpcResult<json::value> txpool_content(Context& context, const Params&) {
    const auto content = content_of(context);
    return json::value(
        json::object{{"pending", content_json(content.pending)}, {"queued", content_json(content.queued)}});
}

RpcResult<json::value> txpool_content_from(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    const auto content = content_of(context);
    const auto of = [&](const BySender& senders) {
        const auto it = senders.find(address);
        return it == senders.end() ? json::object{} : transactions_of(it->second);
    };
    return json::value(json::object{{"pending", of(content.pending)}, {"queued", of(content.queued)}});
}

RpcResult<json::value> txpool_status(Context& context, const Params&) {
    const auto content = content_of(context);
    const auto count = [](const BySender& senders) {
        std::size_t n = 0;
        for (const auto& [sender, by_nonce] : senders) n += by_nonce.size();
        return quantity(n);
    };
    return json::value(json::object{{"pending", count(content.pending)}, {"queued", count(content.queued)}});
}

json::object inspect_json(const BySender& senders) {
    json::object out;
    for (const auto& [sender, by_nonce] : senders) {
        json::object lines;
        for (const auto& [nonce, tx] : by_nonce) {
            const std::string to = tx->tx.to ? to_hex(*tx->tx.to) : "contract creation";
            lines[std::to_string(nonce)] = to + ": " + to_decimal(tx->tx.value) + " wei + " +
                                           std::to_string(tx->tx.gas_limit) + " gas × " +
                                           to_decimal(tx->tx.max_fee_per_gas) + " wei";
        }
        out[to_hex(sender)] = std::move(lines);
    }
    return out;
}

RpcResult<json::value> txpool_inspect(Context& context, const Params&) {
    const auto content = content_of(context);
    return json::value(
        json::object{{"pending", inspect_json(content.pending)}, {"queued", inspect_json(content.queued)}});
}

// Entresol's own: in words a person understands, why a transaction is not in a block (yet).
RpcResult<json::value> txpool_why(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    if (const auto found = context.ledger.find_transaction(hash))
        return json::value(json::object{{"state", "included"},
                                        {"blockNumber", quantity(found->block->number())},
                                        {"blockHash", to_json(found->block->hash)}});
    pool::Whereabouts where;
    context.loop.run_and_wait([&] { where = context.sequencer->pool().why(hash); });
    if (where.state == pool::Whereabouts::State::Unknown) {
        where.reason = "this node has not seen the transaction within the last day";
    }
    json::object out{{"state", pool::to_string(where.state)}, {"reason", where.reason}};
    if (where.expected_nonce) out["expectedNonce"] = quantity(*where.expected_nonce);
    if (where.replaced_by) out["replacedBy"] = to_json(*where.replaced_by);
    if (where.block_number) out["blockNumber"] = quantity(*where.block_number);
    return json::value(std::move(out));
}

constexpr Method NET_METHODS[] = {
    {"web3_clientVersion", web3_client_version},
    {"web3_sha3", web3_sha3},
    {"net_version", net_version},
    {"net_listening", net_listening},
    {"net_peerCount", net_peer_count},
    {"eth_chainId", eth_chain_id},
    {"eth_syncing", eth_syncing},
    {"eth_accounts", eth_accounts, nullptr, Needs::NotDev},
    {"eth_coinbase", eth_coinbase},
    {"eth_capabilities", eth_capabilities},
};
constexpr Method TXPOOL_METHODS[] = {
    {"txpool_content", txpool_content},
    {"txpool_contentFrom", txpool_content_from},
    {"txpool_status", txpool_status},
    {"txpool_inspect", txpool_inspect},
    {"txpool_why", txpool_why, nullptr, Needs::Sequencer},
    {"entresol_whyPending", txpool_why, nullptr, Needs::Sequencer},
};

}  // namespace

std::span<const Method> net_methods() { return NET_METHODS; }
std::span<const Method> txpool_methods() { return TXPOOL_METHODS; }

}  // namespace entresol::rpc
