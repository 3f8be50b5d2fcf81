// What a node keeps of a block's transactions, as far as block and receipts tell it: senders, gas and prices, created contracts. Parts of a fee that
// only execution knows (L1 fee, operator fee) are zero.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "core/chain/block.hpp"

namespace entresol::snapshot {

/// In the ledger's encoding. Precondition: receipts are the block's.
[[nodiscard]] Result<Bytes, std::string> restore_outcomes(const chain::Block& block,
                                                          const std::vector<chain::Receipt>& receipts);

}  // namespace entresol::snapshot
