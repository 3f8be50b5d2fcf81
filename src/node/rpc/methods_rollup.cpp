// optimism_ methods as op-node answers them, and entresol_'s own: where a transaction stands, what it will cost.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/rollup_methods.hpp"

namespace entresol::rpc {
namespace {

RpcResult<json::value> sync_status(Context& context, const Params&) {
    return json::value(context.rollup->sync_status());
}
RpcResult<json::value> rollup_config(Context& context, const Params&) {
    return json::value(context.rollup->rollup_config());
}
RpcResult<json::value> chain_file(Context& context, const Params&) { return json::value(context.rollup->chain_file()); }
RpcResult<json::value> version(Context& context, const Params&) { return json::value(context.client_version); }

RpcResult<json::value> output_at_block(Context& context, const Params& params) {
    TRY(const auto number, params.quantity64(0));
    const auto block = context.ledger.find_block(number);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "not found");
    const auto& header = block->block.header;
    return json::value(json::object{{"version", to_json(Hash32{})},
                                    {"outputRoot", to_json(context.rollup->output_root(*block))},
                                    {"blockRef", json::object{{"hash", to_json(block->hash)},
                                                              {"number", block->number()},
                                                              {"parentHash", to_json(header.parent_hash)},
                                                              {"timestamp", header.timestamp}}},
                                    {"withdrawalStorageRoot", to_json(header.withdrawals_root.value_or(Hash32{}))},
                                    {"stateRoot", to_json(header.state_root)},
                                    {"syncStatus", context.rollup->sync_status()}});
}

RpcResult<json::value> block_status(Context& context, const Params& params) {
    TRY(const auto id, block_id(params, 0));
    const auto block = find_block(context, id);
    if (block == nullptr) return json::value(nullptr);
    return json::value(context.rollup->block_status(*block));
}

// From the pool to finality: what has happened to a transaction and what it waits for.
RpcResult<json::value> transaction_status(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    if (const auto found = context.ledger.find_transaction(hash)) {
        json::object out = context.rollup->block_status(*found->block);
        out["transactionIndex"] = quantity(found->index);
        out["receipt"] = receipt_to_json(*found->block, found->index, context.ledger.config());
        return json::value(std::move(out));
    }
    if (context.sequencer == nullptr) return json::value(nullptr);
    if (const auto shown = context.sequencer->find_preview(hash)) {
        json::object out{{"status", "mini-block"}, {"waitsFor", "the seal of its block"}};
        if (shown->mini_block != nullptr) out["miniBlock"] = mini_block_to_json(*shown->mini_block);
        return json::value(std::move(out));
    }
    pool::Whereabouts where;
    context.loop.run_and_wait([&] { where = context.sequencer->pool().why(hash); });
    if (where.state == pool::Whereabouts::State::Unknown) return json::value(nullptr);
    return json::value(json::object{{"status", pool::to_string(where.state)}, {"waitsFor", where.reason}});
}

RpcResult<json::value> withdrawal_status(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    auto status = context.rollup->withdrawal_status(hash);
    return status ? json::value(std::move(*status)) : json::value(nullptr);
}

RpcResult<json::value> recent_batches(Context& context, const Params&) {
    return json::value(context.rollup->recent_batches(100));
}
RpcResult<json::value> proposals(Context& context, const Params&) {
    return json::value(context.rollup->proposals(100));
}

RpcResult<json::value> disputes(Context& context, const Params&) {
    auto games = context.rollup->disputes(100);
    if (!games) return rpc_fail(SERVER_ERROR, "L1: " + games.error());
    return json::value(std::move(*games));
}
RpcResult<json::value> dispute(Context& context, const Params& params) {
    TRY(const auto game, params.address(0));
    auto found = context.rollup->dispute(game);
    if (!found) return rpc_fail(SERVER_ERROR, "L1: " + found.error());
    return *found ? json::value(std::move(**found)) : json::value(nullptr);
}

// Every part of what a transaction will cost, so that "send all" can be exact.
RpcResult<json::value> estimate_fees(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(auto args, read_call_args(*value, "invalid argument 0"));
    const auto snapshot = context.newest_state();
    CallEnvironment environment(context, snapshot, {}, {});
    TRY(const auto outcome, environment.run(args, environment.gas_of(args)));
    if (outcome.status != evm::Status::Success) return fail(to_rpc_error(outcome));
    const auto& rules = environment.block().rules;
    state::Journal journal(environment.view());
    const auto l1_params = stf::load_l1_fee_params(journal, rules);
    chain::Transaction tx = make_transaction(args, journal.nonce(args.from), outcome.gas_used, rules.chain_id);
    tx.signature = {.r = U256::max(), .s = U256::max(), .y_parity = 1};  // the largest a signature can be
    const U256 price =
        snapshot.context().base_fee_per_gas.value_or(U256{}) + args.max_priority_fee_per_gas.value_or(U256{});
    const U256 execution = price * U256{outcome.gas_used};
    const U256 l1_fee = stf::compute_l1_fee(l1_params, chain::encode(tx), rules);
    const U256 operator_fee = stf::compute_operator_fee(l1_params, outcome.gas_used, rules);
    return json::value(json::object{{"gas", quantity(outcome.gas_used)},
                                    {"gasPrice", quantity(price)},
                                    {"executionFee", quantity(execution)},
                                    {"l1Fee", quantity(l1_fee)},
                                    {"operatorFee", quantity(operator_fee)},
                                    {"totalFee", quantity(execution + l1_fee + operator_fee)}});
}

RpcResult<json::value> mini_blocks(Context& context, const Params&) {
    json::array out;
    for (const auto& mini_block : context.sequencer->preview()->mini_blocks)
        out.push_back(mini_block_to_json(*mini_block));
    return json::value(std::move(out));
}

constexpr Method METHODS[] = {
    {"optimism_syncStatus", sync_status, nullptr, Needs::Rollup},
    {"optimism_rollupConfig", rollup_config, nullptr, Needs::Rollup},
    {"optimism_outputAtBlock", output_at_block, nullptr, Needs::Rollup},
    {"optimism_version", version, nullptr, Needs::Rollup},
    {"entresol_chainFile", chain_file, nullptr, Needs::Rollup},
    {"entresol_blockStatus", block_status, nullptr, Needs::Rollup},
    {"entresol_transactionStatus", transaction_status, nullptr, Needs::Rollup},
    {"entresol_withdrawalStatus", withdrawal_status, nullptr, Needs::Rollup},
    {"entresol_batches", recent_batches, nullptr, Needs::Rollup},
    {"entresol_proposals", proposals, nullptr, Needs::Rollup},
    {"entresol_disputes", disputes, nullptr, Needs::Rollup},
    {"entresol_dispute", dispute, nullptr, Needs::Rollup},
    {"entresol_estimateFees", estimate_fees, nullptr, Needs::Rollup},
    {"entresol_miniBlocks", mini_blocks, nullptr, Needs::Sequencer},
};

}  // namespace

std::span<const Method> rollup_methods() { return METHODS; }

}  // namespace entresol::rpc
