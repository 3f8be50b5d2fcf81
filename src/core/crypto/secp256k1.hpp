// ECDSA over secp256k1 through libsecp256k1. Signing is constant time (the library's); keys never leave the caller.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace entresol::crypto {

struct Signature {
    U256 r;
    U256 s;
    std::uint8_t y_parity = 0;  // 0 or 1
    bool operator==(const Signature&) const = default;
};

/// Half the group order (EIP-2 demands s at or below it in transactions).
[[nodiscard]] U256 secp256k1_half_order();

/// The signer's address; nothing when r, s or the point is out of range. Does not check low s.
[[nodiscard]] std::optional<Address> recover_address(const Hash32& digest, const Signature& signature);
/// recover_address of each; on CPUs with AVX-512 IFMA eight at a time, several times as fast. The spans have the same length.
void recover_addresses(std::span<const Hash32> digests, std::span<const Signature> signatures,
                       std::span<std::optional<Address>> addresses);
/// The signer's uncompressed public key without the 0x04 prefix.
[[nodiscard]] std::optional<FixedBytes<64>> recover_public_key(const Hash32& digest, const Signature& signature);

/// Secret keys are 32 big-endian bytes; nothing when zero or at least the group order.
[[nodiscard]] std::optional<Signature> sign(const Hash32& digest, const Hash32& secret_key);
/// The same for a key that signs often: the tables are made once. One thread at a time.
class Signer {
public:
    explicit Signer(const Hash32& secret_key);
    ~Signer();
    Signer(const Signer&) = delete;
    Signer& operator=(const Signer&) = delete;
    [[nodiscard]] std::optional<Signature> sign(const Hash32& digest) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};
[[nodiscard]] std::optional<Address> address_of_key(const Hash32& secret_key);

}  // namespace entresol::crypto
