#include "core/derive/deposit.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"

namespace entresol::derive {
namespace {

enum class SourceDomain : std::uint8_t { User = 0, L1Info = 1, Upgrade = 2 };

Hash32 in_domain(SourceDomain domain, const Hash32& inner) {
    std::uint8_t message[64] = {};
    message[31] = static_cast<std::uint8_t>(domain);
    std::copy_n(inner.data(), 32, message + 32);
    return crypto::keccak256(message);
}

Hash32 hash_pair(const Hash32& hash, std::uint64_t number) {
    std::uint8_t message[64] = {};
    std::copy_n(hash.data(), 32, message);
    store_be64(message + 56, number);
    return crypto::keccak256(message);
}

bool is_address_word(const Hash32& word) {
    return std::all_of(word.bytes.begin(), word.bytes.begin() + 12, [](std::uint8_t b) { return b == 0; });
}

/// The event's `bytes opaqueData`: offset 32, length, content, zeros up to a whole word.
std::optional<ByteView> unwrap_opaque_data(ByteView data) {
    if (data.size() < 64 || data.size() % 32 != 0) return std::nullopt;
    const U256 length = load_be256(data.data() + 32);
    if (load_be256(data.data()) != U256(32) || length > U256(data.size() - 64)) return std::nullopt;
    const ByteView content = data.subspan(64, length.limb[0]);
    const ByteView padding = data.subspan(64 + content.size());
    if (padding.size() >= 32 || !std::all_of(padding.begin(), padding.end(), [](std::uint8_t b) { return b == 0; }))
        return std::nullopt;
    return content;
}

}  // namespace

Hash32 user_deposit_source(const Hash32& l1_block_hash, std::uint64_t log_index) {
    return in_domain(SourceDomain::User, hash_pair(l1_block_hash, log_index));
}
Hash32 l1_info_deposit_source(const Hash32& l1_block_hash, std::uint64_t sequence_number) {
    return in_domain(SourceDomain::L1Info, hash_pair(l1_block_hash, sequence_number));
}
Hash32 upgrade_deposit_source(std::string_view intent) {
    return in_domain(SourceDomain::Upgrade,
                     crypto::keccak256({reinterpret_cast<const std::uint8_t*>(intent.data()), intent.size()}));
}

chain::Transaction make_l1_info_deposit(const Hash32& l1_block_hash, std::uint64_t sequence_number, Bytes calldata) {
    chain::Transaction tx;
    tx.type = chain::TxType::Deposit;
    tx.source_hash = l1_info_deposit_source(l1_block_hash, sequence_number);
    tx.from = L1_INFO_DEPOSITOR;
    tx.to = L1_BLOCK_PREDEPLOY;
    tx.gas_limit = L1_INFO_GAS;
    tx.data = std::move(calldata);
    return tx;
}

const char* to_string(DepositError error) {
    switch (error) {
        case DepositError::Topics: return "TransactionDeposited without its four topics";
        case DepositError::AddressPadding: return "TransactionDeposited with an address above 160 bits";
        case DepositError::Version: return "TransactionDeposited of an unknown version";
        case DepositError::Layout: return "TransactionDeposited with malformed data";
        case DepositError::OpaqueDataTooShort: return "TransactionDeposited without mint, value, gas limit and kind";
    }
    return "?";
}

Result<chain::Transaction, DepositError> decode_deposit(const chain::Log& log, const Hash32& l1_block_hash,
                                                        std::uint64_t log_index) {
    constexpr std::size_t FIXED_BYTES = 32 + 32 + 8 + 1;
    if (log.topics.size() != 4 || log.topics[0] != TRANSACTION_DEPOSITED_TOPIC) return fail(DepositError::Topics);
    if (!is_address_word(log.topics[1]) || !is_address_word(log.topics[2])) return fail(DepositError::AddressPadding);
    if (!log.topics[3].is_zero()) return fail(DepositError::Version);
    const auto opaque = unwrap_opaque_data(log.data);
    if (!opaque) return fail(DepositError::Layout);
    if (opaque->size() < FIXED_BYTES) return fail(DepositError::OpaqueDataTooShort);
    chain::Transaction tx;
    tx.type = chain::TxType::Deposit;
    tx.source_hash = user_deposit_source(l1_block_hash, log_index);
    tx.from = to_address(log.topics[1]);
    // abi.encodePacked(uint256 mint, uint256 value, uint64 gasLimit, bool isCreation, bytes data)
    tx.mint = load_be256(opaque->data());
    tx.value = load_be256(opaque->data() + 32);
    tx.gas_limit = load_be64(opaque->data() + 64);
    if ((*opaque)[72] == 0) tx.to = to_address(log.topics[2]);
    tx.data = to_bytes(opaque->subspan(FIXED_BYTES));
    return tx;
}

Result<std::vector<chain::Transaction>, DepositError> derive_user_deposits(std::span<const chain::Receipt> receipts,
                                                                           const Hash32& l1_block_hash,
                                                                           const Address& portal) {
    std::vector<chain::Transaction> deposits;
    std::uint64_t log_index = 0;
    for (const chain::Receipt& receipt : receipts)
        for (const chain::Log& log : receipt.logs) {
            const std::uint64_t index = log_index++;
            if (!receipt.succeeded || log.address != portal || log.topics.empty() ||
                log.topics[0] != TRANSACTION_DEPOSITED_TOPIC)
                continue;
            TRY(chain::Transaction deposit, decode_deposit(log, l1_block_hash, index));
            deposits.push_back(std::move(deposit));
        }
    return deposits;
}

}  // namespace entresol::derive
