// How a message is executed: transfer, precompile or code, deposit of created code, roll-back; and what its caller gets.
#include "core/evm/frame.hpp"
#include "core/evm/opcodes.hpp"
#include "core/evm/precompiles.hpp"
#include "core/evm/words.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

constexpr std::size_t MAX_CODE_SIZE = 24576;  // EIP-170
constexpr std::int64_t CODE_DEPOSIT_COST = 200;

constexpr bool creates(CallKind kind) { return kind == CallKind::Create || kind == CallKind::Create2; }

}  // namespace

Machine::Machine(state::Journal& j, const BlockContext& b, Tracer* t)
    : journal(j), block(b), tracer(t), gas_table(GAS_TABLES[static_cast<std::size_t>(b.rules.fork)]) {}

Frame& Machine::next_frame() {
    if (count_ == frames_.size()) frames_.push_back(std::make_unique<Frame>());
    return *frames_[count_];
}

FrameResult Machine::execute(const Message& message) {
    CHECK(count_ == 0);
    return_data.clear();
    Frame& frame = next_frame();
    frame.message = message;
    FrameResult result;
    if (!begin(frame, result)) return result;
    interpret(*this);
    return outcome;
}

bool Machine::begin(Frame& frame, FrameResult& result) {
    const Message& message = frame.message;
    const bool creation = creates(message.kind);
    if (tracer != nullptr)
        tracer->on_enter(message, creation ? message.input : journal.code(message.code_address)->view());
    const bool runs = creation ? begin_create(frame, result) : begin_call(frame, result);
    if (!runs && tracer != nullptr) trace_exit(message, result);
    return runs;
}

bool Machine::begin_call(Frame& frame, FrameResult& result) {
    const Message& message = frame.message;
    const auto gas = static_cast<std::int64_t>(message.gas);
    frame.checkpoint = journal.checkpoint();
    if (message.kind == CallKind::Call) {
        if (!message.value.is_zero() && !journal.sub_balance(message.caller, message.value)) {
            result = {Status::InsufficientBalance, gas};
            return false;
        }
        // Even nothing touches the recipient (EIP-161); before Spurious Dragon that brings it into being.
        journal.add_balance(message.recipient, message.value);
    } else if (message.kind == CallKind::StaticCall) {
        journal.touch(message.recipient);
    }
    if (const PrecompileRun precompile = find_precompile(message.code_address, block); precompile != nullptr) {
        const auto done = precompile(message.input, gas, block.rules, return_data);
        result = {done.ok ? Status::Success : Status::PrecompileFailure, done.ok ? done.gas_left : 0};
        if (done.ok) return false;
        return_data.clear();
        journal.revert_to(frame.checkpoint);
        return false;
    }
    state::CodePtr code = journal.code(message.code_address);
    if (has(Fork::Prague)) {
        if (const auto delegate = parse_delegation(code->view())) {
            if (find_precompile(*delegate, block) != nullptr) {  // EIP-7702: a precompile's code is empty
                result = {Status::Success, gas};
                return false;
            }
            code = journal.code(*delegate);
        }
    }
    return start_code(frame, std::move(code), result);
}

bool Machine::begin_create(Frame& frame, FrameResult& result) {
    const Message& message = frame.message;
    const Address& created = message.recipient;
    if (has(Fork::Berlin)) journal.warm_account(created);  // stays warm even if the creation fails
    if (!journal.is_free_for_creation(created)) {
        result = {Status::AddressCollision, 0};
        return false;
    }
    frame.checkpoint = journal.checkpoint();
    journal.create_contract(created);
    if (has(Fork::SpuriousDragon)) journal.set_nonce(created, 1);  // EIP-161
    if (!journal.sub_balance(message.caller, message.value)) {
        journal.revert_to(frame.checkpoint);
        result = {Status::InsufficientBalance, static_cast<std::int64_t>(message.gas)};
        return false;
    }
    journal.add_balance(created, message.value);
    state::CodePtr initcode = state::make_code(message.input, state::CodeUse::Initcode);
    frame.message.input = {};  // initcode has no call data
    if (start_code(frame, std::move(initcode), result)) return true;
    // Without initcode, a contract without code: nothing to pay for.
    return false;
}

bool Machine::start_code(Frame& frame, state::CodePtr code, FrameResult& result) {
    frame.gas = static_cast<std::int64_t>(frame.message.gas);
    if (code->size == 0) {
        result = {Status::Success, frame.gas};
        return false;
    }
    const bool is_first = count_ == 0;
    const auto stack = is_first ? stacks_.first() : stacks_.above(running().sp, running().stack_chunk);
    frame.machine = this;
    frame.base = frame.sp = stack.slot;
    frame.stack_chunk = stack.chunk;
    frame.memory_mark = memories_.mark();
    frame.memory = memories_.top();
    frame.memory_size = 0;
    frame.code_owner = std::move(code);
    frame.code = frame.code_owner->bytes.data();
    frame.code_size = frame.code_owner->size;
    frame.jump_dests = frame.code_owner->jump_dests.data();
    frame.output_size = 0;
    frame.wants_steps = tracer != nullptr && tracer->wants_steps();
    frame.runs = frame.pc = frame.wants_steps ? frame.code : frame.code_owner->fused.data();
    ++count_;
    return true;
}

// The frame as the interpreter left it.
Fault Machine::fault_of(const Frame& frame, Status status) {
    if (status == Status::Success || status == Status::Revert) return {};
    const std::uint8_t opcode = frame.code[frame.pc - frame.runs];
    return {.opcode = opcode,
            .stack_height = static_cast<std::uint16_t>(frame.sp - frame.base),
            .is_reentrancy_sentry = status == Status::OutOfGas && opcode == OP_SSTORE && frame.gas >= 0};
}

Frame* Machine::end(Frame& frame, Status status) {
    const Fault fault = fault_of(frame, status);
    const bool keeps_output = status == Status::Success || status == Status::Revert;
    if (keeps_output) {
        const std::uint8_t* output = frame.memory + frame.output_offset;
        if (frame.output_size != 0)
            return_data.assign(output, output + frame.output_size);
        else
            return_data.clear();
    }
    if (status == Status::Success && creates(frame.message.kind)) status = deposit_code(frame);
    if (status != Status::Success) journal.revert_to(frame.checkpoint);
    if (status != Status::Success && status != Status::Revert) {
        return_data.clear();
        frame.gas = 0;
    }
    const FrameResult result{status, frame.gas, fault};
    if (tracer != nullptr) trace_exit(frame.message, result);

    frame.code_owner.reset();
    memories_.release(frame.memory_mark);
    --count_;
    if (count_ == 0) {
        outcome = result;
        return nullptr;
    }
    Frame& caller = running();
    resume(caller, frame.message, result);
    return &caller;
}

Status Machine::deposit_code(Frame& frame) {
    if (has(Fork::SpuriousDragon) && return_data.size() > MAX_CODE_SIZE) return Status::CodeSize;
    if (has(Fork::London) && !return_data.empty() && return_data[0] == 0xef) return Status::CodeFirstByte;  // EIP-3541
    const std::int64_t cost = CODE_DEPOSIT_COST * static_cast<std::int64_t>(return_data.size());
    if (frame.gas >= cost) {
        frame.gas -= cost;
        journal.set_code(frame.message.recipient, return_data);
        return Status::Success;
    }
    if (has(Fork::Homestead)) return Status::OutOfGas;  // EIP-2
    return_data.clear();                                // Frontier: the contract stays empty and keeps its gas
    return Status::Success;
}

void Machine::resume(Frame& caller, const Message& message, const FrameResult& result) {
    caller.gas += result.gas_left;
    const bool succeeded = result.status == Status::Success;
    if (creates(message.kind)) {
        *caller.sp = succeeded ? words::from_address(message.recipient) : U256{};
        if (succeeded) return_data.clear();  // only a revert leaves data (EIP-211)
        return;
    }
    *caller.sp = U256{succeeded ? 1ULL : 0ULL};
    const auto copied = std::min<std::size_t>(return_data.size(), static_cast<std::size_t>(caller.call_output_size));
    if (copied != 0) std::memcpy(caller.memory + caller.call_output_offset, return_data.data(), copied);
}

void Machine::trace_refused(const Message& message, Status status) {
    if (tracer == nullptr) return;
    tracer->on_enter(message, {});
    tracer->on_exit({.status = status, .gas_left = message.gas, .output = {}}, 0);
}

void Machine::trace_exit(const Message& message, const FrameResult& result) {
    CallResult told{.status = result.status,
                    .gas_left = static_cast<std::uint64_t>(result.gas_left),
                    .output = {},
                    .fault = result.fault};
    told.output.swap(return_data);
    tracer->on_exit(told, message.gas - told.gas_left);
    told.output.swap(return_data);
}

}  // namespace entresol::evm
