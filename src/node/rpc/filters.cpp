#include "node/rpc/filters.hpp"

#include <random>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint64_t EXPIRY_MS = 5 * 60 * 1000;  // as geth
constexpr const char* NOT_FOUND = "filter not found";

bool is_in_range(const LogQuery& query, std::uint64_t number) {
    const auto* from = std::get_if<std::uint64_t>(&query.from.id);
    const auto* to = std::get_if<std::uint64_t>(&query.to.id);
    return (from == nullptr || number >= *from) && (to == nullptr || number <= *to);
}

}  // namespace

std::string make_random_id() {
    std::random_device device;
    FixedBytes<16> bytes;
    for (auto& byte : bytes.bytes) byte = static_cast<std::uint8_t>(device());
    return to_hex(bytes.view());
}

RpcResult<std::string> Filters::add(Kind kind, LogQuery query, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    drop_expired(now_ms);
    if (filters_.size() >= limits_.max_filters)
        return rpc_fail(LIMIT_EXCEEDED, "too many filters: at most " + std::to_string(limits_.max_filters));
    const std::string id = make_random_id();
    filters_.emplace(id, Filter{.kind = kind, .query = std::move(query), .changes = {}, .asked_ms = now_ms});
    return id;
}

bool Filters::remove(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return filters_.erase(id) != 0;
}

RpcResult<json::value> Filters::take_changes(const std::string& id, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    drop_expired(now_ms);
    const auto it = filters_.find(id);
    if (it == filters_.end()) return rpc_fail(SERVER_ERROR, NOT_FOUND);
    it->second.asked_ms = now_ms;
    json::array changes = std::move(it->second.changes);
    it->second.changes = json::array{};
    return json::value(std::move(changes));
}

RpcResult<LogQuery> Filters::log_query(const std::string& id, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    drop_expired(now_ms);
    const auto it = filters_.find(id);
    if (it == filters_.end() || it->second.kind != Kind::Logs) return rpc_fail(SERVER_ERROR, NOT_FOUND);
    it->second.asked_ms = now_ms;
    return it->second.query;
}

void Filters::on_head_change(const ledger::HeadChange& change, std::uint64_t now_ms) {
    const std::lock_guard lock(mutex_);
    drop_expired(now_ms);
    for (auto it = filters_.begin(); it != filters_.end();) {
        gather(it->second, change);
        // Nobody collects it: a filter that would hold more than its bound is forgotten, as an expired one is.
        it = it->second.changes.size() > limits_.max_logs ? filters_.erase(it) : std::next(it);
    }
}

void Filters::gather(Filter& filter, const ledger::HeadChange& change) const {
    if (filter.kind == Kind::Blocks)
        for (const auto& block : change.added) filter.changes.push_back(to_json(block->hash));
    if (filter.kind != Kind::Logs) return;
    const auto gather_logs = [&](const ledger::BlockPtr& block, bool removed) {
        if (!is_in_range(filter.query, block->number()) || !filter.query.may_match(block->block.header.logs_bloom))
            return;
        if (!collect_logs(filter.query, *block, removed, limits_.max_logs, filter.changes))
            filter.changes.push_back(nullptr);  // over its bound
    };
    for (const auto& block : change.removed) gather_logs(block, true);
    for (const auto& block : change.added) gather_logs(block, false);
}

void Filters::on_pending_transaction(const Hash32& hash) {
    const std::lock_guard lock(mutex_);
    for (auto it = filters_.begin(); it != filters_.end();) {
        if (it->second.kind == Kind::PendingTransactions) it->second.changes.push_back(to_json(hash));
        it = it->second.changes.size() > limits_.max_logs ? filters_.erase(it) : std::next(it);
    }
}

void Filters::drop_expired(std::uint64_t now_ms) {
    std::erase_if(filters_, [&](const auto& entry) { return now_ms > entry.second.asked_ms + EXPIRY_MS; });
}

}  // namespace entresol::rpc
