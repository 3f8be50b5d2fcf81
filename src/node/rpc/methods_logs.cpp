// eth_getLogs and the filters that are polled.
#include "node/rpc/filters.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

RpcResult<json::value> eth_get_logs(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(const auto query, read_log_query(value, "invalid argument 0"));
    return find_logs(context, query);
}

RpcResult<json::value> add_filter(Context& context, Filters::Kind kind, LogQuery query) {
    TRY(const auto id, context.filters->add(kind, std::move(query), context.now_ms()));
    return json::value(id);
}

RpcResult<json::value> eth_new_filter(Context& context, const Params& params) {
    TRY(const auto* value, params.require(0));
    TRY(auto query, read_log_query(value, "invalid argument 0"));
    return add_filter(context, Filters::Kind::Logs, std::move(query));
}

RpcResult<json::value> eth_new_block_filter(Context& context, const Params&) {
    return add_filter(context, Filters::Kind::Blocks, {});
}

RpcResult<json::value> eth_new_pending_transaction_filter(Context& context, const Params&) {
    return add_filter(context, Filters::Kind::PendingTransactions, {});
}

RpcResult<json::value> eth_get_filter_changes(Context& context, const Params& params) {
    TRY(const auto id, params.text(0));
    return context.filters->take_changes(id, context.now_ms());
}

RpcResult<json::value> eth_get_filter_logs(Context& context, const Params& params) {
    TRY(const auto id, params.text(0));
    TRY(const auto query, context.filters->log_query(id, context.now_ms()));
    return find_logs(context, query);
}

RpcResult<json::value> eth_uninstall_filter(Context& context, const Params& params) {
    TRY(const auto id, params.text(0));
    return json::value(context.filters->remove(id));
}

constexpr Method METHODS[] = {
    {"eth_getLogs", eth_get_logs},
    {"eth_newFilter", eth_new_filter},
    {"eth_newBlockFilter", eth_new_block_filter},
    {"eth_newPendingTransactionFilter", eth_new_pending_transaction_filter},
    {"eth_getFilterChanges", eth_get_filter_changes},
    {"eth_getFilterLogs", eth_get_filter_logs},
    {"eth_uninstallFilter", eth_uninstall_filter},
};

}  // namespace

std::span<const Method> log_methods() { return METHODS; }

}  // namespace entresol::rpc
