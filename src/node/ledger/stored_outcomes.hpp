// How a block's senders and outcomes are kept: RLP, one list a transaction, written here and nowhere else.
#pragma once

#include <optional>
#include <vector>

#include "core/stf/transition.hpp"

namespace entresol::ledger {

struct StoredOutcomes {
    std::vector<Address> senders;
    std::vector<stf::TxOutcome> outcomes;
};
[[nodiscard]] Bytes encode_outcomes(const std::vector<Address>& senders, const std::vector<stf::TxOutcome>& outcomes);
[[nodiscard]] std::optional<StoredOutcomes> decode_outcomes(ByteView rlp);

}  // namespace entresol::ledger
