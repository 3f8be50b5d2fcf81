// A proof of one step: all that the step reads, under the state root before it. Who has the bytes has both roots
// (docs/spec/machine.md, "Proof of a step"). Recording and replaying are `step` over two kinds of memory.
#pragma once

#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/riscv/machine.hpp"
#include "core/riscv/memory_tree.hpp"
#include "core/riscv/state_root.hpp"

namespace entresol::riscv {

enum class ProofError {
    TooShort,
    BadState,
    WrongStateRoot,
    BadMask,
    ZeroSibling,
    WrongMemoryRoot,
    WrongPreimage,
    UnknownPreimage,
    TrailingBytes,
};
[[nodiscard]] const char* to_string(ProofError error);

inline constexpr std::size_t MASK_BYTES = 8;
inline constexpr std::size_t MAX_PATH_BYTES = LEAF_BYTES + MASK_BYTES + TREE_DEPTH * Hash32::SIZE;
/// The state, the instruction's leaf and the leaf that a load or store touches.
inline constexpr std::size_t MAX_PLAIN_PROOF_BYTES = STATE_BYTES + 2 * MAX_PATH_BYTES;
[[nodiscard]] constexpr std::size_t max_range_bytes(std::size_t length) {
    return (length / LEAF_BYTES + (length % LEAF_BYTES > 1 ? 2 : 1)) * LEAF_BYTES + 2 * MASK_BYTES +
           2 * std::size_t{TREE_DEPTH} * Hash32::SIZE;
}
/// The longest is a preimage's: its key, itself, the part of memory that it is written to.
inline constexpr std::size_t MAX_PROOF_BYTES = STATE_BYTES + MAX_PATH_BYTES + max_range_bytes(Hash32::SIZE) + 8 +
                                               MAX_INLINE_BYTES + max_range_bytes(MAX_PART_BYTES);

/// Of the machine's next step; the machine stays where it is. Nothing: the step reads a preimage, or a blob's proof, that is not known.
/// Preconditions: tree is that memory's and nothing was written since its last update; the memory is not exhausted.
[[nodiscard]] std::optional<Bytes> prove_step(const Machine& machine, const MemoryTree& tree);

struct ReplayedStep {
    State before, after;
    std::optional<std::uint32_t> instruction;  // nothing: the machine had stopped
};
/// The step of the state that the proof itself states: compare its root with one that is agreed. `published` has the preimages that are
/// not in the proof but on L1 (docs/spec/machine.md, "Proof of a step"); none: they are not known.
[[nodiscard]] Result<ReplayedStep, ProofError> replay_step(ByteView proof, PreimageSource* published = nullptr);

/// The state root after the step from pre_root. At most one string of bytes proves a step from a root.
[[nodiscard]] Result<Hash32, ProofError> verify_step(const Hash32& pre_root, ByteView proof,
                                                     PreimageSource* published = nullptr);

}  // namespace entresol::riscv
