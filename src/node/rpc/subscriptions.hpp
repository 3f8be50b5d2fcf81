// eth_subscribe: what happens on the chain, pushed over a WebSocket. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "node/http/server.hpp"
#include "node/rpc/log_query.hpp"

namespace entresol::rpc {

class Subscriptions {
public:
    explicit Subscriptions(Limits limits) : limits_(limits) {}

    enum class Topic : std::uint8_t { NewHeads, Logs, NewPendingTransactions, Syncing, MiniBlocks };
    struct Request {
        Topic topic = Topic::NewHeads;
        LogQuery query;                  // Logs
        bool full_transactions = false;  // NewPendingTransactions
    };
    [[nodiscard]] RpcResult<void> add(const std::shared_ptr<http::WebSocketSession>& session, const std::string& id,
                                      Request request);
    /// Only a session's own.
    [[nodiscard]] bool remove(std::uint64_t session_id, const std::string& id);
    /// The session has closed.
    void forget(std::uint64_t session_id);
    /// Ends every connection that has a subscription: its chain is gone, and whoever follows it must look anew.
    void close_all();

    // What happens on the chain.
    void on_head_change(const ledger::HeadChange& change);
    void on_pending_transaction(const pool::CheckedTransaction& tx);
    void on_mini_block(const sequencer::MiniBlock& mini_block);

private:
    struct Subscription {
        std::weak_ptr<http::WebSocketSession> session;
        std::uint64_t session_id;
        Request request;
    };
    void send_to_all(Topic topic, const std::function<json::value(const Request&)>& make);

    Limits limits_;
    std::mutex mutex_;
    std::map<std::string, Subscription> subscriptions_;
};

}  // namespace entresol::rpc
