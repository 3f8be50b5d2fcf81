// What one hash says of a machine: the memory's root and the 40 words (docs/spec/machine.md, "State root").
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/riscv/hart.hpp"

namespace entresol::riscv {

inline constexpr std::size_t HART_WORDS = 40;
inline constexpr std::size_t STATE_BYTES = Hash32::SIZE + HART_WORDS * 8;

struct State {
    Hash32 memory_root;
    Hart hart;
};

/// The root, then each word big-endian, as the EVM reads words.
[[nodiscard]] std::array<std::uint8_t, STATE_BYTES> encode_state(const State& state);
/// Nothing: not STATE_BYTES long, or words that no machine holds (Hart's invariants).
[[nodiscard]] std::optional<State> decode_state(ByteView bytes);

/// Where a program finds its input's hash and leaves its result: a0 to a3, a1 to a4 (docs/spec/machine.md, "A program's input and result").
void set_input(Hart& hart, const Hash32& input_hash);
[[nodiscard]] Hash32 result_of(const Hart& hart);

[[nodiscard]] Hash32 compute_state_root(const State& state);

}  // namespace entresol::riscv
