// The history of one run of the proof machine, as a game asks for it (docs/spec/game.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"

namespace entresol::challenge {

/// Nothing: the host cannot know, since a preimage is missing or its memory is too small. Then no move that depends on it is made.
class Trace {
public:
    virtual ~Trace() = default;
    /// The state roots after first + spacing, first + 2 · spacing, … first + count · spacing steps.
    [[nodiscard]] virtual std::optional<std::vector<Hash32>> roots(std::uint64_t first, std::uint64_t spacing,
                                                                   std::size_t count) = 0;
    /// The encoded state after so many steps.
    [[nodiscard]] virtual std::optional<Bytes> state(std::uint64_t step) = 0;
    /// Of the step that follows `step` steps.
    [[nodiscard]] virtual std::optional<Bytes> prove(std::uint64_t step) = 0;
};

}  // namespace entresol::challenge
