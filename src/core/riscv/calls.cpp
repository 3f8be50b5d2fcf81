#include "core/riscv/calls.hpp"

#include <algorithm>
#include <cstring>

#include "core/riscv/step.hpp"

namespace entresol::riscv {
namespace {

constexpr std::size_t WORD = 32;
constexpr std::uint64_t LANES = 200;
constexpr std::uint64_t MAX_MODEXP_LENGTH = 1024;  // EIP-7823
constexpr std::uint64_t MAX_MODEXP_GAS = 8'000'000;
constexpr std::uint64_t MAX_BLAKE2F_ROUNDS = 4'194'304;

// Calls with one input of a2 bytes at a1: a multiple of unit, from min to max units.
struct Shape {
    std::uint16_t number;
    std::uint16_t unit;
    std::uint32_t min, max;
    std::uint16_t output;
};
constexpr Shape SHAPES[] = {
    {0x201, 128, 1, 1, 32},    {0x202, 1, 0, 65536, 32}, {0x203, 1, 0, 65536, 32},  {0x206, 128, 1, 1, 64},
    {0x207, 96, 1, 1, 64},     {0x208, 192, 0, 128, 32}, {0x20a, 192, 1, 1, 64},    {0x20b, 256, 1, 1, 128},
    {0x20c, 160, 1, 400, 128}, {0x20d, 512, 1, 1, 256},  {0x20e, 288, 1, 200, 256}, {0x20f, 384, 1, 128, 32},
    {0x210, 64, 1, 1, 128},    {0x211, 128, 1, 1, 256},  {0x300, 160, 1, 1, 32},    {KECCAK256_CALL, 1, 0, 65536, 32},
};

constexpr std::uint16_t NUMBERS[] = {0x101, 0x102, 0x103, 0x104, 0x105, 0x106, 0x107, 0x108, 0x109, 0x10a, 0x201,
                                     0x202, 0x203, 0x205, 0x206, 0x207, 0x208, 0x209, 0x20a, 0x20b, 0x20c, 0x20d,
                                     0x20e, 0x20f, 0x210, 0x211, 0x300, 0x400, 0x401, 0x402, 0x410};

constexpr auto IS_CALL = [] {
    std::array<bool, PREIMAGE_CALL + 1> table{};
    for (const auto number : NUMBERS) table[number] = true;
    return table;
}();

bool fits(const Range& range) { return range.length == 0 || range.address <= 0 - range.length; }
bool all_fit(const CallPlan& plan) {
    return std::all_of(plan.inputs.begin(), plan.inputs.end(), fits) && fits(plan.output);
}
bool is_aligned(std::uint64_t address) { return address % 8 == 0; }

using Registers = std::array<std::uint64_t, 32>;
using MaybePlan = std::optional<CallPlan>;

MaybePlan plan_arithmetic(const Registers& x) {
    const bool has_third = x[A7] == 0x108 || x[A7] == 0x109;
    if (!is_aligned(x[A0]) || !is_aligned(x[A0 + 1]) || !is_aligned(x[A0 + 2])) return std::nullopt;
    if (has_third && !is_aligned(x[A0 + 3])) return std::nullopt;
    return CallPlan{{Range{x[A0 + 1], WORD}, Range{x[A0 + 2], WORD}, Range{x[A0 + 3], has_third ? WORD : 0}},
                    has_third ? 3U : 2U,
                    {x[A0], WORD}};
}

MaybePlan plan_modexp(const Registers& x) {
    const std::uint64_t base = x[A0 + 2], exponent = x[A0 + 3], modulus = x[A0 + 4];
    if (base > MAX_MODEXP_LENGTH || exponent > MAX_MODEXP_LENGTH || modulus > MAX_MODEXP_LENGTH || modulus == 0)
        return std::nullopt;
    const std::uint64_t words = (std::max(base, modulus) + 7) / 8;
    const std::uint64_t cost = words <= 4 ? 16 : 2 * words * words;  // EIP-7883
    const std::uint64_t rounds = exponent <= 32 ? 8 * exponent : 16 * (exponent - 32) + 256;
    if (cost * rounds > MAX_MODEXP_GAS) return std::nullopt;
    return CallPlan{{Range{x[A0 + 1], base + exponent + modulus}}, 1, {x[A0], modulus}};
}

MaybePlan plan_preimage(const Registers& x) {
    const std::uint64_t offset = x[A0 + 2], max_bytes = x[A0 + 3], type = x[A0 + 4];
    if (type < 1 || type > 4 || max_bytes > MAX_PART_BYTES) return std::nullopt;
    if (static_cast<PreimageType>(type) == PreimageType::Blob &&
        (max_bytes != ELEMENT_BYTES || offset % ELEMENT_BYTES != 0 || offset >= crypto::BYTES_PER_BLOB))
        return std::nullopt;
    return CallPlan{{Range{x[A0 + 1], WORD}}, 1, {x[A0], max_bytes}};
}

MaybePlan plan_shaped(const Registers& x) {
    const auto* shape =
        std::find_if(std::begin(SHAPES), std::end(SHAPES), [&x](const Shape& s) { return s.number == x[A7]; });
    const std::uint64_t length = x[A0 + 2];
    if (shape == std::end(SHAPES) || length % shape->unit != 0) return std::nullopt;
    if (length / shape->unit < shape->min || length / shape->unit > shape->max) return std::nullopt;
    return CallPlan{{Range{x[A0 + 1], length}}, 1, {x[A0], shape->output}};
}

MaybePlan plan_by_number(const Registers& x) {
    switch (x[A7]) {
        case MODEXP_CALL: return plan_modexp(x);
        case BLAKE2F_CALL:
            if (x[A0 + 2] > MAX_BLAKE2F_ROUNDS || x[A0 + 3] > 1) return std::nullopt;
            return CallPlan{{Range{x[A0 + 1], 208}}, 1, {x[A0], 64}};
        case KECCAK_F_CALL:
            if (!is_aligned(x[A0])) return std::nullopt;
            return CallPlan{{Range{x[A0], LANES}}, 1, {x[A0], LANES}};
        case SHA256_COMPRESS_CALL: return CallPlan{{Range{x[A0], 32}, Range{x[A0 + 1], 64}}, 2, {x[A0], 32}};
        case PREIMAGE_CALL: return plan_preimage(x);
        default: return x[A7] < PRECOMPILE_CALL ? plan_arithmetic(x) : plan_shaped(x);
    }
}

bool read_preimage(Hart& hart, CallMemory& memory) {
    PreimageRequest request{static_cast<PreimageType>(hart.x[A0 + 4]), {}, hart.x[A0 + 2], hart.x[A0 + 3]};
    memory.read(hart.x[A0 + 1], request.key.bytes);
    const auto part = memory.read_preimage(request);
    if (!part) return false;
    if (!part->bytes.empty()) memory.write(hart.x[A0], part->bytes);
    hart.x[A0] = part->bytes.size();
    hart.x[A0 + 1] = part->total;
    hart.pc += 4;
    return true;
}

}  // namespace

bool is_call(std::uint64_t number) { return number < IS_CALL.size() && IS_CALL[static_cast<std::size_t>(number)]; }
std::span<const std::uint16_t> call_numbers() { return NUMBERS; }

std::optional<CallPlan> plan_call(const Hart& hart) {
    const auto plan = plan_by_number(hart.x);
    return plan && all_fit(*plan) ? plan : std::nullopt;
}

bool make_call(Hart& hart, CallMemory& memory) {
    if (const auto plan = plan_call(hart)) return make_legal_call(hart, *plan, memory);
    trap(hart, Cause::EnvironmentCall, hart.x[A7]);
    return true;
}

bool make_legal_call(Hart& hart, const CallPlan& plan, CallMemory& memory) {
    if (hart.x[A7] == PREIMAGE_CALL) return read_preimage(hart, memory);
    // Not initialised: most calls read a few words.
    std::uint8_t input[MAX_CALL_INPUT];  // NOLINT(cppcoreguidelines-pro-type-member-init)
    std::array<std::uint8_t, MAX_CALL_OUTPUT> output;
    std::size_t size = 0;
    for (std::size_t i = 0; i < plan.input_count; ++i) {
        const auto length = static_cast<std::size_t>(plan.inputs[i].length);
        if (length != 0) memory.read(plan.inputs[i].address, {input + size, length});
        size += length;
    }
    const std::size_t written = compute_call(hart, {input, size}, output);
    if (written != 0) memory.write(hart.x[A0], {output.data(), written});
    hart.x[A0] = written;
    hart.pc += 4;
    return true;
}

}  // namespace entresol::riscv
