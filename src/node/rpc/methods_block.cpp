// eth_ methods that read blocks, transactions and receipts.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

bool is_pending(const BlockId& id) {
    return std::holds_alternative<Tag>(id.id) && std::get<Tag>(id.id) == Tag::Pending;
}

RpcResult<json::value> eth_block_number(Context& context, const Params&) {
    return quantity(context.ledger.head()->number());
}

RpcResult<json::value> eth_get_block_by_number(Context& context, const Params& params) {
    TRY(const auto* unused, params.require(0));
    (void)unused;
    TRY(const auto id, block_id(params, 0));
    TRY(const bool full, params.boolean(1, false));
    if (is_pending(id) && context.sequencer != nullptr)
        return json::value(preview_to_json(*context.sequencer->preview(), full));
    const auto block = find_block(context, id);
    if (block == nullptr) return json::value(nullptr);
    return json::value(block_to_json(*block, full));
}

RpcResult<json::value> eth_get_block_by_hash(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    TRY(const bool full, params.boolean(1, false));
    const auto block = context.ledger.find_block(hash);
    if (block == nullptr) return json::value(nullptr);
    return json::value(block_to_json(*block, full));
}

RpcResult<json::value> count_by_number(Context& context, const Params& params) {
    TRY(const auto* unused, params.require(0));
    (void)unused;
    TRY(const auto id, block_id(params, 0));
    if (is_pending(id) && context.sequencer != nullptr)
        return quantity(context.sequencer->preview()->transactions.size());
    const auto block = find_block(context, id);
    return block == nullptr ? json::value(nullptr) : quantity(block->tx_hashes.size());
}

RpcResult<json::value> count_by_hash(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    const auto block = context.ledger.find_block(hash);
    return block == nullptr ? json::value(nullptr) : quantity(block->tx_hashes.size());
}

RpcResult<json::value> uncle_count(Context& context, const Params& params) {
    TRY(const auto id, block_id(params, 0));
    const auto block = find_block(context, id);
    return block == nullptr ? json::value(nullptr) : quantity(block->block.ommers.size());
}

RpcResult<json::value> uncle_at(Context& context, const Params& params) {
    TRY(const auto id, block_id(params, 0));
    TRY(const auto index, params.quantity64(1));
    const auto block = find_block(context, id);
    if (block == nullptr || index >= block->block.ommers.size()) return json::value(nullptr);
    const auto& ommer = block->block.ommers[index];
    json::object out = header_to_json(ommer, chain::header_hash(ommer));
    out["uncles"] = json::array{};
    return json::value(std::move(out));
}

json::value transaction_at(const ledger::BlockPtr& block, std::uint64_t index) {
    if (block == nullptr || index >= block->tx_hashes.size()) return nullptr;
    return transaction_to_json(*block, index);
}

RpcResult<json::value> eth_get_transaction_by_block_number_and_index(Context& context, const Params& params) {
    TRY(const auto id, block_id(params, 0));
    TRY(const auto index, params.quantity64(1));
    return transaction_at(find_block(context, id), index);
}

RpcResult<json::value> eth_get_transaction_by_block_hash_and_index(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    TRY(const auto index, params.quantity64(1));
    return transaction_at(context.ledger.find_block(hash), index);
}

RpcResult<json::value> eth_get_transaction_by_hash(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    if (const auto found = context.ledger.find_transaction(hash))
        return json::value(transaction_to_json(*found->block, found->index));
    if (context.sequencer == nullptr) return json::value(nullptr);
    if (const auto shown = context.sequencer->find_preview(hash))
        return json::value(
            transaction_to_json(shown->tx, hash, shown->sender, nullptr, U256{}, &shown->outcome.receipt));
    json::value result = nullptr;
    context.loop.run_and_wait([&] {
        const auto waiting = context.sequencer->pool().find(hash);
        if (waiting != nullptr) result = transaction_to_json(waiting->tx, hash, waiting->sender, nullptr, U256{});
    });
    return result;
}

RpcResult<json::value> eth_get_transaction_receipt(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    const auto found = context.ledger.find_transaction(hash);
    if (!found) return json::value(nullptr);
    return json::value(receipt_to_json(*found->block, found->index, context.ledger.config()));
}

RpcResult<json::value> eth_get_block_receipts(Context& context, const Params& params) {
    TRY(const auto* unused, params.require(0));
    (void)unused;
    TRY(const auto id, block_id(params, 0));
    const auto block = find_block(context, id);
    if (block == nullptr) return json::value(nullptr);
    json::array out;
    for (std::size_t i = 0; i < block->tx_hashes.size(); ++i)
        out.push_back(receipt_to_json(*block, i, context.ledger.config()));
    return json::value(std::move(out));
}

RpcResult<json::value> raw_transaction_by_hash(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    const auto found = context.ledger.find_transaction(hash);
    if (found) return hex_data(chain::encode(found->block->block.transactions[found->index]));
    if (context.sequencer != nullptr)
        if (const auto shown = context.sequencer->find_preview(hash)) return hex_data(chain::encode(shown->tx));
    return json::value("0x");
}

RpcResult<ledger::BlockPtr> require_block(Context& context, const Params& params) {
    TRY(const auto* unused, params.require(0));
    (void)unused;
    TRY(const auto id, block_id(params, 0));
    auto block = find_block(context, id);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "block not found");
    return block;
}

RpcResult<json::value> debug_get_raw_header(Context& context, const Params& params) {
    TRY(const auto block, require_block(context, params));
    return hex_data(chain::encode(block->block.header));
}

RpcResult<json::value> debug_get_raw_block(Context& context, const Params& params) {
    TRY(const auto block, require_block(context, params));
    return hex_data(chain::encode(block->block));
}

RpcResult<json::value> debug_get_raw_receipts(Context& context, const Params& params) {
    TRY(const auto block, require_block(context, params));
    json::array out;
    for (const auto& outcome : block->outcomes) out.push_back(hex_data(chain::encode(outcome.receipt)));
    return json::value(std::move(out));
}

constexpr Method METHODS[] = {
    {"eth_blockNumber", eth_block_number},
    {"eth_getBlockByNumber", eth_get_block_by_number},
    {"eth_getBlockByHash", eth_get_block_by_hash},
    {"eth_getBlockTransactionCountByNumber", count_by_number},
    {"eth_getBlockTransactionCountByHash", count_by_hash},
    {"eth_getUncleCountByBlockNumber", uncle_count},
    {"eth_getUncleCountByBlockHash", uncle_count},
    {"eth_getUncleByBlockNumberAndIndex", uncle_at},
    {"eth_getUncleByBlockHashAndIndex", uncle_at},
    {"eth_getTransactionByBlockNumberAndIndex", eth_get_transaction_by_block_number_and_index},
    {"eth_getTransactionByBlockHashAndIndex", eth_get_transaction_by_block_hash_and_index},
    {"eth_getTransactionByHash", eth_get_transaction_by_hash},
    {"eth_getTransactionReceipt", eth_get_transaction_receipt},
    {"eth_getBlockReceipts", eth_get_block_receipts},
    {"eth_getRawTransactionByHash", raw_transaction_by_hash},
    {"debug_getRawTransaction", raw_transaction_by_hash},
    {"debug_getRawHeader", debug_get_raw_header},
    {"debug_getRawBlock", debug_get_raw_block},
    {"debug_getRawReceipts", debug_get_raw_receipts},
};

}  // namespace

std::span<const Method> block_methods() { return METHODS; }

}  // namespace entresol::rpc
