#pragma once

#include "case.hpp"

namespace entresol::fuzz {

/// The case of a seed, under the rules of `fork` or of one that the seed chooses.
[[nodiscard]] Case generate(std::uint64_t seed, std::optional<chain::Fork> fork);

}  // namespace entresol::fuzz
