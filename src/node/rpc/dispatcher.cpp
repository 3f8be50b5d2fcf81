#include "node/rpc/dispatcher.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "node/io/log.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_DEPTH = 64;
constexpr std::size_t MAX_LOGGED_NAME = 64;

json::value error_response(const json::value& id, const RpcError& error) {
    json::object body{{"code", error.code}, {"message", error.message}};
    if (error.data) body["data"] = *error.data;
    return json::object{{"jsonrpc", "2.0"}, {"id", id}, {"error", std::move(body)}};
}

json::value result_response(const json::value& id, json::value result) {
    return json::object{{"jsonrpc", "2.0"}, {"id", id}, {"result", std::move(result)}};
}

bool is_valid_id(const json::value& id) { return id.is_null() || id.is_string() || id.is_number(); }

// A batch whose answers arrive in any order.
struct Batch {
    std::mutex mutex;
    std::vector<std::string> responses;  // serialized; empty: no answer wanted
    std::size_t waiting = 0;
    std::size_t bytes = 0;

    [[nodiscard]] std::string join() const {
        std::string text;
        text.reserve(bytes + responses.size() + 2);
        for (const auto& response : responses)
            if (!response.empty()) text.append(text.empty() ? "[" : ",").append(response);
        return text.empty() ? text : text + "]";
    }
};

}  // namespace

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
        if (exists) CHECK(methods_.emplace(method.name, method).second);
    }
}

std::vector<std::string_view> Dispatcher::method_names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, method] : methods_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

void Dispatcher::handle(std::string_view body, const Caller& caller, Done done) const {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = MAX_DEPTH;
    auto request = json::parse(json::string_view(body.data(), body.size()), error, {}, options);
    if (error) return done(json::serialize(error_response(nullptr, {PARSE_ERROR, "parse error"})));
    if (request.is_array()) return handle_batch(std::move(request.get_array()), caller, std::move(done));
    handle_one(request, caller, [done = std::move(done)](json::value response) {
        done(response.is_null() ? std::string() : json::serialize(response));
    });
}

void Dispatcher::handle_batch(json::array requests, const Caller& caller, Done done) const {
    if (requests.empty()) return done(json::serialize(error_response(nullptr, {INVALID_REQUEST, "empty batch"})));
    if (requests.size() > context_->limits.max_batch)
        return done(json::serialize(error_response(
            nullptr, {INVALID_REQUEST,
                      "batch too large: at most " + std::to_string(context_->limits.max_batch) + " requests"})));
    auto batch = std::make_shared<Batch>();
    batch->responses.resize(requests.size());
    batch->waiting = requests.size();
    auto shared_done = std::make_shared<Done>(std::move(done));
    const std::size_t max_bytes = context_->limits.max_response_bytes;
    for (std::size_t i = 0; i < requests.size(); ++i) {
        handle_one(requests[i], caller, [batch, i, shared_done, max_bytes](json::value response) {
            std::string text = response.is_null() ? std::string() : json::serialize(response);
            {
                const std::lock_guard lock(batch->mutex);
                batch->bytes += text.size();
                if (batch->bytes > max_bytes && !text.empty())
                    text = json::serialize(
                        error_response(response.as_object()["id"], {LIMIT_EXCEEDED, "response too large"}));
                batch->responses[i] = std::move(text);
                if (--batch->waiting != 0) return;
                text = batch->join();
            }
            (*shared_done)(std::move(text));
        });
    }
}

void Dispatcher::handle_one(const json::value& request, const Caller& caller, ValueDone done) const {
    const auto* object = request.if_object();
    if (object == nullptr)
        return done(error_response(nullptr, {INVALID_REQUEST, "invalid request: expected an object"}));
    const auto* id_field = object->if_contains("id");
    const json::value id = id_field != nullptr && is_valid_id(*id_field) ? *id_field : json::value(nullptr);
    const auto* method = object->if_contains("method");
    const auto* params = object->if_contains("params");
    if (id_field != nullptr && !is_valid_id(*id_field))
        return done(error_response(nullptr, {INVALID_REQUEST, "invalid request: id must be a string or number"}));
    if (method == nullptr || !method->is_string())
        return done(error_response(id, {INVALID_REQUEST, "invalid request: method is missing"}));
    const bool wants_answer = id_field != nullptr;
    const std::string_view name = method->get_string();
    const auto answer = [id, wants_answer, done = std::move(done),
                         shown = std::string(name.substr(0, MAX_LOGGED_NAME))](RpcResult<json::value> result) {
        if (!result && io::is_logged(io::LogLevel::Debug))
            io::log_debug("rpc", "request failed",
                          {{"method", shown}, {"code", result.error().code}, {"error", result.error().message}});
        if (!wants_answer) return done(nullptr);
        done(result ? result_response(id, std::move(*result)) : error_response(id, result.error()));
    };
    if (params != nullptr && !params->is_array() && !params->is_null())
        return answer(rpc_fail(INVALID_PARAMS, "non-array args"));
    const auto it = methods_.find(name);
    if (it == methods_.end())
        return answer(rpc_fail(METHOD_NOT_FOUND,
                               "the method " + std::string(name.substr(0, 128)) + " does not exist/is not available"));
    const Params arguments(params != nullptr ? params->if_array() : nullptr);
    try {
        if (it->second.handle_async != nullptr) return it->second.handle_async(*context_, arguments, caller, answer);
        answer(it->second.handle(*context_, arguments));
    } catch (const std::exception&
                 problem) {  // out of memory, a database that fails: the caller learns it, the node lives on
        answer(rpc_fail(INTERNAL_ERROR, problem.what()));
    }
}

RpcResult<json::value> Dispatcher::call(std::string_view method, const json::array& params) const {
    std::promise<json::value> promise;
    auto future = promise.get_future();
    handle_one(json::object{{"id", 1}, {"method", json::string_view(method.data(), method.size())}, {"params", params}},
               {}, [&promise](json::value response) { promise.set_value(std::move(response)); });
    json::value response = future.get();
    auto& object = response.as_object();
    if (auto* error = object.if_contains("error")) {
        RpcError failure{static_cast<int>(error->as_object()["code"].as_int64()),
                         std::string(error->as_object()["message"].as_string())};
        if (auto* data_field = error->as_object().if_contains("data")) failure.data = *data_field;
        return fail(std::move(failure));
    }
    return std::move(object["result"]);
}

}  // namespace entresol::rpc
