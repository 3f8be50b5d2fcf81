// What an L2 block begins with: the choice of its L1 origin, the L1 attributes and the deposits (derivation specification; sequencer's side).
#pragma once

#include <memory>

#include "core/derive/attributes.hpp"
#include "node/sequencer/sequencer.hpp"

namespace entresol::sync {

/// Templates of the rollup's next blocks. `l1` must answer without waiting (it is asked on the L2's loop) and outlive the result.
/// A block keeps its parent's origin until the next L1 block is known and not in its future; past the sequencer drift it holds deposits only.
/// confirmation_depth: L1 blocks that an origin must have on top of it before it is taken.
[[nodiscard]] sequencer::TemplateSource make_l2_templates(derive::RollupConfig config, derive::L1Provider& l1,
                                                          std::uint64_t confirmation_depth = 0);

}  // namespace entresol::sync
