// One call frame and the machine it runs on. Buffers belong to a depth and are reused: a call allocates nothing once its depth has been visited.
#pragma once

#include <memory>
#include <vector>

#include "core/evm/opcodes.hpp"
#include "core/evm/vm.hpp"

namespace entresol::evm {

inline constexpr int MAX_CALL_DEPTH = 1024;
inline constexpr std::size_t STACK_LIMIT = 1024;

/// Memory of a frame: grows in words, always zero beyond what was written.
class Memory {
public:
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::uint8_t* data() { return bytes_.data(); }
    [[nodiscard]] ByteView view() const { return {bytes_.data(), size_}; }
    void clear() { size_ = 0; }
    /// Precondition: size is a multiple of 32 and larger than now; its gas is paid.
    void grow(std::size_t size) {
        if (size > bytes_.size()) bytes_.resize(std::max(size, 2 * bytes_.size()));
        std::memset(bytes_.data() + size_, 0, size - size_);
        size_ = size;
    }

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t size_ = 0;
};

/// What one depth of calls reuses.
struct DepthBuffers {
    std::unique_ptr<U256[]> stack{new U256[STACK_LIMIT + 1]};
    Memory memory;
    Bytes return_data;
};

/// How an executed frame ended, inside the machine: output is in the caller's return data.
struct FrameResult {
    Status status = Status::Success;
    std::int64_t gas_left = 0;
};

struct Machine {
    state::Journal& journal;
    BlockContext block;
    TxContext tx;
    Tracer* tracer;
    const OpcodeTable& table;
    std::vector<std::unique_ptr<DepthBuffers>> depths;

    Machine(state::Journal& j, const BlockContext& b, Tracer* t) : journal(j), block(b), tracer(t), table(opcode_table(b.rules.fork)) {}

    [[nodiscard]] DepthBuffers& buffers(int depth) {
        while (depths.size() <= static_cast<std::size_t>(depth)) depths.push_back(std::make_unique<DepthBuffers>());
        return *depths[static_cast<std::size_t>(depth)];
    }
    [[nodiscard]] bool has(chain::Fork fork) const { return block.rules.at_least(fork); }

    /// A call or creation; output replaces the content of `output`.
    FrameResult execute(const Message& message, Bytes& output);
    FrameResult execute_call(const Message& message, Bytes& output);
    FrameResult execute_create(const Message& message, Bytes& output);
    FrameResult run_code(const Message& message, const state::Code& code, Bytes& output);
};

/// The state of a running frame that instructions share.
struct Frame {
    Machine& vm;
    const Message& message;
    const state::Code& code;
    Memory& memory;
    Bytes& return_data;            // of the last sub-call
    Bytes& output;
    bool wants_steps = false;
    std::uint64_t output_offset = 0;
    std::uint64_t output_size = 0;
};

/// Charges for and provides memory [offset, offset + size). False: out of gas.
[[nodiscard]] inline bool reserve_memory(Memory& memory, std::int64_t& gas, const U256& offset, std::uint64_t size) {
    if (size == 0) return true;
    constexpr std::uint64_t LIMIT = 1ULL << 32;  // its gas is beyond any gas limit, and sums cannot overflow
    if (!offset.fits_u64() || offset.limb[0] >= LIMIT || size >= LIMIT) return false;
    const std::uint64_t end = offset.limb[0] + size;
    if (end <= memory.size()) return true;
    const auto cost = [](std::uint64_t words) { return static_cast<std::int64_t>(3 * words + words * words / 512); };  // yellow paper (326)
    const std::uint64_t words = (end + 31) / 32;
    gas -= cost(words) - cost(memory.size() / 32);
    if (gas < 0) return false;
    memory.grow(static_cast<std::size_t>(words * 32));
    return true;
}
[[nodiscard]] inline bool reserve_memory(Memory& memory, std::int64_t& gas, const U256& offset, const U256& size) {
    if (size.is_zero()) return true;
    if (!size.fits_u64()) return false;
    return reserve_memory(memory, gas, offset, size.limb[0]);
}
[[nodiscard]] inline std::int64_t words_of(std::uint64_t bytes) { return static_cast<std::int64_t>((bytes + 31) / 32); }

inline constexpr std::int64_t COLD_ACCOUNT_ACCESS_COST = 2600;  // EIP-2929
inline constexpr std::int64_t COLD_SLOAD_COST = 2100;
inline constexpr std::int64_t WARM_ACCESS_COST = 100;

/// What a cold account costs beyond the warm price already charged; warms it. Zero before Berlin.
[[nodiscard]] inline std::int64_t account_access_surcharge(Machine& vm, const Address& address) {
    if (!vm.has(chain::Fork::Berlin)) return 0;
    return vm.journal.warm_account(address) == state::Warmth::Cold ? COLD_ACCOUNT_ACCESS_COST - WARM_ACCESS_COST : 0;
}

// Instructions that reach the state or make frames. `sp` is the top of the stack before the instruction; results are written where the table's
// height change expects them. Anything but Success ends the frame.
Status op_keccak256(Frame& frame, U256* sp, std::int64_t& gas);
Status op_exp(Frame& frame, U256* sp, std::int64_t& gas);
Status op_balance(Frame& frame, U256* sp, std::int64_t& gas);
Status op_ext_code_size(Frame& frame, U256* sp, std::int64_t& gas);
Status op_ext_code_hash(Frame& frame, U256* sp, std::int64_t& gas);
Status op_ext_code_copy(Frame& frame, U256* sp, std::int64_t& gas);
/// CALLDATACOPY, CODECOPY: source bytes beyond the end read as zero.
Status copy_to_memory(Frame& frame, U256* sp, std::int64_t& gas, ByteView source);
Status op_return_data_copy(Frame& frame, U256* sp, std::int64_t& gas);
Status op_mcopy(Frame& frame, U256* sp, std::int64_t& gas);
Status op_block_hash(Frame& frame, U256* sp);
Status op_sload(Frame& frame, U256* sp, std::int64_t& gas);
Status op_sstore(Frame& frame, U256* sp, std::int64_t& gas);
Status op_tload(Frame& frame, U256* sp);
Status op_tstore(Frame& frame, U256* sp);
Status op_log(Frame& frame, U256* sp, std::int64_t& gas, unsigned topics);
Status op_call(Frame& frame, U256* sp, std::int64_t& gas, CallKind kind);
Status op_create(Frame& frame, U256* sp, std::int64_t& gas, CallKind kind);
Status op_self_destruct(Frame& frame, U256* sp, std::int64_t& gas);
Status op_return(Frame& frame, U256* sp, std::int64_t& gas);

struct PrecompileResult {
    bool ok = false;
    std::int64_t gas_left = 0;
};
/// Null when the address is no precompile under the rules.
using PrecompileRun = PrecompileResult (*)(ByteView input, std::int64_t gas, const chain::Rules& rules, Bytes& output);
[[nodiscard]] PrecompileRun find_precompile(const Address& address, const chain::Rules& rules);

}  // namespace entresol::evm
