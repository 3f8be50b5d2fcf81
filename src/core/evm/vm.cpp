#include "core/evm/vm.hpp"

#include "core/evm/frame.hpp"

namespace entresol::evm {

struct Vm::Impl : Machine {
    using Machine::Machine;
};

Vm::Vm(state::Journal& journal, const BlockContext& block, Tracer* tracer)
    : impl_(std::make_unique<Impl>(journal, block, tracer)) {}
Vm::~Vm() = default;

void Vm::set_transaction(const TxContext& tx) { impl_->tx = tx; }

CallResult Vm::execute(const Message& message) {
    const FrameResult done = impl_->execute(message);
    return {done.status, static_cast<std::uint64_t>(done.gas_left), impl_->return_data, done.fault};
}

const char* to_string(Status status) {
    constexpr const char* NAMES[] = {"Success",
                                     "Revert",
                                     "OutOfGas",
                                     "InvalidOpcode",
                                     "StackUnderflow",
                                     "StackOverflow",
                                     "BadJump",
                                     "StaticViolation",
                                     "ReturnDataOutOfBounds",
                                     "CallDepth",
                                     "InsufficientBalance",
                                     "AddressCollision",
                                     "CodeSize",
                                     "InitcodeSize",
                                     "CodeFirstByte",
                                     "NonceOverflow",
                                     "PrecompileFailure"};
    return NAMES[static_cast<std::size_t>(status)];
}

std::optional<Address> parse_delegation(ByteView code) {
    if (code.size() != 23 || code[0] != 0xef || code[1] != 0x01 || code[2] != 0x00) return std::nullopt;
    return from_bytes<Address>(code.subspan(3));
}

}  // namespace entresol::evm
