#include "node/rpc/tracers.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint32_t SPENDS_BETWEEN_CLOCKS = 256;

RpcResult<bool> read_flag(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return false;
    if (!value->is_bool()) return invalid_params("invalid argument: " + std::string(name) + " must be a boolean");
    return value->get_bool();
}

// "5s", "300ms", "1m": the forms of Go's durations that people write.
std::optional<std::uint64_t> parse_duration_ms(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number > 1'000'000) return std::nullopt;
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    if (unit == "ms") return number;
    if (unit == "s") return number * 1000;
    if (unit == "m") return number * 60'000;
    return std::nullopt;
}

// 4byteTracer: how often which function was called, by selector and size of its arguments.
class FourByteTracer final : public TransactionTracer {
public:
    explicit FourByteTracer(TraceBudget& budget) : budget_(budget) {}
    void begin(const TracedTransaction& traced) override { rules_ = traced.block.rules; }
    void on_enter(const evm::Message& message, ByteView) override {
        const bool is_call = message.kind != evm::CallKind::Create && message.kind != evm::CallKind::Create2;
        if (!is_call || message.input.size() < 4 || evm::is_precompile(message.code_address, rules_) ||
            !budget_.spend(64))
            return;
        ++counts_[to_hex(message.input.first(4)) + "-" + std::to_string(message.input.size() - 4)];
    }
    void on_exit(const evm::CallResult&, std::uint64_t) override {}
    json::value finish(const stf::TxOutcome&) override {
        json::object out;
        for (const auto& [name, count] : counts_) out[name] = count;
        return out;
    }

private:
    TraceBudget& budget_;
    chain::Rules rules_;
    std::map<std::string, std::uint64_t> counts_;
};

// noopTracer: executes, tells nothing.
class NoopTracer final : public TransactionTracer {
public:
    void begin(const TracedTransaction&) override {}
    void on_enter(const evm::Message&, ByteView) override {}
    void on_exit(const evm::CallResult&, std::uint64_t) override {}
    json::value finish(const stf::TxOutcome&) override { return json::object{}; }
};

struct TracerRow {
    std::string_view name;
    std::unique_ptr<TransactionTracer> (*make)(const TraceOptions&, TraceBudget&);
};
constexpr TracerRow TRACERS[] = {
    {"", make_struct_log_tracer},           {"callTracer", make_call_tracer}, {"prestateTracer", make_prestate_tracer},
    {"4byteTracer", make_four_byte_tracer}, {"noopTracer", make_noop_tracer},
};

}  // namespace

bool TraceBudget::spend(std::size_t bytes) {
    if (is_late_ || is_too_large_) return false;
    if (spends_++ % SPENDS_BETWEEN_CLOCKS == 0 && std::chrono::steady_clock::now() > deadline_) is_late_ = true;
    if (bytes > bytes_left_)
        is_too_large_ = true;
    else
        bytes_left_ -= bytes;
    return !is_late_ && !is_too_large_;
}

RpcResult<void> TraceBudget::check() const {
    if (is_too_large_)
        return rpc_fail(
            LIMIT_EXCEEDED,
            "the trace is too large: ask for less (onlyTopCall, disableStack, limit) or for a single transaction");
    if (is_late_ || std::chrono::steady_clock::now() > deadline_) return rpc_fail(SERVER_ERROR, "execution timeout");
    return {};
}

RpcResult<TraceOptions> read_trace_options(const json::value* value, const Limits& limits) {
    TraceOptions options;
    options.timeout_ms = limits.trace_timeout_ms;
    if (value == nullptr) return options;
    const auto* object = value->if_object();
    if (object == nullptr) return invalid_params("invalid argument: expected an object of trace options");
    TRY(options.enable_memory, read_flag(*object, "enableMemory"));
    TRY(options.disable_stack, read_flag(*object, "disableStack"));
    TRY(options.disable_storage, read_flag(*object, "disableStorage"));
    TRY(options.enable_return_data, read_flag(*object, "enableReturnData"));
    if (const auto* limit = object->if_contains("limit"); limit != nullptr && !limit->is_null()) {
        TRY(options.max_bytes, read_quantity64(*limit, "invalid argument: limit"));
    }
    if (const auto* name = object->if_contains("tracer"); name != nullptr && !name->is_null()) {
        if (!name->is_string()) return invalid_params("invalid argument: tracer must be a string");
        options.tracer = name->get_string().c_str();
    }
    if (const auto* config = object->if_contains("tracerConfig"); config != nullptr && !config->is_null()) {
        if (!config->is_object()) return invalid_params("invalid argument: tracerConfig must be an object");
        options.config = config->get_object();
    }
    if (const auto* timeout = object->if_contains("timeout"); timeout != nullptr && !timeout->is_null()) {
        const auto wanted = timeout->is_string() ? parse_duration_ms(timeout->get_string()) : std::nullopt;
        if (!wanted) return invalid_params("invalid argument: timeout must be a duration such as \"5s\"");
        options.timeout_ms = std::min(*wanted, limits.trace_timeout_ms);
    }
    return options;
}

std::unique_ptr<TransactionTracer> make_four_byte_tracer(const TraceOptions&, TraceBudget& budget) {
    return std::make_unique<FourByteTracer>(budget);
}
std::unique_ptr<TransactionTracer> make_noop_tracer(const TraceOptions&, TraceBudget&) {
    return std::make_unique<NoopTracer>();
}

RpcResult<std::unique_ptr<TransactionTracer>> make_tracer(const TraceOptions& options, TraceBudget& budget) {
    for (const auto& row : TRACERS)
        if (row.name == options.tracer) return row.make(options, budget);
    return rpc_fail(SERVER_ERROR,
                    "tracer \"" + options.tracer.substr(0, 64) +
                        "\" is not known: callTracer, prestateTracer, 4byteTracer, noopTracer or none for struct logs");
}

}  // namespace entresol::rpc
