// The ten accounts of the usual test mnemonic ("test test test test test test test test test test test junk", m/44'/60'/0'/0/i) and the keys of the
// devnet's own services. All of them are public knowledge: they are worth nothing anywhere else.
#pragma once

#include <array>
#include <string_view>

#include "core/base/bytes.hpp"

namespace entresol::devnet {

struct DevAccount {
    Address address;
    Hash32 key;
};
[[nodiscard]] const std::array<DevAccount, 10>& dev_accounts();

/// keccak256("entresol devnet <role>") as a key: batcher, proposer, sequencer.
[[nodiscard]] DevAccount service_account(std::string_view role);

}  // namespace entresol::devnet
