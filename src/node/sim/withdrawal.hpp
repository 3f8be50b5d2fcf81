// Withdrawals as the L2's message passer tells of them.
#pragma once

#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol::ledger {
struct StoredBlock;
}

namespace entresol::sim {

inline constexpr Address MESSAGE_PASSER{{{0x42, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x16}}};

struct Withdrawal {
    U256 nonce;
    Address sender, target;
    U256 value, gas_limit;
    Bytes data;
    Hash32 hash;
};

[[nodiscard]] std::vector<Withdrawal> withdrawals_of(const ledger::StoredBlock& block);

}  // namespace entresol::sim
