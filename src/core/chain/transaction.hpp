// Transactions of every type (EIP-2718): legacy 0, 2930, 1559, 4844, 7702 and the OP Stack's deposit 0x7E.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"
#include "core/base/uint256.hpp"
#include "core/crypto/kzg.hpp"
#include "core/crypto/secp256k1.hpp"

namespace entresol::chain {

enum class TxType : std::uint8_t { Legacy = 0, AccessList = 1, DynamicFee = 2, Blob = 3, SetCode = 4, Deposit = 0x7E };

struct AccessListEntry {
    Address address;
    std::vector<Hash32> storage_keys;
    bool operator==(const AccessListEntry&) const = default;
};
using AccessList = std::vector<AccessListEntry>;

/// EIP-7702.
struct Authorization {
    U256 chain_id;
    Address address;
    std::uint64_t nonce = 0;
    crypto::Signature signature;  // y_parity is wide on the wire: see y_parity below
    U256 y_parity;                // as sent; invalid above 1 but still decodable (EIP-7702 skips such tuples)
    bool operator==(const Authorization&) const = default;
};

struct Transaction {
    TxType type = TxType::Legacy;
    std::optional<std::uint64_t> chain_id;  // legacy: only with EIP-155
    std::uint64_t nonce = 0;
    U256 max_priority_fee_per_gas;  // legacy and 2930: the gas price, in both fields
    U256 max_fee_per_gas;
    std::uint64_t gas_limit = 0;
    std::optional<Address> to;  // nothing creates a contract
    U256 value;
    Bytes data;
    AccessList access_list;
    U256 max_fee_per_blob_gas;                  // type 3
    std::vector<Hash32> blob_hashes;            // type 3
    std::vector<Authorization> authorizations;  // type 4
    crypto::Signature signature;                // types 0 to 4

    // Type 0x7E (OP Stack deposits specification): no signature, the sender is part of the payload.
    Hash32 source_hash;
    Address from;
    U256 mint;
    bool is_system = false;

    bool operator==(const Transaction&) const = default;
};

/// What travels with a blob transaction on the network, never in a block (EIP-4844; version 1: EIP-7594).
struct BlobSidecar {
    std::uint8_t version = 0;
    std::vector<Bytes> blobs;
    std::vector<crypto::KzgCommitment> commitments;
    std::vector<crypto::KzgProof> proofs;  // one a blob (version 0) or 128 a blob (version 1)
    bool operator==(const BlobSidecar&) const = default;
};

enum class TxDecodeError {
    Malformed,  // not the type's RLP shape
    UnsupportedType,
    TooLarge,             // above the caller's limit
    InvalidSignature,     // v, y parity, r or s out of range
    BlobContentMismatch,  // numbers of blobs, commitments and proofs differ
};
[[nodiscard]] std::string_view to_string(TxDecodeError error);

/// Canonical encoding: type byte and RLP, or plain RLP for legacy; as in blocks and tries, without sidecar.
[[nodiscard]] Bytes encode(const Transaction& tx);
[[nodiscard]] Result<Transaction, TxDecodeError> decode_transaction(ByteView encoded);
/// Network form: a type-3 transaction may be wrapped with its sidecar.
struct PooledTransaction {
    Transaction tx;
    std::optional<BlobSidecar> sidecar;
};
[[nodiscard]] Result<PooledTransaction, TxDecodeError> decode_pooled_transaction(ByteView encoded);
[[nodiscard]] Bytes encode_pooled(const Transaction& tx, const BlobSidecar& sidecar);

[[nodiscard]] Hash32 transaction_hash(const Transaction& tx);
/// What the sender signed.
[[nodiscard]] Hash32 signing_hash(const Transaction& tx);
/// What the authority signed: keccak256(0x05 || rlp([chain_id, address, nonce])).
[[nodiscard]] Hash32 authorization_hash(const Authorization& authorization);
[[nodiscard]] std::optional<Address> recover_authority(const Authorization& authorization);
/// Signature recovery with EIP-2's low s; deposits return their from.
[[nodiscard]] std::optional<Address> recover_sender(const Transaction& tx);
/// Before Homestead, which introduced EIP-2: any s in the group.
[[nodiscard]] std::optional<Address> recover_sender_frontier(const Transaction& tx);
/// recover_sender of each, with the hashes computed many at once. Precondition: both spans have the same length.
void recover_senders(std::span<const Transaction> transactions, std::span<std::optional<Address>> senders);
/// Fills the signature; chain_id must be set as wanted before. False for an invalid key.
[[nodiscard]] bool sign_transaction(Transaction& tx, const Hash32& secret_key);
[[nodiscard]] bool sign_authorization(Authorization& authorization, const Hash32& secret_key);

/// CREATE's address: keccak256(rlp([sender, nonce]))[12:].
[[nodiscard]] Address create_address(const Address& sender, std::uint64_t nonce);
/// EIP-1014.
[[nodiscard]] Address create2_address(const Address& sender, const Hash32& salt, const Hash32& initcode_hash);

}  // namespace entresol::chain
