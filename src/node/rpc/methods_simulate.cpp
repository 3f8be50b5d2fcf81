// eth_simulateV1.
#include "node/rpc/method.hpp"
#include "node/rpc/simulate.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_BLOCKS = 256, MAX_CALLS = 5'000;  // of one request

RpcResult<SimulatedCalls> read_block(const json::value& value, std::size_t& calls_left) {
    const auto* object = value.if_object();
    if (object == nullptr) return invalid_params("invalid argument 0: blockStateCalls: expected an object");
    SimulatedCalls out;
    const auto field = [&](const char* name) -> const json::value* {
        const auto* found = object->if_contains(name);
        return found == nullptr || found->is_null() ? nullptr : found;
    };
    TRY(out.block, read_block_overrides(field("blockOverrides")));
    TRY(out.state, read_state_overrides(field("stateOverrides")));
    const auto* calls = field("calls");
    if (calls == nullptr) return out;
    if (!calls->is_array()) return invalid_params("invalid argument 0: calls: expected an array");
    if (calls->get_array().size() > calls_left)
        return rpc_fail(LIMIT_EXCEEDED, "too many calls: at most " + std::to_string(MAX_CALLS));
    calls_left -= calls->get_array().size();
    for (const auto& call : calls->get_array()) {
        TRY(auto args, read_call_args(call, "invalid argument 0"));
        out.calls.push_back(std::move(args));
    }
    return out;
}

RpcResult<bool> read_flag(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return false;
    if (!value->is_bool()) return invalid_params("invalid argument 0: " + std::string(name) + ": expected a boolean");
    return value->get_bool();
}

RpcResult<json::value> eth_simulate_v1(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(auto request, read_simulation(*value));
    TRY(const auto id, block_id(params, 1));
    TRY(const auto state, find_state(context, id));
    // What mini-blocks have shown is the state under the simulation, and the block in progress is the one that it goes on with.
    const auto base =
        state.is_preview() ? context.ledger.find_block(state.context().number - 1) : find_block(context, id);
    if (base == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
    return simulate(context, base, state, std::move(request));
}

constexpr Method METHODS[] = {{"eth_simulateV1", eth_simulate_v1}};

}  // namespace

RpcResult<SimulationRequest> read_simulation(const json::value& value) {
    const auto* object = value.if_object();
    if (object == nullptr) return invalid_params("invalid argument 0: expected an object");
    SimulationRequest request;
    TRY(request.trace_transfers, read_flag(*object, "traceTransfers"));
    TRY(request.validation, read_flag(*object, "validation"));
    TRY(request.return_full_transactions, read_flag(*object, "returnFullTransactions"));
    const auto* blocks = object->if_contains("blockStateCalls");
    if (blocks == nullptr || !blocks->is_array() || blocks->get_array().empty()) return invalid_params("empty input");
    if (blocks->get_array().size() > MAX_BLOCKS) return rpc_fail(-38026, "too many blocks");
    std::size_t calls_left = MAX_CALLS;
    for (const auto& entry : blocks->get_array()) {
        TRY(auto block, read_block(entry, calls_left));
        request.blocks.push_back(std::move(block));
    }
    return request;
}

std::span<const Method> simulate_methods() { return METHODS; }

}  // namespace entresol::rpc
