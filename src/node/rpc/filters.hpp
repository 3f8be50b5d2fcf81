// Filters that a client polls (eth_newFilter and relatives). Each gathers what happened since it was last asked. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>

#include <boost/json/array.hpp>

#include "node/rpc/log_query.hpp"

namespace entresol::rpc {

/// 128 random bits as "0x…": the name of a filter or subscription, which nobody else can guess.
[[nodiscard]] std::string make_random_id();

class Filters {
public:
    explicit Filters(Limits limits) : limits_(limits) {}

    enum class Kind : std::uint8_t { Logs, Blocks, PendingTransactions };
    [[nodiscard]] RpcResult<std::string> add(Kind kind, LogQuery query, std::uint64_t now_ms);
    [[nodiscard]] bool remove(const std::string& id);
    /// Takes what has gathered.
    [[nodiscard]] RpcResult<json::value> take_changes(const std::string& id, std::uint64_t now_ms);
    /// The query of a log filter.
    [[nodiscard]] RpcResult<LogQuery> log_query(const std::string& id, std::uint64_t now_ms);

    // What happens on the chain.
    void on_head_change(const ledger::HeadChange& change, std::uint64_t now_ms);
    void on_pending_transaction(const Hash32& hash);

private:
    struct Filter {
        Kind kind;
        LogQuery query;
        json::array changes;
        std::uint64_t asked_ms;  // forgotten five minutes later
    };
    void gather(Filter& filter, const ledger::HeadChange& change) const;
    void drop_expired(std::uint64_t now_ms);

    Limits limits_;
    std::mutex mutex_;
    std::unordered_map<std::string, Filter> filters_;
};

}  // namespace entresol::rpc
