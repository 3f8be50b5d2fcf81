// From the text of a request to the text of an answer: parsing, batches, the method table, errors. Thread-safe.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "node/rpc/call_counts.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {

class Dispatcher {
public:
    explicit Dispatcher(std::shared_ptr<Context> context);

    /// Answers a request or batch. `done` is called once, from any thread; with an empty text where JSON-RPC wants no answer (notifications).
    using Done = std::function<void(std::string response)>;
    void handle(std::string_view body, const Caller& caller, Done done) const;

    /// One call in the same process, answered before it returns.
    [[nodiscard]] RpcResult<json::value> call(std::string_view method, const json::array& params) const;

    [[nodiscard]] Context& context() const { return *context_; }
    [[nodiscard]] std::vector<std::string_view> method_names() const;
    /// Of the methods that were ever called, by name.
    [[nodiscard]] std::vector<CallCounts::Reading> call_counts() const;

private:
    struct Row {
        explicit Row(const Method& m) : method(m) {}
        Method method;
        mutable CallCounts counts = {};
    };
    using Table = std::unordered_map<std::string_view, Row>;
    struct Request;
    struct Batch;
    [[nodiscard]] Request read_request(const json::value& value) const;
    void handle_batch(const json::array& array, const Caller& caller, Done done) const;
    void run(const Method& method, const Params& params, const Caller& caller, const Reply& reply) const;
    void run_many(const std::shared_ptr<Batch>& batch, std::span<const Request> requests, std::size_t first) const;
    void add(std::span<const Method> methods);

    std::shared_ptr<Context> context_;
    std::shared_ptr<Table> methods_ = std::make_shared<Table>();  // an answer may come after the dispatcher has gone
};

}  // namespace entresol::rpc
