// eth_simulateV1: several blocks of calls executed on top of a block, each with overrides, as if they had been mined (execution-apis; EIP-draft
// "eth_simulate"). Nothing is kept.
#pragma once

#include <boost/json/array.hpp>

#include "node/rpc/call_args.hpp"

namespace entresol::rpc {

struct SimulatedCalls {
    BlockOverrides block;
    StateOverrides state;
    std::vector<CallArgs> calls;
};

struct SimulationRequest {
    std::vector<SimulatedCalls> blocks;
    bool trace_transfers = false;  // value that moves shows as a log of 0xeeee…
    bool validation = false;       // check as a block would
    bool return_full_transactions = false;
};
[[nodiscard]] RpcResult<SimulationRequest> read_simulation(const json::value& value);

/// The first simulated block is the child of `base`; `state` is the one after `base`, or after the mini-blocks on top of it.
[[nodiscard]] RpcResult<json::value> simulate(const Context& context, const ledger::BlockPtr& base,
                                              const ledger::StateSnapshot& state, SimulationRequest request);

}  // namespace entresol::rpc
