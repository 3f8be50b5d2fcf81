#include "node/conformance/step_lines.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/base/hex.hpp"
#include "core/evm/failure.hpp"
#include "core/evm/gas_table.hpp"
#include "core/evm/opcodes.hpp"

namespace entresol::conformance {
namespace {

constexpr std::int64_t CALL_STIPEND = 2300;
constexpr std::size_t MAX_WAITING_BYTES = 1ULL << 30;

bool creates(evm::CallKind kind) { return kind == evm::CallKind::Create || kind == evm::CallKind::Create2; }

std::string quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace

void StepLines::begin(const state::Journal& journal, const chain::Rules& rules) {
    journal_ = &journal;
    rules_ = rules;
    frames_.clear();
    is_too_large_ = false;
}

void StepLines::end() {
    for (auto& line : lines_) line.is_done = true;
    write_finished();
    if (is_too_large_)
        throw std::runtime_error("the trace of one call is larger than " + std::to_string(MAX_WAITING_BYTES >> 20) +
                                 " MiB: what came after is left out");
}

void StepLines::on_enter(const evm::Message& message, ByteView) {
    const bool pays = message.kind == evm::CallKind::Call || message.kind == evm::CallKind::CallCode;
    frames_.push_back({.is_create = creates(message.kind), .has_stipend = pays && !message.value.is_zero()});
}

// What the line wants is the cost when the instruction began: for a call with all the gas that it hands on, for a creation without.
void StepLines::on_exit(const evm::CallResult& result, std::uint64_t gas_used) {
    const Frame child = frames_.back();
    frames_.pop_back();
    if (frames_.empty()) return;
    const auto left = static_cast<std::int64_t>(result.gas_left);
    frames_.back().correction =
        child.is_create ? -static_cast<std::int64_t>(gas_used) : left - (child.has_stipend ? CALL_STIPEND : 0);
}

void StepLines::on_step(const Step& step) {
    Frame& frame = frames_.back();
    frame.line = NONE;
    frame.correction = 0;
    frame.fault = {.opcode = step.opcode,
                   .stack_height = static_cast<std::uint16_t>(step.stack.size()),
                   .is_reentrancy_sentry = step.opcode == evm::OP_SSTORE && step.gas <= CALL_STIPEND};
    if (is_too_large_) return;
    Line line;
    line.before = "{\"pc\":" + std::to_string(step.pc) + ",\"op\":" + std::to_string(step.opcode) +
                  ",\"gas\":" + quoted(to_quantity(step.gas)) + ",\"gasCost\":";
    if (options_.memory && !step.memory.empty()) line.after += ",\"memory\":" + quoted(to_hex(step.memory));
    line.after += ",\"memSize\":" + std::to_string(step.memory.size()) + ",\"stack\":[";
    for (std::size_t i = 0; i < step.stack.size(); ++i)
        line.after += (i == 0 ? "" : ",") + quoted(to_quantity(step.stack[i]));
    line.after += "]";
    if (options_.return_data && !step.return_data.empty())
        line.after += ",\"returnData\":" + quoted(to_hex(step.return_data));
    line.after += ",\"depth\":" + std::to_string(step.depth + 1);
    line.refund = static_cast<std::uint64_t>(std::max<std::int64_t>(journal_->refund(), 0));
    waiting_bytes_ += line.before.size() + line.after.size();
    is_too_large_ = waiting_bytes_ > MAX_WAITING_BYTES;
    frame.line = written_ + lines_.size();
    lines_.push_back(std::move(line));
}

void StepLines::on_step_result(std::uint64_t gas_cost, evm::Status status) {
    const Frame& frame = frames_.back();
    if (frame.line == NONE) return;
    Line& line = lines_[frame.line - written_];
    line.gas_cost = static_cast<std::uint64_t>(static_cast<std::int64_t>(gas_cost) + frame.correction);
    if (status == evm::Status::StackUnderflow || status == evm::Status::StackOverflow)  // before it was charged
        line.gas_cost = static_cast<std::uint64_t>(
            std::max(evm::GAS_TABLES[static_cast<std::size_t>(rules_.fork)][frame.fault.opcode], 0));
    if (frame.fault.opcode == evm::OP_SSTORE && status == evm::Status::Success)  // its refund belongs to its price
        line.refund = static_cast<std::uint64_t>(std::max<std::int64_t>(journal_->refund(), 0));
    if (status != evm::Status::Success && status != evm::Status::Revert)
        line.error = evm::failure_message(status, frame.fault);
    line.is_done = true;
    line.after += ",\"refund\":" + std::to_string(line.refund) +
                  ",\"opName\":" + quoted(evm::opcode_text(frame.fault.opcode, rules_.fork));
    write_finished();
}

void StepLines::write_finished() {
    while (!lines_.empty() && lines_.front().is_done) {
        const Line& line = lines_.front();
        write_(line.before + quoted(to_quantity(line.gas_cost)) + line.after +
               (line.error.empty() ? "}" : ",\"error\":" + quoted(line.error) + "}"));
        const auto size = line.before.size() + line.after.size();
        waiting_bytes_ -= std::min(waiting_bytes_, size);
        lines_.pop_front();
        ++written_;
    }
}

}  // namespace entresol::conformance
