#include "node/rpc/log_query.hpp"

#include <algorithm>

#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_TOPICS = 4;           // positions: no opcode logs more
constexpr std::size_t MAX_ALTERNATIVES = 1000;  // addresses, or topics at one position (as geth's --rpc.logquerylimit)

template <typename T>
bool contains(const std::vector<T>& any_of, const T& value) {
    return any_of.empty() || std::find(any_of.begin(), any_of.end(), value) != any_of.end();
}

template <typename T>
bool may_contain_any(const Bloom& bloom, const std::vector<T>& any_of) {
    if (any_of.empty()) return true;
    return std::any_of(any_of.begin(), any_of.end(),
                       [&](const T& value) { return chain::bloom_may_contain(bloom, value.view()); });
}

RpcResult<std::vector<Address>> read_addresses(const json::value& value, const std::string& where) {
    std::vector<Address> out;
    if (value.is_string()) {
        TRY(const auto address, read_address(value, where + ": invalid address"));
        out.push_back(address);
        return out;
    }
    if (!value.is_array()) return invalid_params(where + ": invalid addresses in query");
    if (value.get_array().size() > MAX_ALTERNATIVES)
        return invalid_params("exceed max addresses or topics per search position");
    for (std::size_t i = 0; i < value.get_array().size(); ++i) {
        const auto& entry = value.get_array()[i];
        if (!entry.is_string()) return invalid_params(where + ": non-string address at index " + std::to_string(i));
        TRY(const auto address, read_address(entry, where + ": invalid address at index " + std::to_string(i)));
        out.push_back(address);
    }
    return out;
}

// One position: null for anything, a topic, or several of which any will do (null among them: anything).
RpcResult<std::vector<Hash32>> read_position(const json::value& value, const std::string& where) {
    std::vector<Hash32> out;
    if (value.is_null()) return out;
    if (value.is_string()) {
        TRY(const auto topic, read_hash(value, where));
        out.push_back(topic);
        return out;
    }
    if (!value.is_array()) return invalid_params(where + ": invalid topic(s)");
    if (value.get_array().size() > MAX_ALTERNATIVES)
        return invalid_params("exceed max addresses or topics per search position");
    for (const auto& entry : value.get_array()) {
        if (entry.is_null()) return std::vector<Hash32>{};
        TRY(const auto topic, read_hash(entry, where));
        out.push_back(topic);
    }
    return out;
}

RpcResult<std::uint64_t> resolve(const Context& context, const BlockId& id) {
    if (const auto* number = std::get_if<std::uint64_t>(&id.id)) return *number;
    const auto block = find_block(context, id);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
    return block->number();
}

RpcError too_many(const Limits& limits) {
    return {LIMIT_EXCEEDED, "query returned more than " + std::to_string(limits.max_logs) + " results"};
}

}  // namespace

bool LogQuery::matches(const chain::Log& log) const {
    if (!contains(addresses, log.address) || topics.size() > log.topics.size()) return false;
    for (std::size_t i = 0; i < topics.size(); ++i)
        if (!contains(topics[i], log.topics[i])) return false;
    return true;
}

bool LogQuery::may_match(const Bloom& bloom) const {
    if (!may_contain_any(bloom, addresses)) return false;
    return std::all_of(topics.begin(), topics.end(),
                       [&](const auto& any_of) { return may_contain_any(bloom, any_of); });
}

RpcResult<LogQuery> read_log_query(const json::value* value, const std::string& where) {
    LogQuery query;
    if (value == nullptr) return query;
    const auto* object = value->if_object();
    if (object == nullptr) return invalid_params(where + ": expected a filter object");
    const auto field = [&](const char* name) -> const json::value* {
        const auto* found = object->if_contains(name);
        return found == nullptr || found->is_null() ? nullptr : found;
    };
    const auto *from = field("fromBlock"), *to = field("toBlock");
    if (const auto* hash = field("blockHash")) {
        if (from != nullptr || to != nullptr)
            return invalid_params(where +
                                  ": cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
        TRY(query.block_hash, read_hash(*hash, where));
    }
    TRY(query.from, read_block_id(from, where));
    TRY(query.to, read_block_id(to, where));
    if (const auto* addresses = field("address")) {
        TRY(query.addresses, read_addresses(*addresses, where));
    }
    const auto* topics = field("topics");
    if (topics == nullptr) return query;
    if (!topics->is_array()) return invalid_params(where + ": invalid topics");
    if (topics->get_array().size() > MAX_TOPICS) return invalid_params("exceed max topics");
    for (const auto& entry : topics->get_array()) {
        TRY(auto position, read_position(entry, where));
        query.topics.push_back(std::move(position));
    }
    return query;
}

bool collect_logs(const LogQuery& query, const ledger::StoredBlock& block, bool removed, std::size_t max_logs,
                  json::array& into) {
    std::size_t log_index = 0;
    for (std::size_t i = 0; i < block.outcomes.size(); ++i) {
        const auto& receipt = block.outcomes[i].receipt;
        const bool may_match = query.may_match(receipt.bloom);
        for (const auto& log : receipt.logs) {
            const std::size_t index = log_index++;
            if (!may_match || !query.matches(log)) continue;
            if (into.size() >= max_logs) return false;
            const TxPlace place{.block_hash = &block.hash,
                                .block_number = block.number(),
                                .block_timestamp = block.block.header.timestamp,
                                .index = i};
            into.push_back(log_to_json(log, place, block.tx_hashes[i], index, removed));
        }
    }
    return true;
}

RpcResult<json::value> find_logs(const Context& context, const LogQuery& query) {
    json::array out;
    if (query.block_hash) {
        const auto block = context.ledger.find_block(*query.block_hash);
        if (block == nullptr) return rpc_fail(SERVER_ERROR, "unknown block");
        if (!collect_logs(query, *block, false, context.limits.max_logs, out)) return fail(too_many(context.limits));
        return json::value(std::move(out));
    }
    TRY(const std::uint64_t from, resolve(context, query.from));
    TRY(const std::uint64_t to, resolve(context, query.to));
    if (from > to) return invalid_params("invalid block range params");
    if (to > context.ledger.head()->number()) return invalid_params("block range extends beyond current head block");
    if (to - from >= context.limits.max_log_blocks)
        return rpc_fail(LIMIT_EXCEEDED, "block range is too large: at most " +
                                            std::to_string(context.limits.max_log_blocks) + " blocks a query");
    for (std::uint64_t number = from; number <= to; ++number) {
        const auto header = context.ledger.find_header(number);
        if (!header) return rpc_fail(SERVER_ERROR, "header not found");  // the chain became shorter meanwhile
        if (!query.may_match(header->logs_bloom)) continue;
        const auto block = context.ledger.find_block(number);
        if (block == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
        if (!collect_logs(query, *block, false, context.limits.max_logs, out)) return fail(too_many(context.limits));
    }
    return json::value(std::move(out));
}

}  // namespace entresol::rpc
