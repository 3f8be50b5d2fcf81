#include "node/rpc/dispatcher.hpp"

#include <algorithm>
#include <future>
#include <mutex>
#include <utility>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/io/log.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_DEPTH = 64;
constexpr std::size_t MAX_LOGGED_NAME = 64;
constexpr std::size_t FIRST_BLOCK_BYTES = 512;
constexpr std::string_view NO_ID = "null";

// The envelope is written as text: building it as JSON values first costs more than most answers.
std::string begin_answer(std::string_view id, std::string_view member, std::size_t expected_size) {
    constexpr std::size_t ENVELOPE = 40;
    std::string text;
    text.reserve(ENVELOPE + id.size() + member.size() + expected_size);
    return text.append(R"({"jsonrpc":"2.0","id":)").append(id).append(",\"").append(member).append("\":");
}

std::string error_text(std::string_view id, const RpcError& error) {
    json::object body{{"code", error.code}, {"message", error.message}};
    if (error.data) body["data"] = *error.data;
    const std::string body_text = json::serialize(body);
    return begin_answer(id, "error", body_text.size() + 1).append(body_text).append("}");
}

std::string answer_text(std::string_view id, const RpcResult<json::value>& result) {
    if (!result) return error_text(id, result.error());
    const std::string body = json::serialize(*result);
    return begin_answer(id, "result", body.size() + 1).append(body).append("}");
}

bool is_valid_id(const json::value& id) { return id.is_null() || id.is_string() || id.is_number(); }

void log_failure(std::string_view method, const RpcError& error) {
    if (io::is_logged(io::LogLevel::Debug))
        io::log_debug("rpc", "request failed",
                      {{"method", std::string(method.substr(0, MAX_LOGGED_NAME))},
                       {"code", error.code},
                       {"error", error.message}});
}

}  // namespace

// What the envelope of a request says. Refers to the parsed request.
struct Dispatcher::Request {
    std::string id = "null";  // as text
    bool wants_answer = true;
    const Row* row = nullptr;  // null: `fault` is the answer
    const json::array* params = nullptr;
    RpcError fault = {};
};

// A batch whose answers arrive in any order.
struct Dispatcher::Batch {
    struct Slot {
        std::string id;
        bool wants_answer = true;
        bool is_answered = false;
        const Row* row = nullptr;
        std::string text;  // empty: no answer wanted
    };
    std::vector<Slot> slots;
    std::shared_ptr<const Table> table;  // what the rows are of
    std::size_t max_bytes = 0;
    Done done;
    std::mutex mutex;  // guards the rest, and is_answered and text
    std::size_t waiting = 0;
    std::size_t bytes = 0;

    void put(std::size_t i, const RpcResult<json::value>& result) {
        auto& slot = slots[i];
        if (slot.row != nullptr) {
            slot.row->counts.count(result.has_value());
            if (!result) log_failure(slot.row->method.name, result.error());
        }
        std::string text = slot.wants_answer ? answer_text(slot.id, result) : std::string();
        {
            const std::lock_guard lock(mutex);
            if (std::exchange(slot.is_answered, true)) return;
            bytes += text.size();
            if (bytes > max_bytes && !text.empty()) text = error_text(slot.id, {LIMIT_EXCEEDED, "response too large"});
            slot.text = std::move(text);
            if (--waiting != 0) return;
            text = join();
        }
        done(std::move(text));
    }

    [[nodiscard]] std::string join() const {
        std::string text;
        text.reserve(bytes + slots.size() + 2);
        for (const auto& slot : slots)
            if (!slot.text.empty()) text.append(text.empty() ? "[" : ",").append(slot.text);
        return text.empty() ? text : text + "]";
    }
};

Dispatcher::Dispatcher(std::shared_ptr<Context> context) : context_(std::move(context)) {
    for (const auto& table : all_methods()) add(table);
}

void Dispatcher::add(std::span<const Method> methods) {
    for (const auto& method : methods) {
        const bool exists = [&] {
            switch (method.needs) {
                case Needs::Nothing: return true;
                case Needs::Sequencer: return context_->sequencer != nullptr;
                case Needs::Dev: return context_->dev != nullptr;
                case Needs::NotDev: return context_->dev == nullptr;
                case Needs::Rollup: return context_->rollup != nullptr;
                case Needs::L1: return context_->rollup == nullptr;
            }
            return false;
        }();
        if (exists) CHECK(methods_->try_emplace(method.name, method).second);
    }
}

std::vector<std::string_view> Dispatcher::method_names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, row] : *methods_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<CallCounts::Reading> Dispatcher::call_counts() const {
    std::vector<CallCounts::Reading> out;
    for (const auto& [name, row] : *methods_)
        if (const auto reading = row.counts.read(name); reading.succeeded + reading.failed != 0) out.push_back(reading);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.method < b.method; });
    return out;
}

void Dispatcher::handle(std::string_view body, const Caller& caller, Done done) const {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = MAX_DEPTH;
    // Counted: what a handler copies out of its parameters keeps the memory that it lies in.
    const auto memory = json::make_shared_resource<json::monotonic_resource>(body.size() + FIRST_BLOCK_BYTES);
    const auto parsed = json::parse(json::string_view(body.data(), body.size()), error, memory, options);
    if (error) return done(error_text(NO_ID, {PARSE_ERROR, "parse error"}));
    if (parsed.is_array()) return handle_batch(parsed.get_array(), caller, std::move(done));
    auto request = read_request(parsed);
    if (request.row == nullptr) return done(request.wants_answer ? error_text(request.id, request.fault) : "");
    run(request.row->method, Params(request.params), caller,
        [id = std::move(request.id), wants_answer = request.wants_answer, row = request.row, table = methods_,
         began = CallCounts::Clock::now(), done = std::move(done)](const RpcResult<json::value>& result) {
            row->counts.count(result.has_value(), CallCounts::Clock::now() - began);
            if (!result) log_failure(row->method.name, result.error());
            done(wants_answer ? answer_text(id, result) : "");
        });
}

void Dispatcher::handle_batch(const json::array& array, const Caller& caller, Done done) const {
    if (array.empty()) return done(error_text(NO_ID, {INVALID_REQUEST, "empty batch"}));
    if (array.size() > context_->limits.max_batch)
        return done(error_text(NO_ID, {INVALID_REQUEST, "batch too large: at most " +
                                                            std::to_string(context_->limits.max_batch) + " requests"}));
    const auto batch = std::make_shared<Batch>();
    batch->max_bytes = context_->limits.max_response_bytes;
    batch->done = std::move(done);
    batch->table = methods_;
    batch->waiting = array.size();
    batch->slots.resize(array.size());
    std::vector<Request> requests;
    requests.reserve(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
        auto& request = requests.emplace_back(read_request(array[i]));
        auto& slot = batch->slots[i];
        slot.id = std::move(request.id);
        slot.wants_answer = request.wants_answer;
        slot.row = request.row;
    }
    for (std::size_t i = 0; i < requests.size();) {
        const auto* row = requests[i].row;
        std::size_t end = i + 1;
        if (row == nullptr) {
            batch->put(i, fail(std::move(requests[i].fault)));
        } else if (row->method.handle_many != nullptr) {
            while (end < requests.size() && requests[end].row == row) ++end;
            run_many(batch, std::span<const Request>(requests).subspan(i, end - i), i);
        } else {
            run(row->method, Params(requests[i].params), caller,
                [batch, i](const RpcResult<json::value>& result) { batch->put(i, result); });
        }
        i = end;
    }
}

Dispatcher::Request Dispatcher::read_request(const json::value& value) const {
    const auto refuse = [](RpcError fault) {
        Request refused;
        refused.fault = std::move(fault);
        return refused;
    };
    const auto* object = value.if_object();
    if (object == nullptr) return refuse({INVALID_REQUEST, "invalid request: expected an object"});
    const auto* id = object->if_contains("id");
    const auto* method = object->if_contains("method");
    const auto* params = object->if_contains("params");
    if (id != nullptr && !is_valid_id(*id))
        return refuse({INVALID_REQUEST, "invalid request: id must be a string or number"});
    Request request;
    if (id != nullptr) request.id = json::serialize(*id);
    if (method == nullptr || !method->is_string()) {
        request.fault = {INVALID_REQUEST, "invalid request: method is missing"};
        return request;
    }
    request.wants_answer = id != nullptr;
    const std::string_view name = method->get_string();
    if (params != nullptr && !params->is_array() && !params->is_null()) {
        request.fault = {INVALID_PARAMS, "non-array args"};
    } else if (const auto it = methods_->find(name); it != methods_->end()) {
        request.row = &it->second;
        request.params = params != nullptr ? params->if_array() : nullptr;
        return request;
    } else {
        request.fault = {METHOD_NOT_FOUND,
                         "the method " + std::string(name.substr(0, 128)) + " does not exist/is not available"};
    }
    log_failure(name, request.fault);
    return request;
}

// Out of memory, a database that fails: the caller learns it, the node lives on.
void Dispatcher::run(const Method& method, const Params& params, const Caller& caller, const Reply& reply) const {
    try {
        if (method.handle_async != nullptr) return method.handle_async(*context_, params, caller, reply);
        reply(method.handle(*context_, params));
    } catch (const std::exception& problem) {
        reply(rpc_fail(INTERNAL_ERROR, problem.what()));
    }
}

void Dispatcher::run_many(const std::shared_ptr<Batch>& batch, std::span<const Request> requests,
                          std::size_t first) const {
    std::vector<Params> params;
    params.reserve(requests.size());
    for (const auto& request : requests) params.emplace_back(request.params);
    try {
        requests.front().row->method.handle_many(
            *context_, params,
            [batch, first](std::size_t i, const RpcResult<json::value>& result) { batch->put(first + i, result); });
    } catch (const std::exception& problem) {  // those that were answered before keep their answer
        for (std::size_t i = 0; i < requests.size(); ++i)
            batch->put(first + i, rpc_fail(INTERNAL_ERROR, problem.what()));
    }
}

RpcResult<json::value> Dispatcher::call(std::string_view method, const json::array& params) const {
    const auto it = methods_->find(method);
    if (it == methods_->end())
        return rpc_fail(METHOD_NOT_FOUND, "the method " + std::string(method) + " does not exist/is not available");
    std::promise<RpcResult<json::value>> promise;
    auto future = promise.get_future();
    run(it->second.method, Params(&params), {},
        [&promise](RpcResult<json::value> result) { promise.set_value(std::move(result)); });
    return future.get();
}

}  // namespace entresol::rpc
