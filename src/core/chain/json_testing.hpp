// For tests: transactions, receipts and headers from the JSON of an Ethereum node.
#pragma once

#include <boost/json.hpp>

#include "core/base/hex.hpp"
#include "core/chain/block.hpp"

namespace entresol::chain {

inline std::string_view text_of(const boost::json::value& object, const char* key) {
    return object.at(key).as_string();
}
inline std::uint64_t u64_of(const boost::json::value& object, const char* key) {
    return parse_quantity64(text_of(object, key)).value();
}
inline U256 u256_of(const boost::json::value& object, const char* key) {
    return parse_quantity(text_of(object, key)).value();
}
inline Bytes bytes_of(const boost::json::value& object, const char* key) {
    return parse_hex(text_of(object, key)).value();
}
template <typename T>
T fixed_of(const boost::json::value& object, const char* key) {
    return parse_fixed<T>(text_of(object, key)).value();
}
inline bool has(const boost::json::value& object, const char* key) {
    return object.as_object().contains(key) && !object.at(key).is_null();
}

inline AccessList read_access_list_json(const boost::json::value& list) {
    AccessList result;
    for (const auto& entry : list.as_array()) {
        AccessListEntry& read = result.emplace_back();
        read.address = fixed_of<Address>(entry, "address");
        for (const auto& key : entry.at("storageKeys").as_array())
            read.storage_keys.push_back(parse_fixed<Hash32>(key.as_string()).value());
    }
    return result;
}

inline Transaction read_transaction_json(const boost::json::value& json) {
    Transaction tx;
    tx.type = static_cast<TxType>(u64_of(json, "type"));
    if (has(json, "chainId")) tx.chain_id = u64_of(json, "chainId");
    tx.nonce = u64_of(json, "nonce");
    const bool has_market = has(json, "maxFeePerGas");
    tx.max_fee_per_gas = u256_of(json, has_market ? "maxFeePerGas" : "gasPrice");
    tx.max_priority_fee_per_gas = u256_of(json, has_market ? "maxPriorityFeePerGas" : "gasPrice");
    tx.gas_limit = u64_of(json, "gas");
    if (has(json, "to")) tx.to = fixed_of<Address>(json, "to");
    tx.value = u256_of(json, "value");
    tx.data = bytes_of(json, "input");
    if (has(json, "accessList")) tx.access_list = read_access_list_json(json.at("accessList"));
    tx.signature.r = u256_of(json, "r");
    tx.signature.s = u256_of(json, "s");
    const std::uint64_t v = u64_of(json, "v");
    tx.signature.y_parity = static_cast<std::uint8_t>(tx.type != TxType::Legacy ? v : (v + 1) & 1);
    if (v == 27 || v == 28) tx.chain_id.reset();
    return tx;
}

inline Receipt read_receipt_json(const boost::json::value& json) {
    Receipt receipt;
    receipt.type = static_cast<TxType>(u64_of(json, "type"));
    receipt.succeeded = u64_of(json, "status") == 1;
    receipt.cumulative_gas_used = u64_of(json, "cumulativeGasUsed");
    receipt.bloom = fixed_of<Bloom>(json, "logsBloom");
    for (const auto& entry : json.at("logs").as_array()) {
        Log& log = receipt.logs.emplace_back();
        log.address = fixed_of<Address>(entry, "address");
        for (const auto& topic : entry.at("topics").as_array())
            log.topics.push_back(parse_fixed<Hash32>(topic.as_string()).value());
        log.data = bytes_of(entry, "data");
    }
    return receipt;
}

inline Header read_header_json(const boost::json::value& json) {
    Header header;
    header.parent_hash = fixed_of<Hash32>(json, "parentHash");
    header.ommers_hash = fixed_of<Hash32>(json, "sha3Uncles");
    header.coinbase = fixed_of<Address>(json, "miner");
    header.state_root = fixed_of<Hash32>(json, "stateRoot");
    header.transactions_root = fixed_of<Hash32>(json, "transactionsRoot");
    header.receipts_root = fixed_of<Hash32>(json, "receiptsRoot");
    header.logs_bloom = fixed_of<Bloom>(json, "logsBloom");
    header.difficulty = u256_of(json, "difficulty");
    header.number = u64_of(json, "number");
    header.gas_limit = u64_of(json, "gasLimit");
    header.gas_used = u64_of(json, "gasUsed");
    header.timestamp = u64_of(json, "timestamp");
    header.extra_data = bytes_of(json, "extraData");
    header.prev_randao = fixed_of<Hash32>(json, "mixHash");
    header.nonce = fixed_of<FixedBytes<8>>(json, "nonce");
    if (has(json, "baseFeePerGas")) header.base_fee_per_gas = u256_of(json, "baseFeePerGas");
    if (has(json, "withdrawalsRoot")) header.withdrawals_root = fixed_of<Hash32>(json, "withdrawalsRoot");
    if (has(json, "blobGasUsed")) header.blob_gas_used = u64_of(json, "blobGasUsed");
    if (has(json, "excessBlobGas")) header.excess_blob_gas = u64_of(json, "excessBlobGas");
    if (has(json, "parentBeaconBlockRoot"))
        header.parent_beacon_block_root = fixed_of<Hash32>(json, "parentBeaconBlockRoot");
    if (has(json, "requestsHash")) header.requests_hash = fixed_of<Hash32>(json, "requestsHash");
    return header;
}

}  // namespace entresol::chain
