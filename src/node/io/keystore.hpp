// Encrypted key files as geth, clef, cast and ethers write them: Web3 Secret Storage version 3.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "node/io/secret.hpp"

namespace entresol::io {

/// Key derivation by scrypt or pbkdf2 (hmac-sha256), cipher aes-128-ctr. What the file asks for is bounded: 512 MiB of memory, ten million rounds.
/// Spec: https://ethereum.org/en/developers/docs/data-structures-and-encoding/web3-secret-storage
[[nodiscard]] Result<PrivateKey, std::string> open_keystore(std::string_view text, const Secret& password);

}  // namespace entresol::io
