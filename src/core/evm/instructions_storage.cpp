// Storage, transient storage, logs and self-destruction.
#include "core/evm/instructions.hpp"
#include "core/evm/words.hpp"

namespace entresol::evm {
namespace {

using chain::Fork;

struct SstorePrice {
    std::int64_t gas = 0;
    std::int64_t refund = 0;
};

// Before net metering: only whether the slot becomes set or cleared counts (yellow paper, Frontier).
SstorePrice price_by_change(const U256& current, const U256& value) {
    if (current.is_zero() && !value.is_zero()) return {20000, 0};
    return {5000, !current.is_zero() && value.is_zero() ? 15000 : 0};
}

struct NetParameters {
    std::int64_t load;   // what a no-op or dirty write costs
    std::int64_t set;    // first write, zero → non-zero
    std::int64_t reset;  // first write, other
    std::int64_t clear_refund;
};

// EIP-1283, EIP-2200, EIP-2929 and EIP-3529 share this shape; only the parameters differ.
SstorePrice price_net(const NetParameters& p, const U256& original, const U256& current, const U256& value) {
    if (current == value) return {p.load, 0};
    if (original == current) {
        if (original.is_zero()) return {p.set, 0};
        return {p.reset, value.is_zero() ? p.clear_refund : 0};
    }
    SstorePrice price{p.load, 0};
    if (!original.is_zero()) {
        if (current.is_zero()) price.refund -= p.clear_refund;
        if (value.is_zero()) price.refund += p.clear_refund;
    }
    if (original == value) price.refund += (original.is_zero() ? p.set : p.reset) - p.load;
    return price;
}

NetParameters net_parameters(const Machine& vm) {
    if (vm.has(Fork::London)) return {100, 20000, 2900, 4800};     // EIP-3529
    if (vm.has(Fork::Berlin)) return {100, 20000, 2900, 15000};    // EIP-2929
    if (vm.has(Fork::Istanbul)) return {800, 20000, 5000, 15000};  // EIP-2200
    return {200, 20000, 5000, 15000};                              // EIP-1283, Constantinople only
}

}  // namespace

Status op_sload(Frame& frame, U256* sp) {
    auto& journal = frame.machine->journal;
    const Address& self = frame.message.recipient;
    if (!frame.machine->has(Fork::Berlin)) {
        sp[0] = journal.load_storage(self, sp[0]);
        return Status::Success;
    }
    // The warmth decides the price; an unpaid look-up is undone with the frame.
    state::Warmth warmth;
    const U256 value = journal.load_storage(self, sp[0], warmth);
    if (warmth == state::Warmth::Cold && !frame.charge(COLD_SLOAD_COST - WARM_ACCESS_COST)) return Status::OutOfGas;
    sp[0] = value;
    return Status::Success;
}

Status op_sstore(Frame& frame, U256* sp) {
    if (frame.message.is_static) return Status::StaticViolation;
    Machine& vm = *frame.machine;
    const bool net_metered = vm.has(Fork::Istanbul) || vm.block.rules.fork == Fork::Constantinople;
    // EIP-2200: the stipend must not write
    if (vm.has(Fork::Istanbul) && frame.gas <= CALL_STIPEND) return Status::OutOfGas;
    const auto write = vm.journal.store_storage(frame.message.recipient, sp[0], sp[-1]);
    SstorePrice price = net_metered ? price_net(net_parameters(vm), write.original, write.current, sp[-1])
                                    : price_by_change(write.current, sp[-1]);
    if (vm.has(Fork::Berlin) && write.warmth == state::Warmth::Cold) price.gas += COLD_SLOAD_COST;
    if (!frame.charge(price.gas)) return Status::OutOfGas;
    if (price.refund != 0) vm.journal.add_refund(price.refund);
    return Status::Success;
}

// EIP-1153.
Status op_tload(Frame& frame, U256* sp) {
    sp[0] = frame.machine->journal.load_transient(frame.message.recipient, sp[0]);
    return Status::Success;
}

Status op_tstore(Frame& frame, U256* sp) {
    if (frame.message.is_static) return Status::StaticViolation;
    frame.machine->journal.store_transient(frame.message.recipient, sp[0], sp[-1]);
    return Status::Success;
}

template <unsigned TOPICS>
Status op_log(Frame& frame, U256* sp) {
    if (frame.message.is_static) return Status::StaticViolation;
    if (!frame.reserve(sp[0], sp[-1])) return Status::OutOfGas;
    const ByteView data = frame.memory_view(sp[0], sp[-1]);
    if (!frame.charge(8 * static_cast<std::int64_t>(data.size()))) return Status::OutOfGas;
    chain::Log log;
    log.address = frame.message.recipient;
    log.data = to_bytes(data);
    log.topics.reserve(TOPICS);
    for (unsigned i = 0; i < TOPICS; ++i) log.topics.push_back(to_hash32(*(sp - 2 - i)));
    Machine& vm = *frame.machine;
    if (vm.tracer != nullptr) vm.tracer->on_log(log);
    vm.journal.add_log(std::move(log));
    return Status::Success;
}
template Status op_log<0>(Frame&, U256*);
template Status op_log<1>(Frame&, U256*);
template Status op_log<2>(Frame&, U256*);
template Status op_log<3>(Frame&, U256*);
template Status op_log<4>(Frame&, U256*);

Status op_self_destruct(Frame& frame, U256* sp) {
    if (frame.message.is_static) return Status::StaticViolation;
    Machine& vm = *frame.machine;
    const Address self = frame.message.recipient;
    const Address heir = words::to_address(sp[0]);
    // Its constant part holds no warm access (EIP-2929)
    if (vm.has(Fork::Berlin) && vm.journal.warm_account(heir) == state::Warmth::Cold &&
        !frame.charge(COLD_ACCOUNT_ACCESS_COST))
        return Status::OutOfGas;
    const U256 balance = vm.journal.balance(self);
    if (vm.has(Fork::TangerineWhistle)) {  // EIP-150; since EIP-161 only a transfer of value makes the heir cost
        const bool creates =
            vm.has(Fork::SpuriousDragon) ? !balance.is_zero() && vm.journal.is_empty(heir) : !vm.journal.exists(heir);
        if (creates && !frame.charge(NEW_ACCOUNT_COST)) return Status::OutOfGas;
    }
    if (vm.tracer != nullptr) vm.tracer->on_self_destruct(self, heir, balance);
    const bool destroys = !vm.has(Fork::Cancun) || vm.journal.was_created_here(self);  // EIP-6780
    if (heir != self) {
        CHECK(vm.journal.sub_balance(self, balance));
        vm.journal.add_balance(heir, balance);
    } else if (destroys) {
        vm.journal.set_balance(self, U256{});
    }
    if (destroys && vm.journal.mark_self_destructed(self) && !vm.has(Fork::London))
        vm.journal.add_refund(24000);  // EIP-3529 ended it
    return Status::Success;
}

}  // namespace entresol::evm
