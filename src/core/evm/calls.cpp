// CALL and CREATE families, and how a message is executed: transfer, precompile or code, deposit, roll-back.
#include "core/crypto/keccak.hpp"
#include "core/evm/frame.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

constexpr std::int64_t CALL_VALUE_COST = 9000;
constexpr std::int64_t CALL_STIPEND = 2300;
constexpr std::int64_t NEW_ACCOUNT_COST = 25000;
constexpr std::size_t MAX_CODE_SIZE = 24576;                     // EIP-170
constexpr std::size_t MAX_INITCODE_SIZE = 2 * MAX_CODE_SIZE;     // EIP-3860
constexpr std::int64_t CODE_DEPOSIT_COST = 200;

bool charge(std::int64_t& gas, std::int64_t cost) {
    gas -= cost;
    return gas >= 0;
}

struct CallOperands {
    U256 gas;
    Address target;
    U256 value;
    U256 input_offset, input_size, output_offset, output_size;
};

CallOperands read_operands(const U256* sp, CallKind kind) {
    CallOperands o;
    o.gas = sp[0];
    o.target = to_address(sp[-1]);
    const bool has_value = kind == CallKind::Call || kind == CallKind::CallCode;
    const U256* rest = sp - 2;
    if (has_value) o.value = *rest--;
    o.input_offset = rest[0];
    o.input_size = rest[-1];
    o.output_offset = rest[-2];
    o.output_size = rest[-3];
    return o;
}

std::size_t operand_count(CallKind kind) { return kind == CallKind::Call || kind == CallKind::CallCode ? 7 : 6; }

// EIP-7702: running delegated code also accesses the delegate.
bool charge_delegation(Machine& vm, const Address& target, std::int64_t& gas) {
    if (!vm.has(Fork::Prague)) return true;
    const auto delegate = parse_delegation(vm.journal.code(target)->view());
    if (!delegate) return true;
    const bool cold = vm.journal.warm_account(*delegate) == state::Warmth::Cold;
    return charge(gas, cold ? COLD_ACCOUNT_ACCESS_COST : WARM_ACCESS_COST);
}

bool charge_call(Frame& frame, const CallOperands& o, CallKind kind, std::int64_t& gas) {
    Machine& vm = frame.vm;
    if (!charge(gas, account_access_surcharge(vm, o.target))) return false;
    if (!charge_delegation(vm, o.target, gas)) return false;
    std::int64_t cost = o.value.is_zero() ? 0 : CALL_VALUE_COST;
    if (kind == CallKind::Call) {
        const bool creates = vm.has(Fork::SpuriousDragon) ? !o.value.is_zero() && vm.journal.is_empty(o.target) : !vm.journal.exists(o.target);
        if (creates) cost += NEW_ACCOUNT_COST;
    }
    return charge(gas, cost);
}

// EIP-150: all but one 64th at most. Before it, asking for more than there is fails.
bool split_gas(const Machine& vm, const U256& wanted, std::int64_t gas, std::int64_t& given) {
    if (!vm.has(Fork::TangerineWhistle)) {
        if (wanted > U256{static_cast<std::uint64_t>(gas)}) return false;
        given = static_cast<std::int64_t>(wanted.limb[0]);
        return true;
    }
    const std::int64_t most = gas - gas / 64;
    given = wanted < U256{static_cast<std::uint64_t>(most)} ? static_cast<std::int64_t>(wanted.limb[0]) : most;
    return true;
}

Message make_call(const Frame& frame, const CallOperands& o, CallKind kind, std::int64_t gas) {
    const Message& parent = frame.message;
    Message message{.kind = kind, .is_static = parent.is_static || kind == CallKind::StaticCall, .depth = parent.depth + 1,
                    .gas = static_cast<std::uint64_t>(gas), .recipient = o.target, .code_address = o.target, .caller = parent.recipient, .value = o.value,
                    .input = {}};
    if (!o.input_size.is_zero()) message.input = {frame.memory.data() + o.input_offset.limb[0], static_cast<std::size_t>(o.input_size.limb[0])};
    if (kind == CallKind::CallCode || kind == CallKind::DelegateCall) message.recipient = parent.recipient;
    if (kind == CallKind::DelegateCall) {
        message.caller = parent.caller;
        message.value = parent.value;
    }
    return message;
}

void trace_refused(Machine& vm, const Message& message, Status status) {
    if (vm.tracer == nullptr) return;
    vm.tracer->on_enter(message, {});
    vm.tracer->on_exit({.status = status, .gas_left = message.gas, .output = {}}, 0);
}

}  // namespace

Status op_call(Frame& frame, U256* sp, std::int64_t& gas, CallKind kind) {
    Machine& vm = frame.vm;
    const CallOperands o = read_operands(sp, kind);
    U256& result = *(sp - operand_count(kind) + 1);
    frame.return_data.clear();
    if (frame.message.is_static && kind == CallKind::Call && !o.value.is_zero()) return Status::StaticViolation;
    if (!reserve_memory(frame.memory, gas, o.input_offset, o.input_size)) return Status::OutOfGas;
    if (!reserve_memory(frame.memory, gas, o.output_offset, o.output_size)) return Status::OutOfGas;
    if (!charge_call(frame, o, kind, gas)) return Status::OutOfGas;
    std::int64_t given = 0;
    if (!split_gas(vm, o.gas, gas, given)) return Status::OutOfGas;
    gas -= given;
    if (!o.value.is_zero()) given += CALL_STIPEND;

    const Message message = make_call(frame, o, kind, given);
    result = U256{};
    if (frame.message.depth >= MAX_CALL_DEPTH || (!o.value.is_zero() && vm.journal.balance(frame.message.recipient) < o.value)) {
        trace_refused(vm, message, frame.message.depth >= MAX_CALL_DEPTH ? Status::CallDepth : Status::InsufficientBalance);
        gas += given;
        return Status::Success;
    }
    const FrameResult done = vm.execute(message, frame.return_data);
    gas += done.gas_left;
    result = U256{done.status == Status::Success ? 1ULL : 0ULL};
    const std::size_t copied = std::min<std::size_t>(frame.return_data.size(), static_cast<std::size_t>(o.output_size.saturate_u64()));
    if (copied != 0) std::memcpy(frame.memory.data() + o.output_offset.limb[0], frame.return_data.data(), copied);
    return Status::Success;
}

Status op_create(Frame& frame, U256* sp, std::int64_t& gas, CallKind kind) {
    Machine& vm = frame.vm;
    const U256 value = sp[0], offset = sp[-1], size = sp[-2];
    const U256 salt = kind == CallKind::Create2 ? sp[-3] : U256{};
    U256& result = kind == CallKind::Create2 ? sp[-3] : sp[-2];
    frame.return_data.clear();
    if (frame.message.is_static) return Status::StaticViolation;
    if (!reserve_memory(frame.memory, gas, offset, size)) return Status::OutOfGas;
    if (vm.has(Fork::Shanghai)) {  // EIP-3860
        if (size > U256{MAX_INITCODE_SIZE}) return Status::OutOfGas;
        if (!charge(gas, 2 * words_of(size.limb[0]))) return Status::OutOfGas;
    }
    if (kind == CallKind::Create2 && !charge(gas, 6 * words_of(size.limb[0]))) return Status::OutOfGas;
    const std::int64_t given = vm.has(Fork::TangerineWhistle) ? gas - gas / 64 : gas;

    const Address self = frame.message.recipient;
    Message message{.kind = kind, .is_static = false, .depth = frame.message.depth + 1, .gas = static_cast<std::uint64_t>(given), .recipient = {},
                    .code_address = {}, .caller = self, .value = value, .input = {}};
    if (!size.is_zero()) message.input = {frame.memory.data() + offset.limb[0], static_cast<std::size_t>(size.limb[0])};
    result = U256{};
    const std::uint64_t nonce = vm.journal.nonce(self);
    message.recipient = kind == CallKind::Create2 ? chain::create2_address(self, to_hash32(salt), crypto::keccak256(message.input)) : chain::create_address(self, nonce);
    message.code_address = message.recipient;
    const bool too_poor = !value.is_zero() && vm.journal.balance(self) < value;
    if (frame.message.depth >= MAX_CALL_DEPTH || too_poor || nonce == ~0ULL) {  // EIP-2681
        trace_refused(vm, message, too_poor ? Status::InsufficientBalance : nonce == ~0ULL ? Status::NonceOverflow : Status::CallDepth);
        return Status::Success;
    }
    gas -= given;
    vm.journal.set_nonce(self, nonce + 1);
    const FrameResult done = vm.execute(message, frame.return_data);
    gas += done.gas_left;
    if (done.status == Status::Success) {
        result = to_u256(message.recipient);
        frame.return_data.clear();  // only a revert leaves data (EIP-211)
    }
    return Status::Success;
}

FrameResult Machine::execute(const Message& message, Bytes& output) {
    const bool creates = message.kind == CallKind::Create || message.kind == CallKind::Create2;
    if (tracer == nullptr) return creates ? execute_create(message, output) : execute_call(message, output);
    tracer->on_enter(message, creates ? message.input : journal.code(message.code_address)->view());
    const FrameResult result = creates ? execute_create(message, output) : execute_call(message, output);
    const auto left = static_cast<std::uint64_t>(result.gas_left);
    tracer->on_exit({.status = result.status, .gas_left = left, .output = output}, message.gas - left);
    return result;
}

FrameResult Machine::execute_call(const Message& message, Bytes& output) {
    const auto checkpoint = journal.checkpoint();
    if (message.kind == CallKind::Call) {
        const bool plain_touch = message.value.is_zero();
        if (!plain_touch && !journal.sub_balance(message.caller, message.value)) {
            output.clear();
            return {Status::InsufficientBalance, static_cast<std::int64_t>(message.gas)};
        }
        // Even nothing touches the recipient (EIP-161); before Spurious Dragon that brings it into being.
        journal.add_balance(message.recipient, message.value);
    } else if (message.kind == CallKind::StaticCall) {
        journal.touch(message.recipient);
    }
    FrameResult result;
    if (const PrecompileRun precompile = find_precompile(message.code_address, block.rules); precompile != nullptr) {
        output.clear();
        const auto done = precompile(message.input, static_cast<std::int64_t>(message.gas), block.rules, output);
        result = done.ok ? FrameResult{Status::Success, done.gas_left} : FrameResult{Status::PrecompileFailure, 0};
        if (!done.ok) output.clear();
    } else {
        state::CodePtr code = journal.code(message.code_address);
        if (has(Fork::Prague))
            if (const auto delegate = parse_delegation(code->view())) code = find_precompile(*delegate, block.rules) != nullptr ? state::make_code({}) : journal.code(*delegate);
        result = run_code(message, *code, output);
    }
    if (result.status != Status::Success) journal.revert_to(checkpoint);
    return result;
}

FrameResult Machine::execute_create(const Message& message, Bytes& output) {
    const Address& created = message.recipient;
    if (has(Fork::Berlin)) journal.warm_account(created);  // stays warm even if the creation fails
    if (!journal.is_free_for_creation(created)) {
        output.clear();
        return {Status::AddressCollision, 0};
    }
    const auto checkpoint = journal.checkpoint();
    journal.create_contract(created);
    if (has(Fork::SpuriousDragon)) journal.set_nonce(created, 1);  // EIP-161
    if (!journal.sub_balance(message.caller, message.value)) {
        journal.revert_to(checkpoint);
        output.clear();
        return {Status::InsufficientBalance, static_cast<std::int64_t>(message.gas)};
    }
    journal.add_balance(created, message.value);

    const state::CodePtr initcode = state::make_code(message.input);
    Message run_message = message;
    run_message.input = {};
    FrameResult result = run_code(run_message, *initcode, output);
    if (result.status == Status::Success) {
        result.status = [&] {
            if (has(Fork::SpuriousDragon) && output.size() > MAX_CODE_SIZE) return Status::CodeSize;
            if (has(Fork::London) && !output.empty() && output[0] == 0xef) return Status::CodeFirstByte;  // EIP-3541
            const std::int64_t cost = CODE_DEPOSIT_COST * static_cast<std::int64_t>(output.size());
            if (result.gas_left >= cost) {
                result.gas_left -= cost;
                journal.set_code(created, output);
                return Status::Success;
            }
            if (has(Fork::Homestead)) return Status::OutOfGas;  // EIP-2
            output.clear();  // Frontier: the contract stays empty and keeps its gas
            return Status::Success;
        }();
        if (result.status != Status::Success) {
            result.gas_left = 0;
            output.clear();
        }
    }
    if (result.status != Status::Success) journal.revert_to(checkpoint);
    return result;
}

}  // namespace entresol::evm
