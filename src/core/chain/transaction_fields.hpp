// The fields of each transaction type in wire order. One table drives encoding, decoding and what is signed.
#pragma once

#include <span>

#include "core/chain/transaction.hpp"
#include "core/codec/rlp.hpp"

namespace entresol::chain {

enum class TxField : std::uint8_t {
    ChainId,
    Nonce,
    GasPrice,
    MaxPriorityFee,
    MaxFee,
    GasLimit,
    To,          // empty creates a contract
    ToRequired,  // EIP-4844 and EIP-7702: always an address
    Value,
    Data,
    Accesses,
    MaxFeePerBlobGas,
    BlobHashes,
    Authorizations,
    SourceHash,
    From,
    Mint,
    IsSystem,
};

/// Without the signature. Empty for a type that does not exist.
[[nodiscard]] std::span<const TxField> fields_of(TxType type);
void append_field(Bytes& out, const Transaction& tx, TxField field);
[[nodiscard]] Result<void, codec::RlpError> read_field(codec::RlpReader& in, Transaction& tx, TxField field);

/// What is hashed and signed: the type byte (typed) and the list of fields; legacy with EIP-155's three more where it has a chain id.
[[nodiscard]] Bytes encode_for_signing(const Transaction& tx);
/// The list of fields and signature, without type byte: the body that a pooled blob transaction wraps.
void append_body(Bytes& out, const Transaction& tx);
[[nodiscard]] Result<Transaction, TxDecodeError> read_body(codec::RlpReader fields, TxType type);

}  // namespace entresol::chain
