// Struct logs: one entry an instruction (execution-apis debug_traceTransaction; go-ethereum's struct logger).
#include <algorithm>

#include <boost/json/serialize.hpp>

#include "core/base/hex.hpp"
#include "core/evm/failure.hpp"
#include "core/evm/gas_table.hpp"
#include "core/evm/opcodes.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/tracers.hpp"

namespace entresol::rpc {
namespace {

constexpr std::int64_t CALL_STIPEND = 2300;
constexpr std::size_t ENTRY_BYTES = 600, WORD_BYTES = 100;  // about what an entry and a word of it take in memory

bool is_create(evm::CallKind kind) { return kind == evm::CallKind::Create || kind == evm::CallKind::Create2; }

class StructLogTracer final : public TransactionTracer {
public:
    StructLogTracer(const TraceOptions& options, TraceBudget& budget) : options_(options), budget_(budget) {}

    void begin(const TracedTransaction& traced) override {
        journal_ = &traced.journal;
        fork_ = traced.block.rules.fork;
    }
    bool wants_steps() const override { return is_recording_; }
    void on_enter(const evm::Message& message, ByteView) override {
        const bool has_stipend = !message.value.is_zero() &&
                                 (message.kind == evm::CallKind::Call || message.kind == evm::CallKind::CallCode);
        frames_.push_back({.is_create = is_create(message.kind), .has_stipend = has_stipend});
    }
    void on_exit(const evm::CallResult& result, std::uint64_t gas_used) override {
        const Frame child = frames_.back();
        frames_.pop_back();
        if (frames_.empty()) return;
        // The machine tells what the whole instruction took; the format wants what it took when it began: for a call with all the gas that it
        // handed on, for a creation without.
        const auto left = static_cast<std::int64_t>(result.gas_left);
        frames_.back().correction =
            child.is_create ? -static_cast<std::int64_t>(gas_used) : left - (child.has_stipend ? CALL_STIPEND : 0);
    }
    void on_step(const Step& step) override;
    void on_step_result(std::uint64_t gas_cost, evm::Status status) override;
    json::value finish(const stf::TxOutcome& outcome) override {
        const bool has_output = outcome.status == evm::Status::Success || outcome.status == evm::Status::Revert;
        return json::object{{"gas", outcome.gas_used},
                            {"failed", outcome.status != evm::Status::Success},
                            {"returnValue", has_output ? hex_data(outcome.output) : json::value("0x")},
                            {"structLogs", std::move(logs_)}};
    }

private:
    struct Frame {
        bool is_create = false;
        bool has_stipend = false;
        std::optional<std::size_t> open = std::nullopt;  // entry of the instruction in progress
        std::int64_t correction = 0;
        evm::Fault fault = {};  // were that instruction to fail
    };
    void put_stack(json::object& entry, const Step& step) const;
    void put_memory(json::object& entry, const Step& step) const;
    void put_storage(json::object& entry, const Step& step);

    TraceOptions options_;
    TraceBudget& budget_;
    state::Journal* journal_ = nullptr;
    chain::Fork fork_ = chain::Fork::Osaka;
    bool is_recording_ = true;
    std::vector<Frame> frames_;
    std::map<Address, std::map<U256, U256>> storage_;
    json::array logs_;
    std::size_t written_bytes_ = 0;  // of finished entries as text; counted only where there is a limit
};

void StructLogTracer::put_stack(json::object& entry, const Step& step) const {
    json::array stack;
    for (const auto& word : step.stack) stack.push_back(quantity(word));
    entry["stack"] = std::move(stack);
}

void StructLogTracer::put_memory(json::object& entry, const Step& step) const {
    json::array memory;
    for (std::size_t at = 0; at + 32 <= step.memory.size(); at += 32)
        memory.push_back(hex_data(step.memory.subspan(at, 32)));
    entry["memory"] = std::move(memory);
}

// The slots of this contract that were read or written so far, this instruction's included.
void StructLogTracer::put_storage(json::object& entry, const Step& step) {
    const std::size_t height = step.stack.size();
    const bool loads = step.opcode == evm::OP_SLOAD && height >= 1;
    const bool stores = step.opcode == evm::OP_SSTORE && height >= 2;
    if (!loads && !stores) return;
    const Address& contract = step.message->recipient;
    const U256 key = step.stack[height - 1];
    auto& slots = storage_[contract];
    slots[key] = loads ? journal_->load_storage(contract, key) : step.stack[height - 2];
    json::object storage;
    for (const auto& [slot, value] : slots)
        if (budget_.spend(2 * WORD_BYTES)) storage[to_hex(to_hash32(slot))] = to_json(to_hash32(value));
    entry["storage"] = std::move(storage);
}

void StructLogTracer::on_step(const Step& step) {
    frames_.back().open.reset();
    frames_.back().correction = 0;
    frames_.back().fault = {.opcode = step.opcode,
                            .stack_height = static_cast<std::uint16_t>(step.stack.size()),
                            .is_reentrancy_sentry = step.opcode == evm::OP_SSTORE && step.gas <= CALL_STIPEND};
    if (options_.max_bytes != 0 && written_bytes_ > options_.max_bytes) is_recording_ = false;
    const std::size_t words =
        (options_.disable_stack ? 0 : step.stack.size()) + (options_.enable_memory ? step.memory.size() / 32 : 0);
    if (is_recording_ && !budget_.spend(ENTRY_BYTES + words * WORD_BYTES)) is_recording_ = false;
    if (!is_recording_) return;
    json::object entry{{"pc", step.pc},
                       {"op", evm::opcode_text(step.opcode, fork_)},
                       {"gas", step.gas},
                       {"gasCost", 0},
                       {"depth", step.depth + 1}};
    if (const auto refund = journal_->refund(); refund != 0) entry["refund"] = refund;
    if (!options_.disable_stack) put_stack(entry, step);
    if (options_.enable_memory && !step.memory.empty()) put_memory(entry, step);
    if (options_.enable_return_data && !step.return_data.empty() && budget_.spend(2 * step.return_data.size()))
        entry["returnData"] = hex_data(step.return_data);
    if (!options_.disable_storage) put_storage(entry, step);
    frames_.back().open = logs_.size();
    if (options_.max_bytes != 0) written_bytes_ += json::serialize(entry).size();
    logs_.push_back(std::move(entry));
}

// What is found before the instruction does anything is told with it; what it meets while running shows in the frame's end.
bool is_told(evm::Status status, std::uint8_t opcode) {
    switch (status) {
        case evm::Status::OutOfGas:
        case evm::Status::StackUnderflow:
        case evm::Status::StackOverflow: return true;
        case evm::Status::StaticViolation:
            return opcode != evm::OP_TSTORE && (opcode < evm::OP_LOG0 || opcode > evm::OP_LOG4);
        default: return false;
    }
}

void StructLogTracer::on_step_result(std::uint64_t gas_cost, evm::Status status) {
    const Frame& frame = frames_.back();
    if (!frame.open) return;
    json::object& entry = logs_[*frame.open].get_object();
    entry["gasCost"] = static_cast<std::uint64_t>(static_cast<std::int64_t>(gas_cost) + frame.correction);
    if (status == evm::Status::StackUnderflow || status == evm::Status::StackOverflow)  // before it was charged
        entry["gasCost"] = std::max(evm::GAS_TABLES[static_cast<std::size_t>(fork_)][frame.fault.opcode], 0);
    // Storing changes the refund as it is priced, which is before go-ethereum's logger looks.
    if (frame.fault.opcode == evm::OP_SSTORE && status == evm::Status::Success)
        if (const auto refund = journal_->refund(); refund != 0) entry["refund"] = refund;
    if (!is_told(status, frame.fault.opcode)) return;
    entry["error"] = evm::failure_message(status, frame.fault);
    if (!options_.disable_storage) entry.erase("storage");
}

}  // namespace

std::unique_ptr<TransactionTracer> make_struct_log_tracer(const TraceOptions& options, TraceBudget& budget) {
    return std::make_unique<StructLogTracer>(options, budget);
}

}  // namespace entresol::rpc
