#include "node/failover/etcd_client.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/failover/base64.hpp"
#include "node/http/client.hpp"

namespace entresol::failover {
namespace {

namespace json = boost::json;

constexpr std::size_t MAX_ANSWER_BYTES = std::size_t{16} * 1024 * 1024;

enum Call : std::uint8_t { TXN, RANGE, GRANT, KEEP_ALIVE, REVOKE, CALLS };
constexpr std::array<const char*, CALLS> PATHS{"/v3/kv/txn", "/v3/kv/range", "/v3/lease/grant", "/v3/lease/keepalive",
                                               "/v3/lease/revoke"};

// proto3's JSON: an int64 is a string, and a zero is left out.
std::optional<std::uint64_t> read_number(const json::object& from, std::string_view name) {
    const auto* field = from.if_contains(name);
    if (field == nullptr) return 0;
    if (!field->is_string()) return std::nullopt;
    const auto& text = field->get_string();
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<std::string> read_bytes(const json::object& from, std::string_view name) {
    const auto* field = from.if_contains(name);
    if (field == nullptr) return std::string();
    return field->is_string() ? decode_base64(field->get_string()) : std::nullopt;
}

// Appends the key-values of a range's answer.
bool read_keys(const json::object& answer, std::vector<KeyValue>& out) {
    const auto* list = answer.if_contains("kvs");
    if (list == nullptr) return true;
    if (!list->is_array()) return false;
    for (const auto& item : list->get_array()) {
        if (!item.is_object()) return false;
        const auto& object = item.get_object();
        const auto key = read_bytes(object, "key");
        const auto value = read_bytes(object, "value");
        const auto created = read_number(object, "create_revision");
        const auto changed = read_number(object, "mod_revision");
        if (!key || !value || !created || !changed) return false;
        out.push_back({*key, *value, *created, *changed});
    }
    return true;
}

json::object write_compare(const Transaction::Compare& compare) {
    const bool created = compare.target == Transaction::Target::CreateRevision;
    return {{"key", encode_base64(compare.key)},
            {"result", "EQUAL"},
            {"target", created ? "CREATE" : "MOD"},
            {created ? "create_revision" : "mod_revision", std::to_string(compare.equals)}};
}

json::object write_transaction(const Transaction& transaction) {
    json::array compare, success, failure;
    for (const auto& one : transaction.compare) compare.push_back(write_compare(one));
    for (const auto& put : transaction.put) {
        json::object body{{"key", encode_base64(put.key)}, {"value", encode_base64(put.value)}};
        if (put.lease != 0) body["lease"] = std::to_string(put.lease);
        success.push_back(json::object{{"request_put", std::move(body)}});
    }
    for (const auto& range : transaction.remove)
        success.push_back(json::object{{"request_delete_range", json::object{{"key", encode_base64(range.from)},
                                                                             {"range_end", encode_base64(range.to)}}}});
    for (const auto& key : transaction.read_otherwise)
        failure.push_back(json::object{{"request_range", json::object{{"key", encode_base64(key)}}}});
    return {{"compare", std::move(compare)}, {"success", std::move(success)}, {"failure", std::move(failure)}};
}

bool read_outcome(const json::object& answer, TransactionOutcome& outcome) {
    const auto* header = answer.if_contains("header");
    if (header == nullptr || !header->is_object()) return false;
    const auto revision = read_number(header->get_object(), "revision");
    if (!revision) return false;
    outcome.revision = *revision;
    if (const auto* succeeded = answer.if_contains("succeeded")) {
        if (!succeeded->is_bool()) return false;
        outcome.succeeded = succeeded->get_bool();
    }
    const auto* responses = answer.if_contains("responses");
    if (outcome.succeeded || responses == nullptr) return true;
    if (!responses->is_array()) return false;
    for (const auto& response : responses->get_array()) {
        const auto* range = response.is_object() ? response.get_object().if_contains("response_range") : nullptr;
        if (range == nullptr || !range->is_object() || !read_keys(range->get_object(), outcome.read)) return false;
    }
    return true;
}

}  // namespace

struct EtcdClient::Impl {
    // A connection for each kind of call: a lease is kept alive while a large record is under way.
    std::vector<std::array<std::unique_ptr<http::Client>, CALLS>> endpoints;
    std::atomic<std::size_t> preferred{0};

    Result<json::object, EtcdError> ask(Call call, const json::object& request) {
        const std::string body = json::serialize(request);
        const std::size_t first = preferred;
        for (std::size_t i = 0; i < endpoints.size(); ++i) {
            const std::size_t place = (first + i) % endpoints.size();
            const auto answer = endpoints[place][call]->post(body);
            if (!answer) continue;
            preferred = place;
            boost::system::error_code error;
            auto parsed = json::parse(*answer, error);
            if (error || !parsed.is_object()) return fail(EtcdError::BadAnswer);
            return std::move(parsed.get_object());
        }
        return fail(EtcdError::NoAnswer);
    }
};

EtcdClient::EtcdClient(const std::vector<std::string>& endpoints, std::uint64_t timeout_ms)
    : impl_(std::make_unique<Impl>()) {
    const http::Client::Options options{.timeout_ms = timeout_ms, .max_answer_bytes = MAX_ANSWER_BYTES};
    for (const auto& url : endpoints) {
        auto& calls = impl_->endpoints.emplace_back();
        for (std::size_t i = 0; i < CALLS; ++i) calls[i] = std::make_unique<http::Client>(url + PATHS[i], options);
    }
}
EtcdClient::~EtcdClient() = default;

Result<TransactionOutcome, EtcdError> EtcdClient::commit(const Transaction& transaction) {
    const auto answer = impl_->ask(TXN, write_transaction(transaction));
    if (!answer) return fail(answer.error());
    TransactionOutcome outcome;
    if (!read_outcome(*answer, outcome)) return fail(EtcdError::BadAnswer);
    return outcome;
}

Result<std::vector<KeyValue>, EtcdError> EtcdClient::range(const std::string& from, const std::string& to,
                                                           std::uint64_t limit) {
    const auto answer = impl_->ask(
        RANGE, {{"key", encode_base64(from)}, {"range_end", encode_base64(to)}, {"limit", std::to_string(limit)}});
    if (!answer) return fail(answer.error());
    std::vector<KeyValue> found;
    if (!read_keys(*answer, found) || found.size() > limit) return fail(EtcdError::BadAnswer);
    return found;
}

Result<std::uint64_t, EtcdError> EtcdClient::grant_lease(std::uint64_t ttl_s) {
    const auto answer = impl_->ask(GRANT, {{"TTL", std::to_string(ttl_s)}});
    if (!answer) return fail(answer.error());
    const auto lease = read_number(*answer, "ID");
    if (!lease || *lease == 0) return fail(EtcdError::BadAnswer);
    return *lease;
}

Result<std::uint64_t, EtcdError> EtcdClient::keep_lease(std::uint64_t lease) {
    const auto answer = impl_->ask(KEEP_ALIVE, {{"ID", std::to_string(lease)}});
    if (!answer) return fail(answer.error());
    const auto* result = answer->if_contains("result");
    if (result == nullptr || !result->is_object()) return fail(EtcdError::BadAnswer);
    const auto ttl_s = read_number(result->get_object(), "TTL");
    if (!ttl_s) return fail(EtcdError::BadAnswer);
    return *ttl_s;
}

Result<void, EtcdError> EtcdClient::revoke_lease(std::uint64_t lease) {
    const auto answer = impl_->ask(REVOKE, {{"ID", std::to_string(lease)}});
    if (!answer) return fail(answer.error());
    return {};
}

void EtcdClient::cancel() {
    for (auto& calls : impl_->endpoints)
        for (auto& client : calls) client->cancel();
}

}  // namespace entresol::failover
