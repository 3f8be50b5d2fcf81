// Consensus objects as JSON-RPC writes them (execution-apis; op-geth's additions for deposits and L1 fees).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "node/ledger/ledger.hpp"
#include "node/sequencer/mini_block.hpp"

namespace entresol::rpc {

namespace json = boost::json;

template <std::size_t N>
[[nodiscard]] json::value to_json(const FixedBytes<N>& value);
[[nodiscard]] json::value quantity(std::uint64_t value);
[[nodiscard]] json::value quantity(const U256& value);
[[nodiscard]] json::value hex_data(ByteView bytes);

/// EIP-55: upper and lower case are the checksum.
[[nodiscard]] std::string to_checksum_hex(const Address& address);

/// Where a transaction stands; nothing in it for one that waits in the pool.
struct TxPlace {
    const Hash32* block_hash = nullptr;  // null in the block in progress
    std::uint64_t block_number = 0;
    std::uint64_t block_timestamp = 0;
    std::size_t index = 0;
};

[[nodiscard]] json::object header_to_json(const chain::Header& header, const Hash32& hash);
[[nodiscard]] json::object block_to_json(const ledger::StoredBlock& block, bool full_transactions);
[[nodiscard]] json::object preview_to_json(const sequencer::Preview& preview, bool full_transactions);
[[nodiscard]] json::object transaction_to_json(const chain::Transaction& tx, const Hash32& hash, const Address& sender,
                                               const TxPlace* place, const U256& base_fee,
                                               const chain::Receipt* receipt = nullptr);
[[nodiscard]] json::object transaction_to_json(const ledger::StoredBlock& block, std::size_t index);
[[nodiscard]] json::object log_to_json(const chain::Log& log, const TxPlace& place, const Hash32& tx_hash,
                                       std::size_t log_index, bool removed = false);
[[nodiscard]] json::object receipt_to_json(const ledger::StoredBlock& block, std::size_t index,
                                           const chain::ChainConfig& config);
/// A receipt from a mini-block: the sealed hash is not known yet, so blockHash is the mini-block's hash and `miniBlock` is present.
[[nodiscard]] json::object preview_receipt_to_json(const sequencer::Preview& preview, std::size_t index,
                                                   const chain::ChainConfig& config);
[[nodiscard]] json::object mini_block_to_json(const sequencer::MiniBlock& mini_block);
[[nodiscard]] json::value access_list_to_json(const chain::AccessList& list);

}  // namespace entresol::rpc
