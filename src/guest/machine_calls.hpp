// The machine's calls (docs/spec/machine.md, "Calls"): what takes one step instead of thousands.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace entresol::guest {

enum class Call : std::uint64_t {
    Exit = 93,
    Divide = 0x104,
    Remainder = 0x106,
    AddMod = 0x108,
    MulMod = 0x109,
    Power = 0x10a,
    Ecrecover = 0x201,
    Sha256 = 0x202,
    Ripemd160 = 0x203,
    Modexp = 0x205,
    Bn254Add = 0x206,
    Bn254Mul = 0x207,
    Bn254Pairing = 0x208,
    Blake2f = 0x209,
    PointEvaluation = 0x20a,
    BlsG1Add = 0x20b,
    BlsG1Msm = 0x20c,
    BlsG2Add = 0x20d,
    BlsG2Msm = 0x20e,
    BlsPairing = 0x20f,
    BlsMapToG1 = 0x210,
    BlsMapToG2 = 0x211,
    P256Verify = 0x300,
    Keccak256 = 0x400,
    KeccakF = 0x401,
    Sha256Compress = 0x402,
    Preimage = 0x410,
};

struct CallResult {
    std::uint64_t a0;
    std::uint64_t a1;
};

/// Pointers as numbers: the machine's memory is read and written.
inline CallResult make_call(Call number, std::uint64_t a0, std::uint64_t a1 = 0, std::uint64_t a2 = 0,
                            std::uint64_t a3 = 0, std::uint64_t a4 = 0) {
    register std::uint64_t r0 asm("a0") = a0;
    register std::uint64_t r1 asm("a1") = a1;
    register std::uint64_t r2 asm("a2") = a2;
    register std::uint64_t r3 asm("a3") = a3;
    register std::uint64_t r4 asm("a4") = a4;
    register std::uint64_t r7 asm("a7") = static_cast<std::uint64_t>(number);
    asm volatile("ecall" : "+r"(r0), "+r"(r1) : "r"(r2), "r"(r3), "r"(r4), "r"(r7) : "memory");
    return {r0, r1};
}
inline std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

/// A call from bytes to bytes; how many were written, 0: it failed.
inline std::size_t call_bytes(Call number, void* output, ByteView input, std::uint64_t a3 = 0, std::uint64_t a4 = 0) {
    return make_call(number, address_of(output), address_of(input.data()), input.size(), a3, a4).a0;
}

/// Ends the run.
[[noreturn]] void stop(std::uint64_t exit_code, const Hash32& result = {});

/// Exit codes beside 0; each says that there is no answer, and why (machine_oracle.cpp, main.cpp).
enum class ExitCode : std::uint64_t {
    NoStart = 1,
    NotReached = 2,
    Underivable = 3,
    Malformed = 4,    // configuration or input
    CheckFailed = 5,  // a bug of the program
    OutOfMemory = 6,
    Brotli = 7,  // a channel that this program cannot read
};
[[noreturn]] inline void stop(ExitCode code) { stop(static_cast<std::uint64_t>(code)); }

}  // namespace entresol::guest
