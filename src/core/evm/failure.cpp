#include "core/evm/failure.hpp"

#include "core/base/hex.hpp"
#include "core/evm/opcodes.hpp"

namespace entresol::evm {

namespace {

bool is_defined(std::uint8_t opcode, chain::Fork fork) {
    switch (opcode) {
#define X(byte, name, takes, gives, since, gas) \
    case byte: return fork >= chain::Fork::since;
        ENTRESOL_OPCODES(X)
#undef X
        default: return false;
    }
}

}  // namespace

std::string opcode_text(std::uint8_t opcode, chain::Fork fork) {
    if (opcode == OP_PREVRANDAO) return "DIFFICULTY";
    if (!is_defined(opcode, fork)) return "opcode " + to_quantity(std::uint64_t{opcode}) + " not defined";
    return opcode_name(opcode);
}

std::string failure_message(Status status,
                            const Fault& fault) {  // as go-ethereum's core/vm/errors.go words them
    switch (status) {
        case Status::Revert: return "execution reverted";
        case Status::OutOfGas:
            return fault.is_reentrancy_sentry ? "out of gas: not enough gas for reentrancy sentry" : "out of gas";
        case Status::InvalidOpcode: return "invalid opcode: " + opcode_text(fault.opcode);
        case Status::StackUnderflow:
            return "stack underflow (" + std::to_string(fault.stack_height) + " <=> " +
                   std::to_string(stack_takes(fault.opcode)) + ")";
        case Status::StackOverflow:
            return "stack limit reached " + std::to_string(fault.stack_height) + " (" + std::to_string(1023) + ")";
        case Status::BadJump: return "invalid jump destination";
        case Status::StaticViolation: return "write protection";
        case Status::ReturnDataOutOfBounds: return "return data out of bounds";
        case Status::CallDepth: return "max call depth exceeded";
        case Status::InsufficientBalance: return "insufficient balance for transfer";
        case Status::AddressCollision: return "contract address collision";
        case Status::CodeSize: return "max code size exceeded";
        case Status::InitcodeSize: return "max initcode size exceeded";
        case Status::CodeFirstByte: return "invalid code: must not begin with 0xef";
        case Status::NonceOverflow: return "nonce uint64 overflow";
        case Status::PrecompileFailure: return "the precompiled contract refused its input";
        case Status::Success: break;
    }
    return to_string(status);
}

}  // namespace entresol::evm
