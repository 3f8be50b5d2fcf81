// Instructions that reach beyond the stack: memory, accounts, storage, logs, calls. The main loop holds the rest.
// Before one is called, frame.gas is up to date and its constant gas paid. `sp` is the top of the stack before the instruction; results are written
// where the opcode's height change expects them. Anything but Success ends the frame.
#pragma once

#include "core/evm/frame.hpp"

namespace entresol::evm {

inline constexpr std::int64_t COLD_ACCOUNT_ACCESS_COST = 2600;  // EIP-2929
inline constexpr std::int64_t COLD_SLOAD_COST = 2100;
inline constexpr std::int64_t WARM_ACCESS_COST = 100;
inline constexpr std::int64_t CALL_STIPEND = 2300;
inline constexpr std::int64_t NEW_ACCOUNT_COST = 25000;

/// What a cold account costs beyond the warm price already charged; warms it. Zero before Berlin.
[[nodiscard]] inline std::int64_t account_access_surcharge(Machine& vm, const Address& address) {
    if (!vm.has(chain::Fork::Berlin)) return 0;
    return vm.journal.warm_account(address) == state::Warmth::Cold ? COLD_ACCOUNT_ACCESS_COST - WARM_ACCESS_COST : 0;
}

// instructions_data.cpp: hashing, copies, other accounts
Status op_keccak256(Frame& frame, U256* sp);
Status op_exp(Frame& frame, U256* sp);
Status op_balance(Frame& frame, U256* sp);
Status op_ext_code_size(Frame& frame, U256* sp);
Status op_ext_code_hash(Frame& frame, U256* sp);
Status op_ext_code_copy(Frame& frame, U256* sp);
Status op_call_data_copy(Frame& frame, U256* sp);
Status op_code_copy(Frame& frame, U256* sp);
Status op_return_data_copy(Frame& frame, U256* sp);
Status op_mcopy(Frame& frame, U256* sp);
Status op_block_hash(Frame& frame, U256* sp);
Status op_blob_hash(Frame& frame, U256* sp);
/// RETURN and REVERT: notes the output.
Status op_return(Frame& frame, U256* sp);

// instructions_storage.cpp: storage, transient storage, logs, self-destruction
Status op_sload(Frame& frame, U256* sp);
Status op_sstore(Frame& frame, U256* sp);
Status op_tload(Frame& frame, U256* sp);
Status op_tstore(Frame& frame, U256* sp);
template <unsigned TOPICS>
Status op_log(Frame& frame, U256* sp);
Status op_self_destruct(Frame& frame, U256* sp);

// instructions_call.cpp
enum class CallStep : std::uint8_t {
    Done,     // over already, the result is on the stack
    Entered,  // another frame runs now
    Failed,   // this frame ends
};
struct CallOutcome {
    CallStep step = CallStep::Done;
    Status status = Status::Success;  // of this frame, where it failed
};
template <CallKind KIND>
CallOutcome op_call(Frame& frame, U256* sp);
template <CallKind KIND>
CallOutcome op_create(Frame& frame, U256* sp);

}  // namespace entresol::evm
