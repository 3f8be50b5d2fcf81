// Headers and blocks of every fork.
#pragma once

#include <optional>
#include <vector>

#include "core/chain/receipt.hpp"
#include "core/chain/transaction.hpp"
#include "core/codec/rlp.hpp"

namespace entresol::chain {

/// keccak256(rlp([])): the ommers hash of every block since the Merge.
inline constexpr Hash32 EMPTY_OMMERS_HASH{
    {{0x1d, 0xcc, 0x4d, 0xe8, 0xde, 0xc7, 0x5d, 0x7a, 0xab, 0x85, 0xb5, 0x67, 0xb6, 0xcc, 0xd4, 0x1a,
      0xd3, 0x12, 0x45, 0x1b, 0x94, 0x8a, 0x74, 0x13, 0xf0, 0xa1, 0x42, 0xfd, 0x40, 0xd4, 0x93, 0x47}}};

/// Optional fields are present exactly from the fork that added them; later ones never without the earlier.
struct Header {
    Hash32 parent_hash;
    Hash32 ommers_hash = EMPTY_OMMERS_HASH;
    Address coinbase;
    Hash32 state_root;
    Hash32 transactions_root;
    Hash32 receipts_root;
    Bloom logs_bloom;
    U256 difficulty;
    std::uint64_t number = 0;
    std::uint64_t gas_limit = 0;
    std::uint64_t gas_used = 0;
    std::uint64_t timestamp = 0;  // seconds
    Bytes extra_data;
    Hash32 prev_randao;  // mix hash before the Merge
    FixedBytes<8> nonce;
    std::optional<U256> base_fee_per_gas;            // London
    std::optional<Hash32> withdrawals_root;          // Shanghai; OP Isthmus: storage root of the message passer
    std::optional<std::uint64_t> blob_gas_used;      // Cancun; OP Jovian: data availability footprint
    std::optional<std::uint64_t> excess_blob_gas;    // Cancun
    std::optional<Hash32> parent_beacon_block_root;  // Cancun
    std::optional<Hash32> requests_hash;             // Prague
    bool operator==(const Header&) const = default;
};

/// EIP-4895.
struct Withdrawal {
    std::uint64_t index = 0;
    std::uint64_t validator_index = 0;
    Address address;
    std::uint64_t amount_gwei = 0;
    bool operator==(const Withdrawal&) const = default;
};

struct Block {
    Header header;
    std::vector<Transaction> transactions;
    std::vector<Header> ommers;
    std::optional<std::vector<Withdrawal>> withdrawals;
    bool operator==(const Block&) const = default;
};

[[nodiscard]] Bytes encode(const Header& header);
[[nodiscard]] Result<Header, codec::RlpError> decode_header(ByteView rlp);
[[nodiscard]] Hash32 header_hash(const Header& header);
[[nodiscard]] Bytes encode(const Block& block);
[[nodiscard]] std::optional<Block> decode_block(ByteView rlp);
[[nodiscard]] Bytes encode(const Withdrawal& withdrawal);

[[nodiscard]] Hash32 compute_transactions_root(const std::vector<Transaction>& transactions);
[[nodiscard]] Hash32 compute_withdrawals_root(const std::vector<Withdrawal>& withdrawals);

}  // namespace entresol::chain
