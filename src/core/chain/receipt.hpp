// Receipts and logs as consensus encodes them, with the OP Stack's deposit fields.
#pragma once

#include <optional>
#include <vector>

#include "core/chain/transaction.hpp"

namespace entresol::chain {

struct Log {
    Address address;
    std::vector<Hash32> topics;  // at most four
    Bytes data;
    bool operator==(const Log&) const = default;
};

struct Receipt {
    TxType type = TxType::Legacy;
    bool succeeded = false;
    std::optional<Hash32> post_state;  // before Byzantium, instead of the status
    std::uint64_t cumulative_gas_used = 0;
    Bloom bloom;
    std::vector<Log> logs;
    // Deposits: nonce since Regolith, version 1 since Canyon.
    std::optional<std::uint64_t> deposit_nonce;
    std::optional<std::uint64_t> deposit_receipt_version;
    bool operator==(const Receipt&) const = default;
};

[[nodiscard]] Bloom compute_bloom(const std::vector<Log>& logs);
void merge_bloom(Bloom& into, const Bloom& other);
/// Might a log of this address and topics be in the filter?
[[nodiscard]] bool bloom_may_contain(const Bloom& bloom, ByteView value);
[[nodiscard]] Bytes encode(const Receipt& receipt);
[[nodiscard]] std::optional<Receipt> decode_receipt(ByteView encoded);
[[nodiscard]] Hash32 compute_receipts_root(const std::vector<Receipt>& receipts);

}  // namespace entresol::chain
