// Runs a call on a snapshot without changing anything: the engine of eth_call, eth_estimateGas, eth_createAccessList and the tracers.
#pragma once

#include <memory>

#include "core/evm/vm.hpp"
#include "core/stf/transition.hpp"
#include "node/rpc/call_args.hpp"

namespace entresol::rpc {

/// For who must see the state around a run: before anything of it has happened, and after all of it has.
struct RunHooks {
    std::function<void(state::Journal&, const evm::BlockContext&, const chain::Transaction&)> before;
    std::function<void(const stf::TxOutcome&)> after;
};

/// A snapshot opened for calls; each run starts from the same state.
class CallEnvironment {
public:
    CallEnvironment(Context& context, const ledger::StateSnapshot& snapshot, StateOverrides overrides,
                    const BlockOverrides& block_overrides);

    [[nodiscard]] RpcResult<stf::TxOutcome> run(const CallArgs& args, std::uint64_t gas, evm::Tracer* tracer = nullptr,
                                                const RunHooks& hooks = {});
    [[nodiscard]] state::StateView& view() { return *view_; }
    [[nodiscard]] const evm::BlockContext& block() const { return block_; }
    /// Gas that the arguments name, or the block's, at most the node's cap.
    [[nodiscard]] std::uint64_t gas_of(const CallArgs& args) const;

private:
    Context& context_;
    std::unique_ptr<state::StateView> view_;
    evm::BlockContext block_;
    RpcResult<std::vector<evm::PrecompileMove>> moves_{std::vector<evm::PrecompileMove>{}};
};

/// "execution reverted" with Solidity's reason where there is one; other failures by name.
[[nodiscard]] RpcError to_rpc_error(const stf::TxOutcome& outcome);
/// Solidity's Error(string) or Panic(uint256) as text; nothing otherwise.
[[nodiscard]] std::optional<std::string> decode_revert_reason(ByteView output);

}  // namespace entresol::rpc
