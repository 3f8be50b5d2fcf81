// callTracer: the tree of calls of a transaction.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "core/evm/failure.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/tracers.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t FRAME_BYTES = 1000, LOG_BYTES = 500;  // about what one takes in memory

bool flag(const json::object& config, const char* name) {
    const auto* value = config.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

const char* name_of(evm::CallKind kind) {
    constexpr const char* NAMES[] = {"CALL", "CALLCODE", "DELEGATECALL", "STATICCALL", "CREATE", "CREATE2"};
    return NAMES[static_cast<std::size_t>(kind)];
}

class CallTracer final : public TransactionTracer {
public:
    CallTracer(const TraceOptions& options, TraceBudget& budget)
        : budget_(budget),
          only_top_call_(flag(options.config, "onlyTopCall")),
          with_log_(flag(options.config, "withLog")) {}

    void begin(const TracedTransaction& traced) override {
        gas_limit_ = traced.tx.gas_limit;
        // A deposit may fail before its first frame: this is all there is to tell of it then.
        root_ = {{"from", to_json(traced.sender)},
                 {"input", hex_data(traced.tx.data)},
                 {"value", quantity(traced.tx.value)},
                 {"type", traced.tx.to ? "CALL" : "CREATE"}};
        if (traced.tx.to) root_["to"] = to_json(*traced.tx.to);
    }

    void on_enter(const evm::Message& message, ByteView) override {
        ++depth_;
        Frame frame;
        frame.first_log = log_count_;
        frame.is_recorded = (depth_ == 1 || !only_top_call_) && (depth_ == 1 || frames_.back().is_recorded) &&
                            budget_.spend(FRAME_BYTES + 2 * message.input.size());
        frame.is_create = message.kind == evm::CallKind::Create || message.kind == evm::CallKind::Create2;
        if (frame.is_recorded) {
            const Address& to =
                frame.is_create || message.kind == evm::CallKind::Call ? message.recipient : message.code_address;
            // A delegate call keeps its caller's identity: the frame is from the contract that makes it.
            const Address& from = message.kind == evm::CallKind::DelegateCall || message.kind == evm::CallKind::CallCode
                                      ? message.recipient
                                      : message.caller;
            frame.json = {{"from", to_json(from)}, {"gas", quantity(message.gas)},     {"gasUsed", "0x0"},
                          {"to", to_json(to)},     {"input", hex_data(message.input)}, {"type", name_of(message.kind)}};
            if (message.kind != evm::CallKind::StaticCall) frame.json["value"] = quantity(message.value);
        }
        frames_.push_back(std::move(frame));
    }

    void on_exit(const evm::CallResult& result, std::uint64_t gas_used) override {
        --depth_;
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        if (result.status != evm::Status::Success) log_count_ = frame.first_log;
        if (frame.is_recorded) {
            frame.json["gasUsed"] = quantity(gas_used);
            put_result(frame, result);
        }
        if (result.status == evm::Status::Success && with_log_ && !frame.logs.empty())
            frame.json["logs"] = std::move(frame.logs);
        if (result.status != evm::Status::Success) drop_logs(frame.json);
        if (!frame.calls.empty()) frame.json["calls"] = std::move(frame.calls);
        if (result.status != evm::Status::Success && frame.json.contains("calls"))
            for (auto& call : frame.json["calls"].get_array()) drop_logs(call.get_object());
        if (frames_.empty())
            root_ = std::move(frame.json);
        else if (frame.is_recorded)
            frames_.back().calls.push_back(std::move(frame.json));
    }

    void on_log(const chain::Log& log) override {
        if (frames_.empty()) return;
        const std::uint64_t index = log_count_++;
        Frame& frame = frames_.back();
        if (!with_log_ || !frame.is_recorded || !budget_.spend(LOG_BYTES + 2 * log.data.size())) return;
        json::array topics;
        for (const auto& topic : log.topics) topics.push_back(to_json(topic));
        frame.logs.push_back(json::object{{"address", to_json(log.address)},
                                          {"topics", std::move(topics)},
                                          {"data", hex_data(log.data)},
                                          {"position", quantity(frame.calls.size())},
                                          {"index", quantity(index)}});
    }

    void on_self_destruct(const Address& from, const Address& to, const U256& balance) override {
        if (only_top_call_ || frames_.empty() || !frames_.back().is_recorded || !budget_.spend(FRAME_BYTES)) return;
        frames_.back().calls.push_back(json::object{{"from", to_json(from)},
                                                    {"gas", "0x0"},
                                                    {"gasUsed", "0x0"},
                                                    {"to", to_json(to)},
                                                    {"input", "0x"},
                                                    {"value", quantity(balance)},
                                                    {"type", "SELFDESTRUCT"}});
    }

    json::value finish(const stf::TxOutcome& outcome) override {
        root_["gas"] = quantity(gas_limit_);  // of the transaction, not of its first frame
        root_["gasUsed"] = quantity(outcome.gas_used);
        if (outcome.status != evm::Status::Success && !root_.contains("error"))
            root_["error"] = evm::failure_message(outcome.status, outcome.fault);
        return std::move(root_);
    }

private:
    struct Frame {
        json::object json;
        json::array calls, logs;
        bool is_recorded = true;
        bool is_create = false;
        std::uint64_t first_log = 0;  // how many there were before it
    };

    void put_result(Frame& frame, const evm::CallResult& result) {
        const bool reverted = result.status == evm::Status::Revert;
        if ((result.status == evm::Status::Success || reverted) && !result.output.empty() &&
            budget_.spend(2 * result.output.size()))
            frame.json["output"] = hex_data(result.output);
        if (result.status == evm::Status::Success) return;
        frame.json["error"] = evm::failure_message(result.status, result.fault);
        if (frame.is_create) frame.json.erase("to");
        if (!reverted) return;
        if (const auto reason = decode_revert_reason(result.output)) frame.json["revertReason"] = *reason;
    }

    // What was undone logged nothing.
    static void drop_logs(json::object& frame) {
        frame.erase("logs");
        if (auto* calls = frame.if_contains("calls"))
            for (auto& call : calls->get_array()) drop_logs(call.get_object());
    }

    TraceBudget& budget_;
    bool only_top_call_, with_log_;
    std::uint64_t gas_limit_ = 0, log_count_ = 0;
    int depth_ = 0;
    std::vector<Frame> frames_;
    json::object root_;
};

}  // namespace

std::unique_ptr<TransactionTracer> make_call_tracer(const TraceOptions& options, TraceBudget& budget) {
    return std::make_unique<CallTracer>(options, budget);
}

}  // namespace entresol::rpc
