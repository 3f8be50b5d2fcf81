// Which logs somebody asks for (eth_getLogs, filters, subscriptions), and finding them: bloom filters of headers first, then receipts.
#pragma once

#include <vector>

#include <boost/json/array.hpp>

#include "node/rpc/params.hpp"

namespace entresol::rpc {

struct LogQuery {
    std::optional<Hash32> block_hash;  // else the range
    BlockId from, to;
    std::vector<Address> addresses;           // any of; empty: all
    std::vector<std::vector<Hash32>> topics;  // by position, any of; empty: all

    [[nodiscard]] bool matches(const chain::Log& log) const;
    /// False means that no log of the block or receipt with this bloom can match.
    [[nodiscard]] bool may_match(const Bloom& bloom) const;
};

/// The filter object. What is absent is the newest block.
[[nodiscard]] RpcResult<LogQuery> read_log_query(const json::value* value, const std::string& where);

/// Appends the block's matching logs. False when that would make more than `max_logs`.
[[nodiscard]] bool collect_logs(const LogQuery& query, const ledger::StoredBlock& block, bool removed,
                                std::size_t max_logs, json::array& into);

/// Everything that matches, in the chain's order; within the bounds of the context's limits.
[[nodiscard]] RpcResult<json::value> find_logs(const Context& context, const LogQuery& query);

}  // namespace entresol::rpc
