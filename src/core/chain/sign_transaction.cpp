// Who sent a transaction: what is signed, recovery, signing, and the addresses of created contracts.
#include "core/chain/transaction_fields.hpp"
#include "core/crypto/keccak.hpp"

namespace entresol::chain {
namespace {

constexpr std::uint8_t SET_CODE_MAGIC = 0x05;  // EIP-7702
constexpr std::uint8_t CREATE2_PREFIX = 0xff;  // EIP-1014

bool has_low_s(const crypto::Signature& signature) { return signature.s <= crypto::secp256k1_half_order(); }

}  // namespace

Hash32 signing_hash(const Transaction& tx) { return crypto::keccak256(encode_for_signing(tx)); }

Hash32 authorization_hash(const Authorization& authorization) {
    Bytes out{SET_CODE_MAGIC};
    codec::append_uint(out, authorization.chain_id);
    codec::append_fixed(out, authorization.address);
    codec::append_uint(out, authorization.nonce);
    codec::close_list(out, 1);
    return crypto::keccak256(out);
}

std::optional<Address> recover_authority(const Authorization& authorization) {
    if (authorization.y_parity > U256{1} || !has_low_s(authorization.signature)) return std::nullopt;
    crypto::Signature signature = authorization.signature;
    signature.y_parity = static_cast<std::uint8_t>(authorization.y_parity.limb[0]);
    return crypto::recover_address(authorization_hash(authorization), signature);
}

std::optional<Address> recover_sender(const Transaction& tx) {
    if (tx.type == TxType::Deposit) return tx.from;
    if (!has_low_s(tx.signature)) return std::nullopt;  // EIP-2
    return crypto::recover_address(signing_hash(tx), tx.signature);
}

std::optional<Address> recover_sender_frontier(const Transaction& tx) {
    return crypto::recover_address(signing_hash(tx), tx.signature);
}

void recover_senders(std::span<const Transaction> transactions, std::span<std::optional<Address>> senders) {
    CHECK(transactions.size() == senders.size());
    std::vector<Bytes> payloads;
    payloads.reserve(transactions.size());
    for (const auto& tx : transactions) payloads.push_back(encode_for_signing(tx));
    const std::vector<ByteView> messages(payloads.begin(), payloads.end());
    std::vector<Hash32> hashes(payloads.size());
    crypto::keccak256_many(messages, hashes);
    std::vector<crypto::Signature> signatures;
    signatures.reserve(transactions.size());
    for (const auto& tx : transactions)  // EIP-2: a zero is in nobody's signature
        signatures.push_back(has_low_s(tx.signature) ? tx.signature : crypto::Signature{});
    crypto::recover_addresses(hashes, signatures, senders);
    for (std::size_t i = 0; i < transactions.size(); ++i)
        if (transactions[i].type == TxType::Deposit) senders[i] = transactions[i].from;
}

bool sign_transaction(Transaction& tx, const Hash32& secret_key) {
    if (tx.type == TxType::Deposit) return false;
    const auto signature = crypto::sign(signing_hash(tx), secret_key);
    if (!signature) return false;
    tx.signature = *signature;
    return true;
}

bool sign_authorization(Authorization& authorization, const Hash32& secret_key) {
    const auto signature = crypto::sign(authorization_hash(authorization), secret_key);
    if (!signature) return false;
    authorization.signature = *signature;
    authorization.y_parity = U256{signature->y_parity};
    return true;
}

Address create_address(const Address& sender, std::uint64_t nonce) {
    Bytes out;
    codec::append_fixed(out, sender);
    codec::append_uint(out, nonce);
    codec::close_list(out, 0);
    return to_address(crypto::keccak256(out));
}

Address create2_address(const Address& sender, const Hash32& salt, const Hash32& initcode_hash) {
    Bytes out{CREATE2_PREFIX};
    append(out, sender.view());
    append(out, salt.view());
    append(out, initcode_hash.view());
    return to_address(crypto::keccak256(out));
}

}  // namespace entresol::chain
