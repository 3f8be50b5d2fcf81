// Ether is neither made nor lost between the layers: the L2 holds its genesis and what was deposited, the portal holds what the L2 was given and has
// not taken home.
#pragma once

#include <optional>
#include <string>

#include "core/base/uint256.hpp"

namespace entresol::ledger {
class Ledger;
}
namespace entresol::devnet {
struct Configuration;
}

namespace entresol::sim {

struct SupplyL2 {
    U256 balances;   // of all accounts at the head
    U256 genesis;    // of all accounts at genesis
    U256 minted;     // by the deposits of the chain up to the head
    U256 deposited;  // the same, by the portal's events up to the head's L1 origin
    U256 withdrawn;  // sent to the message passer
};
struct SupplyL1 {
    U256 portal, portal_genesis;
    U256 deposited;  // by its events, on the whole chain
    U256 paid_out;   // by withdrawals that were finalized
};

[[nodiscard]] SupplyL2 measure_l2(const devnet::Configuration& config, const ledger::Ledger& l2,
                                  const ledger::Ledger& l1);
/// `withdrawn_of`: value of a withdrawal by its hash is found on that L2.
[[nodiscard]] SupplyL1 measure_l1(const devnet::Configuration& config, const ledger::Ledger& l1,
                                  const ledger::Ledger& l2);

/// The words of a fault.
[[nodiscard]] std::optional<std::string> check_supply(const SupplyL2& l2);
[[nodiscard]] std::optional<std::string> check_supply(const SupplyL1& l1, const U256& withdrawn);

}  // namespace entresol::sim
