// The table of JSON-RPC methods: one row a method. A row's handler either answers at once or promises to answer later.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "node/rpc/context.hpp"
#include "node/rpc/error.hpp"
#include "node/rpc/params.hpp"

namespace entresol::http {
class WebSocketSession;
}

namespace entresol::rpc {

/// Called exactly once, from any thread.
using Reply = std::function<void(RpcResult<json::value>)>;

/// Who asks: null for plain HTTP.
struct Caller {
    std::shared_ptr<http::WebSocketSession> session;
};

using SyncHandler = RpcResult<json::value> (*)(Context&, const Params&);
using AsyncHandler = void (*)(Context&, const Params&, const Caller&, Reply);
/// The calls of a batch that stand side by side, taken together. To be called exactly once for each, from any thread.
using ReplyOne = std::function<void(std::size_t i, RpcResult<json::value>)>;
using ManyHandler = void (*)(Context&, std::span<const Params>, ReplyOne);

enum class Needs : std::uint8_t { Nothing, Sequencer, Dev, NotDev, Rollup, L1 };

struct Method {
    std::string_view name;
    SyncHandler handle = nullptr;
    AsyncHandler handle_async = nullptr;
    Needs needs = Needs::Nothing;       // else the method does not exist here
    ManyHandler handle_many = nullptr;  // beside one of the others, where together is cheaper
};

// The tables of each family, one file a family.
[[nodiscard]] std::span<const Method> net_methods();
[[nodiscard]] std::span<const Method> block_methods();
[[nodiscard]] std::span<const Method> state_methods();
[[nodiscard]] std::span<const Method> transaction_methods();
[[nodiscard]] std::span<const Method> fee_methods();
[[nodiscard]] std::span<const Method> call_methods();
[[nodiscard]] std::span<const Method> txpool_methods();
[[nodiscard]] std::span<const Method> log_methods();
[[nodiscard]] std::span<const Method> subscribe_methods();
[[nodiscard]] std::span<const Method> debug_methods();
[[nodiscard]] std::span<const Method> witness_methods();
[[nodiscard]] std::span<const Method> simulate_methods();
[[nodiscard]] std::span<const Method> config_methods();
[[nodiscard]] std::span<const Method> dev_methods();
[[nodiscard]] std::span<const Method> rollup_methods();
/// All tables, in the order of methods.cpp.
[[nodiscard]] std::vector<std::span<const Method>> all_methods();

}  // namespace entresol::rpc
