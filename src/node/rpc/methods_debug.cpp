// debug_trace…: transactions replayed under a tracer.
#include <algorithm>

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/tracers.hpp"

namespace entresol::rpc {
namespace {

/// A block, sealed or in progress, executed again on the state before it, transaction by transaction.
class Replay {
public:
    Replay(Context& context, const chain::Header& header, const ledger::StateSnapshot& before)
        : view_(before.open()),
          journal_(*view_),
          environment_(stf::make_block_context(header, context.ledger.rules_of(header))) {
        evm::Vm vm(journal_, environment_);
        stf::begin_block(journal_, vm, header, environment_.rules);
    }
    /// The next transaction, watched where there is a tracer.
    RpcResult<json::value> next(const chain::Transaction& tx, const Address& sender, TransactionTracer* tracer) {
        const std::size_t i = done_++;
        if (tracer != nullptr) tracer->begin({journal_, environment_, tx, sender});
        evm::Vm vm(journal_, environment_, tracer);
        const auto outcome = stf::apply_transaction(journal_, vm, environment_, progress_, tx, sender);
        if (view_->has_failed()) return rpc_fail(SERVER_ERROR, "missing trie node: the state is not available");
        if (!outcome)
            return rpc_fail(SERVER_ERROR, "tracing failed: transaction " + std::to_string(i) + ": " +
                                              stf::geth_message(outcome.error()));
        return tracer != nullptr ? tracer->finish(*outcome) : json::value(nullptr);
    }

private:
    std::unique_ptr<state::StateView> view_;
    state::Journal journal_;
    evm::BlockContext environment_;
    stf::BlockProgress progress_;
    std::size_t done_ = 0;
};

RpcResult<ledger::StateSnapshot> state_before(const Context& context, const ledger::StoredBlock& block) {
    if (block.number() == 0) return rpc_fail(SERVER_ERROR, "genesis is not traceable");
    TRY_VOID(check_state_kept(context, block.number() - 1));
    auto before = context.ledger.state_before(block);
    if (!before) return rpc_fail(SERVER_ERROR, "parent block is not available");
    return std::move(*before);
}

// A transaction that a mini-block has shown, in the block in progress; nothing when it is in none.
std::optional<RpcResult<json::value>> trace_preview(Context& context, const Hash32& hash, const TraceOptions& options) {
    if (context.sequencer == nullptr || context.sequencer->find_preview(hash) == nullptr) return std::nullopt;
    const auto preview = context.sequencer->preview();
    const auto is_wanted = [&](const auto& tx) { return tx->hash == hash; };
    if (std::none_of(preview->transactions.begin(), preview->transactions.end(), is_wanted)) return std::nullopt;
    const auto parent = context.ledger.find_block(preview->parent_hash);
    if (parent == nullptr) return std::nullopt;  // abandoned meanwhile
    const auto run = [&]() -> RpcResult<json::value> {
        TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
        TRY(const auto tracer, make_tracer(options, budget));
        Replay replay(
            context, preview->header,
            ledger::StateSnapshot(context.ledger.store(), parent->block.header, preview->base_root, {}, false));
        for (const auto& tx : preview->transactions) {
            TRY(auto result, replay.next(tx->tx, tx->sender, is_wanted(tx) ? tracer.get() : nullptr));
            TRY_VOID(budget.check());
            if (is_wanted(tx)) return result;
        }
        return rpc_fail(INTERNAL_ERROR, "transaction not found");
    };
    return run();
}

RpcResult<json::value> trace_transaction(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    TRY(const auto options, read_trace_options(params.find(1), context.limits));
    // In progress first: what is sealed between the two looks is then found in its block.
    if (auto traced = trace_preview(context, hash, options)) return std::move(*traced);
    const auto found = context.ledger.find_transaction(hash);
    if (!found) return rpc_fail(SERVER_ERROR, "transaction not found");
    const auto& block = *found->block;
    TRY(const auto state, state_before(context, block));
    TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
    TRY(const auto tracer, make_tracer(options, budget));
    Replay replay(context, block.block.header, state);
    for (std::size_t i = 0; i < found->index; ++i) {
        TRY(const auto before, replay.next(block.block.transactions[i], block.senders[i], nullptr));
        TRY_VOID(budget.check());
    }
    TRY(auto result, replay.next(block.block.transactions[found->index], block.senders[found->index], tracer.get()));
    TRY_VOID(budget.check());
    return result;
}

RpcResult<json::value> trace_block(Context& context, const ledger::StoredBlock& block, const json::value* raw_options) {
    TRY(const auto options, read_trace_options(raw_options, context.limits));
    TRY(const auto state, state_before(context, block));
    TraceBudget budget(options.timeout_ms, context.limits.max_response_bytes);
    Replay replay(context, block.block.header, state);
    json::array out;
    for (std::size_t i = 0; i < block.tx_hashes.size(); ++i) {
        TRY(const auto tracer, make_tracer(options, budget));
        TRY(auto result, replay.next(block.block.transactions[i], block.senders[i], tracer.get()));
        TRY_VOID(budget.check());
        out.push_back(json::object{{"txHash", to_json(block.tx_hashes[i])}, {"result", std::move(result)}});
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
