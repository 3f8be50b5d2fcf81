// What `ecall` does beside ending a program: what takes thousands of instructions and L1 can do at once (docs/spec/machine.md, "Calls").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/riscv/hart.hpp"
#include "core/riscv/preimages.hpp"

namespace entresol::riscv {

inline constexpr std::uint64_t ARITHMETIC_CALL = 0x100;  // plus the EVM's opcode
inline constexpr std::uint64_t PRECOMPILE_CALL = 0x200;  // plus the precompile's address
inline constexpr std::uint64_t MODEXP_CALL = 0x205;
inline constexpr std::uint64_t BLAKE2F_CALL = 0x209;
inline constexpr std::uint64_t KECCAK256_CALL = 0x400;
inline constexpr std::uint64_t KECCAK_F_CALL = 0x401;
inline constexpr std::uint64_t SHA256_COMPRESS_CALL = 0x402;
inline constexpr std::uint64_t PREIMAGE_CALL = 0x410;

inline constexpr std::size_t MAX_CALL_INPUT = 65536;
inline constexpr std::size_t MAX_CALL_OUTPUT = 1024;  // of all but preimages

[[nodiscard]] bool is_call(std::uint64_t number);
/// All of them, for tests that walk them.
[[nodiscard]] std::span<const std::uint16_t> call_numbers();

struct Range {
    std::uint64_t address = 0;
    std::uint64_t length = 0;
};
/// What a legal call reads, in this order, and at most writes.
struct CallPlan {
    std::array<Range, 3> inputs;
    std::size_t input_count = 0;
    Range output;
};
/// From registers alone; nothing: the call is not legal. Precondition: is_call(a7).
[[nodiscard]] std::optional<CallPlan> plan_call(const Hart& hart);

/// The function of any legal call but 0x410, of its inputs one after another. How many bytes were put into output; zero: it fails.
[[nodiscard]] std::size_t compute_call(const Hart& hart, ByteView input,
                                       std::span<std::uint8_t, MAX_CALL_OUTPUT> output);

/// Memory as calls reach it. A range is not empty and does not wrap.
class CallMemory {
public:
    virtual ~CallMemory() = default;
    virtual void read(std::uint64_t address, std::span<std::uint8_t> to) = 0;
    virtual void write(std::uint64_t address, ByteView bytes) = 0;
    /// Valid until the next call; nothing: nobody here knows the preimage.
    [[nodiscard]] virtual std::optional<PreimagePart> read_preimage(const PreimageRequest& request) = 0;
};

/// False: the preimage is not known, and nothing has changed. Precondition: is_call(a7).
[[nodiscard]] bool make_call(Hart& hart, CallMemory& memory);
/// The same of a legal call. Precondition: plan is plan_call(hart).
[[nodiscard]] bool make_legal_call(Hart& hart, const CallPlan& plan, CallMemory& memory);

}  // namespace entresol::riscv
