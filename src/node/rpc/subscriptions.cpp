#include "node/rpc/subscriptions.hpp"

#include <boost/json/serialize.hpp>

#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_PER_SESSION = 128;

void push(http::WebSocketSession& session, const std::string& id, json::value result) {
    json::object params{{"subscription", id}, {"result", std::move(result)}};
    session.send(json::serialize(
        json::object{{"jsonrpc", "2.0"}, {"method", "eth_subscription"}, {"params", std::move(params)}}));
}

}  // namespace

RpcResult<void> Subscriptions::add(const std::shared_ptr<http::WebSocketSession>& session, const std::string& id,
                                   Request request) {
    const std::lock_guard lock(mutex_);
    std::size_t own = 0;
    for (const auto& [other, subscription] : subscriptions_) own += subscription.session_id == session->id() ? 1 : 0;
    if (own >= MAX_PER_SESSION)
        return rpc_fail(LIMIT_EXCEEDED,
                        "too many subscriptions: at most " + std::to_string(MAX_PER_SESSION) + " a connection");
    subscriptions_.emplace(
        id, Subscription{.session = session, .session_id = session->id(), .request = std::move(request)});
    return {};
}

bool Subscriptions::remove(std::uint64_t session_id, const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto it = subscriptions_.find(id);
    if (it == subscriptions_.end() || it->second.session_id != session_id) return false;
    subscriptions_.erase(it);
    return true;
}

void Subscriptions::forget(std::uint64_t session_id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(subscriptions_, [&](const auto& entry) { return entry.second.session_id == session_id; });
}

void Subscriptions::close_all() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, subscription] : subscriptions_)
        if (const auto session = subscription.session.lock()) session->close();
    subscriptions_.clear();
}

void Subscriptions::send_to_all(Topic topic, const std::function<json::value(const Request&)>& make) {
    const std::lock_guard lock(mutex_);
    for (auto& [id, subscription] : subscriptions_) {
        if (subscription.request.topic != topic) continue;
        if (const auto session = subscription.session.lock()) push(*session, id, make(subscription.request));
    }
}

void Subscriptions::on_head_change(const ledger::HeadChange& change) {
    for (const auto& block : change.added)
        send_to_all(Topic::NewHeads, [&](const Request&) { return header_to_json(block->block.header, block->hash); });
    const std::lock_guard lock(mutex_);
    for (auto& [id, subscription] : subscriptions_) {
        const auto session = subscription.request.topic == Topic::Logs ? subscription.session.lock() : nullptr;
        if (session == nullptr) continue;
        const auto push_logs = [&, &name = id, &query = subscription.request.query](const ledger::BlockPtr& block,
                                                                                    bool removed) {
            json::array logs;
            // Truncated at the bound of one query: the reader's own queue is bounded too, and overflows before.
            (void)collect_logs(query, *block, removed, limits_.max_logs, logs);
            for (auto& log : logs) push(*session, name, std::move(log));
        };
        for (const auto& block : change.removed) push_logs(block, true);
        for (const auto& block : change.added) push_logs(block, false);
    }
}

void Subscriptions::on_pending_transaction(const pool::CheckedTransaction& tx) {
    send_to_all(Topic::NewPendingTransactions, [&](const Request& request) -> json::value {
        if (!request.full_transactions) return to_json(tx.hash);
        return transaction_to_json(tx.tx, tx.hash, tx.sender, nullptr, U256{});
    });
}

void Subscriptions::on_mini_block(const sequencer::MiniBlock& mini_block) {
    send_to_all(Topic::MiniBlocks, [&](const Request&) { return mini_block_to_json(mini_block); });
}

}  // namespace entresol::rpc
