// What debug_trace… can tell of a transaction: each tracer watches one and then gives its JSON, in go-ethereum's formats.
#pragma once

#include <chrono>
#include <memory>

#include <boost/json/object.hpp>

#include "core/evm/vm.hpp"
#include "core/stf/transition.hpp"
#include "node/rpc/params.hpp"

namespace entresol::rpc {

/// Time and memory that one request may use for its traces.
class TraceBudget {
public:
    TraceBudget(std::uint64_t timeout_ms, std::size_t bytes)
        : deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms)), bytes_left_(bytes) {}
    /// False from the moment the budget is used up; the tracer then records no more.
    bool spend(std::size_t bytes);
    /// The error to answer with, once used up.
    [[nodiscard]] RpcResult<void> check() const;

private:
    std::chrono::steady_clock::time_point deadline_;
    std::size_t bytes_left_;
    std::uint32_t spends_ = 0;
    bool is_late_ = false, is_too_large_ = false;
};

struct TraceOptions {
    std::string tracer;   // empty: struct logs
    json::object config;  // tracerConfig
    bool enable_memory = false, disable_stack = false, disable_storage = false, enable_return_data = false;
    std::size_t max_bytes = 0;  // of struct logs as text, as go-ethereum counts its limit; 0: as many as fit
    std::uint64_t timeout_ms = 0;
};
[[nodiscard]] RpcResult<TraceOptions> read_trace_options(const json::value* value, const Limits& limits);

/// What the tracer watches: known before the transaction begins.
struct TracedTransaction {
    state::Journal& journal;
    const evm::BlockContext& block;
    const chain::Transaction& tx;
    const Address& sender;
};

class TransactionTracer : public evm::Tracer {
public:
    /// Before anything of the transaction has happened.
    virtual void begin(const TracedTransaction& traced) = 0;
    /// After all of it has.
    [[nodiscard]] virtual json::value finish(const stf::TxOutcome& outcome) = 0;
};

[[nodiscard]] std::unique_ptr<TransactionTracer> make_struct_log_tracer(const TraceOptions& options,
                                                                        TraceBudget& budget);
[[nodiscard]] std::unique_ptr<TransactionTracer> make_call_tracer(const TraceOptions& options, TraceBudget& budget);
[[nodiscard]] std::unique_ptr<TransactionTracer> make_prestate_tracer(const TraceOptions& options, TraceBudget& budget);
[[nodiscard]] std::unique_ptr<TransactionTracer> make_four_byte_tracer(const TraceOptions& options,
                                                                       TraceBudget& budget);
[[nodiscard]] std::unique_ptr<TransactionTracer> make_noop_tracer(const TraceOptions& options, TraceBudget& budget);
/// By the options' name.
[[nodiscard]] RpcResult<std::unique_ptr<TransactionTracer>> make_tracer(const TraceOptions& options,
                                                                        TraceBudget& budget);

}  // namespace entresol::rpc
