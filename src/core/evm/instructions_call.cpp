// CALL and CREATE families: operands, gas, and the message that begins the next frame.
#include "core/crypto/keccak.hpp"
#include "core/evm/instructions.hpp"
#include "core/evm/words.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

constexpr std::int64_t CALL_VALUE_COST = 9000;
constexpr std::size_t MAX_INITCODE_SIZE = 49152;  // EIP-3860

constexpr bool takes_value(CallKind kind) { return kind == CallKind::Call || kind == CallKind::CallCode; }

// Operands by their distance from the top; DELEGATECALL and STATICCALL lack the value.
template <CallKind KIND>
struct Operands {
    static constexpr int REST = takes_value(KIND) ? 3 : 2;
    static constexpr int COUNT = REST + 4;

    explicit Operands(const U256* top) : sp(top), target(words::to_address(top[-1])) {}
    [[nodiscard]] const U256& gas() const { return sp[0]; }
    [[nodiscard]] const U256& input_offset() const { return sp[-REST]; }
    [[nodiscard]] const U256& input_size() const { return sp[-REST - 1]; }
    [[nodiscard]] const U256& output_offset() const { return sp[-REST - 2]; }
    [[nodiscard]] const U256& output_size() const { return sp[-REST - 3]; }
    [[nodiscard]] bool has_value() const {
        if constexpr (takes_value(KIND)) return !sp[-2].is_zero();
        return false;
    }

    const U256* sp;
    Address target;
};

// EIP-7702: running delegated code also accesses the delegate.
bool charge_delegation(Frame& frame, const Address& target) {
    Machine& vm = *frame.machine;
    if (!vm.has(Fork::Prague)) return true;
    const auto delegate = parse_delegation(vm.journal.code(target)->view());
    if (!delegate) return true;
    const bool cold = vm.journal.warm_account(*delegate) == state::Warmth::Cold;
    return frame.charge(cold ? COLD_ACCOUNT_ACCESS_COST : WARM_ACCESS_COST);
}

template <CallKind KIND>
bool charge_call(Frame& frame, const Operands<KIND>& o) {
    Machine& vm = *frame.machine;
    if (!frame.reserve(o.input_offset(), o.input_size())) return false;
    if (!frame.reserve(o.output_offset(), o.output_size())) return false;
    if (!frame.charge(account_access_surcharge(vm, o.target))) return false;
    if (!charge_delegation(frame, o.target)) return false;
    std::int64_t cost = o.has_value() ? CALL_VALUE_COST : 0;
    if constexpr (KIND == CallKind::Call) {
        const bool creates = vm.has(Fork::SpuriousDragon) ? o.has_value() && vm.journal.is_empty(o.target)  // EIP-161
                                                          : !vm.journal.exists(o.target);
        if (creates) cost += NEW_ACCOUNT_COST;
    }
    return frame.charge(cost);
}

// EIP-150: all but one 64th at most. Before it, asking for more than there is fails.
bool split_gas(const Frame& frame, const U256& wanted, std::int64_t& given) {
    const auto gas = static_cast<std::uint64_t>(frame.gas);
    const std::uint64_t most = frame.machine->has(Fork::TangerineWhistle) ? gas - gas / 64 : gas;
    if (!frame.machine->has(Fork::TangerineWhistle) && wanted.saturate_u64() > most) return false;
    given = static_cast<std::int64_t>(std::min(wanted.saturate_u64(), most));
    return true;
}

template <CallKind KIND>
void fill_message(Message& message, const Frame& frame, const Operands<KIND>& o, std::int64_t gas) {
    const Message& parent = frame.message;
    message.kind = KIND;
    message.is_static = parent.is_static || KIND == CallKind::StaticCall;
    message.depth = parent.depth + 1;
    message.gas = static_cast<std::uint64_t>(gas);
    message.code_address = o.target;
    message.recipient = KIND == CallKind::CallCode || KIND == CallKind::DelegateCall ? parent.recipient : o.target;
    message.caller = KIND == CallKind::DelegateCall ? parent.caller : parent.recipient;
    if constexpr (takes_value(KIND))
        message.value = o.sp[-2];
    else
        message.value = KIND == CallKind::DelegateCall ? parent.value : U256{};
    message.input = frame.memory_view(o.input_offset(), o.input_size());
}

// Between charging and beginning: as geth reports calls, with the gas they are given, creations without.
void trace_cost(Frame& frame) {
    if (frame.wants_steps)
        frame.machine->tracer->on_step_result(static_cast<std::uint64_t>(frame.step_gas - frame.gas), Status::Success);
}

CallOutcome begin(Frame& frame, Frame& child) {
    FrameResult result;
    Machine& vm = *frame.machine;
    if (vm.begin(child, result)) return {CallStep::Entered, Status::Success};
    vm.resume(frame, child.message, result);
    return {};
}

constexpr CallOutcome fail(Status status) { return {CallStep::Failed, status}; }

}  // namespace

template <CallKind KIND>
CallOutcome op_call(Frame& frame, U256* sp) {
    Machine& vm = *frame.machine;
    const Operands<KIND> o(sp);
    if (KIND == CallKind::Call && frame.message.is_static && o.has_value()) return fail(Status::StaticViolation);
    std::int64_t given = 0;
    if (!charge_call(frame, o) || !split_gas(frame, o.gas(), given)) return fail(Status::OutOfGas);
    frame.gas -= given;
    trace_cost(frame);
    if (o.has_value()) given += CALL_STIPEND;

    Frame& child = vm.next_frame();
    fill_message(child.message, frame, o, given);
    frame.call_output_offset = o.output_offset().limb[0];
    frame.call_output_size = o.output_size().limb[0];
    frame.sp = sp - (Operands<KIND>::COUNT - 1);
    vm.return_data.clear();
    const bool too_deep = frame.message.depth >= MAX_CALL_DEPTH;
    if (too_deep || (o.has_value() && vm.journal.balance(frame.message.recipient) < child.message.value)) {
        vm.trace_refused(child.message, too_deep ? Status::CallDepth : Status::InsufficientBalance);
        frame.gas += given;
        *frame.sp = U256{};
        return {};
    }
    return begin(frame, child);
}
template CallOutcome op_call<CallKind::Call>(Frame&, U256*);
template CallOutcome op_call<CallKind::CallCode>(Frame&, U256*);
template CallOutcome op_call<CallKind::DelegateCall>(Frame&, U256*);
template CallOutcome op_call<CallKind::StaticCall>(Frame&, U256*);

template <CallKind KIND>
CallOutcome op_create(Frame& frame, U256* sp) {
    Machine& vm = *frame.machine;
    const U256 &value = sp[0], &offset = sp[-1], &size = sp[-2];
    if (frame.message.is_static) return fail(Status::StaticViolation);
    if (!frame.reserve(offset, size)) return fail(Status::OutOfGas);
    if (vm.has(Fork::Shanghai)) {  // EIP-3860
        if (size.limb[0] > MAX_INITCODE_SIZE) return fail(Status::OutOfGas);
        if (!frame.charge(2 * words_of(size.limb[0]))) return fail(Status::OutOfGas);
    }
    if (KIND == CallKind::Create2 && !frame.charge(6 * words_of(size.limb[0]))) return fail(Status::OutOfGas);
    trace_cost(frame);
    const std::int64_t given = vm.has(Fork::TangerineWhistle) ? frame.gas - frame.gas / 64 : frame.gas;

    const Address& self = frame.message.recipient;
    const std::uint64_t nonce = vm.journal.nonce(self);
    const ByteView initcode = frame.memory_view(offset, size);
    Frame& child = vm.next_frame();
    child.message = {.kind = KIND,
                     .depth = frame.message.depth + 1,
                     .gas = static_cast<std::uint64_t>(given),
                     .caller = self,
                     .value = value,
                     .input = initcode};
    child.message.recipient = KIND == CallKind::Create2
                                  ? chain::create2_address(self, to_hash32(sp[-3]), crypto::keccak256(initcode))
                                  : chain::create_address(self, nonce);
    child.message.code_address = child.message.recipient;
    frame.sp = KIND == CallKind::Create2 ? sp - 3 : sp - 2;
    vm.return_data.clear();
    const bool too_deep = frame.message.depth >= MAX_CALL_DEPTH;
    const bool too_poor = !value.is_zero() && vm.journal.balance(self) < value;
    if (too_deep || too_poor || nonce == ~0ULL) {  // EIP-2681
        vm.trace_refused(child.message, too_deep   ? Status::CallDepth
                                        : too_poor ? Status::InsufficientBalance
                                                   : Status::NonceOverflow);
        *frame.sp = U256{};
        return {};
    }
    frame.gas -= given;
    vm.journal.set_nonce(self, nonce + 1);
    return begin(frame, child);
}
template CallOutcome op_create<CallKind::Create>(Frame&, U256*);
template CallOutcome op_create<CallKind::Create2>(Frame&, U256*);

}  // namespace entresol::evm
