#include "core/chain/receipt.hpp"

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace entresol::chain {
namespace {

using codec::RlpError;
using codec::RlpReader;

constexpr std::size_t MAX_TOPICS = 4;  // LOG4

/// Yellow paper 4.3.1: three bits, each the low 11 bits of one of the hash's first three big-endian 16-bit words.
struct BloomBit {
    std::size_t byte;
    std::uint8_t mask;
};
BloomBit bloom_bit(const Hash32& hash, std::size_t pair) {
    const std::uint32_t bit = load_be16(hash.data() + 2 * pair) & 0x7ffU;
    return {Bloom::SIZE - 1 - bit / 8, static_cast<std::uint8_t>(1U << (bit % 8))};
}

void append_log(Bytes& out, const Log& log) {
    const std::size_t start = out.size();
    codec::append_fixed(out, log.address);
    const std::size_t topics_start = out.size();
    for (const auto& topic : log.topics) codec::append_fixed(out, topic);
    codec::close_list(out, topics_start);
    codec::append_string(out, log.data);
    codec::close_list(out, start);
}

Result<Log, RlpError> read_log(RlpReader& logs) {
    TRY(RlpReader in, logs.read_list());
    Log log;
    TRY(log.address, in.read_fixed<Address>());
    TRY(RlpReader topics, in.read_list());
    while (!topics.empty()) {
        if (log.topics.size() == MAX_TOPICS) return fail(RlpError::TooManyItems);
        TRY(const Hash32 topic, topics.read_fixed<Hash32>());
        log.topics.push_back(topic);
    }
    TRY(const ByteView data, in.read_string());
    log.data = to_bytes(data);
    TRY_VOID(in.expect_end());
    return log;
}

/// EIP-658 put the status in the place of the state root.
Result<void, RlpError> read_outcome(RlpReader& in, Receipt& receipt) {
    TRY(const ByteView outcome, in.read_string());
    if (outcome.size() == Hash32::SIZE) {
        receipt.post_state = from_bytes<Hash32>(outcome);
        return {};
    }
    if (outcome.size() > 1 || (outcome.size() == 1 && outcome[0] != 1)) return fail(RlpError::WrongLength);
    receipt.succeeded = !outcome.empty();
    return {};
}

Result<Receipt, RlpError> read_receipt(RlpReader outer, TxType type) {
    TRY(RlpReader in, outer.read_list());
    TRY_VOID(outer.expect_end());
    Receipt receipt;
    receipt.type = type;
    TRY_VOID(read_outcome(in, receipt));
    TRY(receipt.cumulative_gas_used, in.read_u64());
    TRY(receipt.bloom, in.read_fixed<Bloom>());
    TRY(RlpReader logs, in.read_list());
    while (!logs.empty()) {
        TRY(Log log, read_log(logs));
        receipt.logs.push_back(std::move(log));
    }
    if (type == TxType::Deposit && !in.empty()) {
        TRY(receipt.deposit_nonce, in.read_u64());
        if (!in.empty()) {
            TRY(receipt.deposit_receipt_version, in.read_u64());
        }
    }
    TRY_VOID(in.expect_end());
    return receipt;
}

bool is_receipt_type(std::uint8_t byte) {
    return (byte >= static_cast<std::uint8_t>(TxType::AccessList) &&
            byte <= static_cast<std::uint8_t>(TxType::SetCode)) ||
           byte == static_cast<std::uint8_t>(TxType::Deposit);
}

enum class DepositTail { Included, LeftOut };

Bytes encode_receipt(const Receipt& receipt, DepositTail tail) {
    Bytes out;
    out.reserve(320 + 192 * receipt.logs.size());
    if (receipt.type != TxType::Legacy) out.push_back(static_cast<std::uint8_t>(receipt.type));
    const std::size_t start = out.size();
    if (receipt.post_state)
        codec::append_fixed(out, *receipt.post_state);
    else
        codec::append_uint(out, std::uint64_t{receipt.succeeded});
    codec::append_uint(out, receipt.cumulative_gas_used);
    codec::append_fixed(out, receipt.bloom);
    const std::size_t logs_start = out.size();
    for (const auto& log : receipt.logs) append_log(out, log);
    codec::close_list(out, logs_start);
    const bool has_version = receipt.deposit_receipt_version.has_value();
    if (receipt.type == TxType::Deposit && tail == DepositTail::Included) {
        if (receipt.deposit_nonce || has_version) codec::append_uint(out, receipt.deposit_nonce.value_or(0));
        if (has_version) codec::append_uint(out, *receipt.deposit_receipt_version);
    }
    codec::close_list(out, start);
    return out;
}

}  // namespace

Bloom compute_bloom(const std::vector<Log>& logs) {
    std::vector<ByteView> entries;
    for (const auto& log : logs) {
        entries.push_back(log.address.view());
        for (const auto& topic : log.topics) entries.push_back(topic.view());
    }
    std::vector<Hash32> hashes(entries.size());
    crypto::keccak256_many(entries, hashes);
    Bloom bloom;
    for (const auto& hash : hashes) {
        for (std::size_t pair = 0; pair < 3; ++pair) {
            const BloomBit bit = bloom_bit(hash, pair);
            bloom.bytes[bit.byte] |= bit.mask;
        }
    }
    return bloom;
}

void merge_bloom(Bloom& into, const Bloom& other) {
    for (std::size_t i = 0; i < Bloom::SIZE; ++i) into.bytes[i] |= other.bytes[i];
}

bool bloom_may_contain(const Bloom& bloom, ByteView value) {
    const Hash32 hash = crypto::keccak256(value);
    for (std::size_t pair = 0; pair < 3; ++pair) {
        const BloomBit bit = bloom_bit(hash, pair);
        if ((bloom.bytes[bit.byte] & bit.mask) == 0) return false;
    }
    return true;
}

Bytes encode(const Receipt& receipt) { return encode_receipt(receipt, DepositTail::Included); }

std::optional<Receipt> decode_receipt(ByteView encoded) {
    if (encoded.empty()) return std::nullopt;
    const bool is_typed = encoded[0] < 0xc0;
    if (is_typed && !is_receipt_type(encoded[0])) return std::nullopt;
    const auto type = is_typed ? static_cast<TxType>(encoded[0]) : TxType::Legacy;
    auto receipt = read_receipt(RlpReader(encoded.subspan(is_typed ? 1 : 0)), type);
    if (!receipt) return std::nullopt;
    return std::move(*receipt);
}

Hash32 compute_receipts_root(const std::vector<Receipt>& receipts) {
    std::vector<Bytes> encoded;
    encoded.reserve(receipts.size());
    for (const auto& receipt : receipts) {
        // OP Stack specification, deposits: the nonce is part of what is hashed since Canyon only, which the version marks.
        const auto tail = receipt.deposit_receipt_version ? DepositTail::Included : DepositTail::LeftOut;
        encoded.push_back(encode_receipt(receipt, tail));
    }
    return trie::compute_ordered_root(encoded);
}

}  // namespace entresol::chain
