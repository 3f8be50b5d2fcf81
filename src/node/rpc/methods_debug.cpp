// debug_trace…: transactions replayed under a tracer.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/tracers.hpp"

namespace entresol::rpc {
namespace {

/// A block executed again on its parent's state, transaction by transaction.
class Replay {
public:
    Replay(Context& context, const ledger::StoredBlock& block, const ledger::BlockPtr& parent)
        : block_(block),
          view_(context.ledger.state_at(parent).open()),
          journal_(*view_),
          environment_(stf::make_block_context(block.block.header, context.ledger.rules_of(block.block.header))) {
        evm::Vm vm(journal_, environment_);
        stf::begin_block(journal_, vm, block.block.header, environment_.rules);
    }
    /// The next transaction, watched where there is a tracer.
    RpcResult<json::value> next(TransactionTracer* tracer) {
        const std::size_t i = done_++;
        const auto& tx = block_.block.transactions[i];
        if (tracer != nullptr) tracer->begin({journal_, environment_, tx, block_.senders[i]});
        evm::Vm vm(journal_, environment_, tracer);
        const auto outcome = stf::apply_transaction(journal_, vm, environment_, progress_, tx, block_.senders[i]);
        if (!outcome)
            return rpc_fail(SERVER_ERROR, "tracing failed: transaction " + std::to_string(i) + ": " +
                                              stf::geth_message(outcome.error()));
        return tracer != nullptr ? tracer->finish(*outcome) : json::value(nullptr);
    }

private:
    const ledger::StoredBlock& block_;
    std::unique_ptr<state::StateView> view_;
    state::Journal journal_;
    evm::BlockContext environment_;
    stf::BlockProgress progress_;
    std::size_t done_ = 0;
};

RpcResult<ledger::BlockPtr> parent_of(const Context& context, const ledger::StoredBlock& block) {
    if (block.number() == 0) return rpc_fail(SERVER_ERROR, "genesis is not traceable");
    auto parent = context.ledger.find_block(block.block.header.parent_hash);
    if (parent == nullptr) return rpc_fail(SERVER_ERROR, "parent block is not available");
    return parent;
}

RpcResult<json::value> trace_transaction(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    TRY(const auto options, read_trace_options(params.find(1), context.limits));
    const auto found = context.ledger.find_transaction(hash);
    if (!found) return rpc_fail(SERVER_ERROR, "transaction not found");
    TRY(const auto parent, parent_of(context, *found->block));
    TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
    TRY(const auto tracer, make_tracer(options, budget));
    Replay replay(context, *found->block, parent);
    for (std::size_t i = 0; i < found->index; ++i) {
        TRY(const auto before, replay.next(nullptr));
        TRY_VOID(budget.check());
    }
    TRY(auto result, replay.next(tracer.get()));
    TRY_VOID(budget.check());
    return result;
}

RpcResult<json::value> trace_block(Context& context, const ledger::StoredBlock& block, const json::value* raw_options) {
    TRY(const auto options, read_trace_options(raw_options, context.limits));
    TRY(const auto parent, parent_of(context, block));
    TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
    Replay replay(context, block, parent);
    json::array out;
    for (const auto& hash : block.tx_hashes) {
        TRY(const auto tracer, make_tracer(options, budget));
        TRY(auto result, replay.next(tracer.get()));
        TRY_VOID(budget.check());
        out.push_back(json::object{{"txHash", to_json(hash)}, {"result", std::move(result)}});
    }
    return json::value(std::move(out));
}

RpcResult<json::value> trace_block_by_number(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(const auto id, read_block_id(value, "invalid argument 0"));
    const auto block = find_block(context, id);
    const auto* number = std::get_if<std::uint64_t>(&id.id);
    if (block == nullptr)
        return rpc_fail(SERVER_ERROR,
                        number != nullptr ? "block #" + std::to_string(*number) + " not found" : "block not found");
    return trace_block(context, *block, params.find(1));
}

RpcResult<json::value> trace_block_by_hash(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    const auto block = context.ledger.find_block(hash);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "block " + to_hex(hash) + " not found");
    return trace_block(context, *block, params.find(1));
}

RpcResult<json::value> trace_call(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(const auto args, read_call_args(*value, "invalid argument 0"));
    TRY(const auto id, block_id(params, 1));
    TRY(const auto options, read_trace_options(params.find(2), context.limits));
    const auto* object = params.find(2) != nullptr ? params.find(2)->if_object() : nullptr;
    const auto option = [&](const char* name) { return object != nullptr ? object->if_contains(name) : nullptr; };
    TRY(auto overrides, read_state_overrides(option("stateOverrides")));
    TRY(const auto block_overrides, read_block_overrides(option("blockOverrides")));
    TRY(const auto snapshot, find_state(context, id));
    CallEnvironment environment(context, snapshot, std::move(overrides), block_overrides);
    TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
    TRY(const auto tracer, make_tracer(options, budget));
    json::value result;
    const RunHooks hooks{
        .before = [&](state::Journal& journal, const evm::BlockContext& block,
                      const chain::Transaction& tx) { tracer->begin({journal, block, tx, args.from}); },
        .after = [&](const stf::TxOutcome& outcome) { result = tracer->finish(outcome); }};
    TRY(const auto outcome, environment.run(args, environment.gas_of(args), tracer.get(), hooks));
    TRY_VOID(budget.check());
    return result;
}

constexpr Method METHODS[] = {
    {"debug_traceTransaction", trace_transaction},
    {"debug_traceBlockByNumber", trace_block_by_number},
    {"debug_traceBlockByHash", trace_block_by_hash},
    {"debug_traceCall", trace_call},
};

}  // namespace

std::span<const Method> debug_methods() { return METHODS; }

}  // namespace entresol::rpc
