// For tests and measurements only: Ethereum block 22244135 (Cancun, 125 transactions) as geth's JSON-RPC and tracers tell it.
#pragma once

#include "core/chain/block.hpp"
#include "core/state/memory_state.hpp"
#include "testing/json_fields.hpp"

namespace entresol::testing {

inline chain::Transaction read_transaction(const json::object& o) {
    chain::Transaction tx;
    tx.type = static_cast<chain::TxType>(to_u64(text(o, "type")));
    if (!text(o, "chainId").empty()) tx.chain_id = to_u64(text(o, "chainId"));
    tx.nonce = to_u64(text(o, "nonce"));
    const bool dynamic = tx.type != chain::TxType::Legacy && tx.type != chain::TxType::AccessList;
    tx.max_fee_per_gas = to_u256(text(o, dynamic ? "maxFeePerGas" : "gasPrice"));
    tx.max_priority_fee_per_gas = to_u256(text(o, dynamic ? "maxPriorityFeePerGas" : "gasPrice"));
    tx.gas_limit = to_u64(text(o, "gas"));
    if (!text(o, "to").empty()) tx.to = to_fixed<Address>(text(o, "to"));
    tx.value = to_u256(text(o, "value"));
    tx.data = to_bytes(text(o, "input"));
    tx.signature.r = to_u256(text(o, "r"));
    tx.signature.s = to_u256(text(o, "s"));
    const std::uint64_t v = to_u64(text(o, "v"));
    tx.signature.y_parity = static_cast<std::uint8_t>(
        tx.type != chain::TxType::Legacy ? v : (v + 1) % 2);  // 27, 35 + 2 * chain id: even parity
    if (const auto* list = o.if_contains("accessList"))
        for (const auto& entry : list->as_array()) {
            chain::AccessListEntry item{to_fixed<Address>(text(entry.as_object(), "address")), {}};
            for (const auto& key : entry.as_object().at("storageKeys").as_array())
                item.storage_keys.push_back(to_fixed<Hash32>(key.as_string()));
            tx.access_list.push_back(std::move(item));
        }
    return tx;
}

inline chain::Header read_header(const json::object& o) {
    chain::Header h;
    h.parent_hash = to_fixed<Hash32>(text(o, "parentHash"));
    h.coinbase = to_fixed<Address>(text(o, "miner"));
    h.number = to_u64(text(o, "number"));
    h.gas_limit = to_u64(text(o, "gasLimit"));
    h.gas_used = to_u64(text(o, "gasUsed"));
    h.timestamp = to_u64(text(o, "timestamp"));
    h.prev_randao = to_fixed<Hash32>(text(o, "mixHash"));
    h.base_fee_per_gas = to_u256(text(o, "baseFeePerGas"));
    h.blob_gas_used = to_u64(text(o, "blobGasUsed"));
    h.excess_blob_gas = to_u64(text(o, "excessBlobGas"));
    h.receipts_root = to_fixed<Hash32>(text(o, "receiptsRoot"));
    h.transactions_root = to_fixed<Hash32>(text(o, "transactionsRoot"));
    h.logs_bloom = to_fixed<Bloom>(text(o, "logsBloom"));
    return h;
}

/// The trace gives the state before each transaction; what a transaction sees first of an account or slot is its state before the block.
inline state::MemoryState read_state_before(const json::array& traces) {
    state::MemoryState state;
    std::map<std::pair<Address, U256>, bool> seen;
    for (const auto& trace : traces)
        for (const auto& [address_text, value] : trace.as_object().at("result").as_object()) {
            const auto& fields = value.as_object();
            const auto address = to_fixed<Address>(address_text);
            if (!state.accounts.contains(address)) {
                auto& account = state.accounts[address].account;
                account.balance = to_u256(text(fields, "balance"));
                if (const auto* nonce = fields.if_contains("nonce"))
                    account.nonce = static_cast<std::uint64_t>(nonce->as_int64());
                if (!text(fields, "code").empty()) state.set_code(address, to_bytes(text(fields, "code")));
            }
            const auto* storage = fields.if_contains("storage");
            if (storage == nullptr) continue;
            for (const auto& [key, slot] : storage->as_object())
                if (seen.insert({{address, to_u256(key)}, true}).second && !to_u256(slot.as_string()).is_zero())
                    state.accounts[address].storage[to_u256(key)] = to_u256(slot.as_string());
        }
    return state;
}

struct MainnetBlock {
    chain::Block block;  // header and transactions
    std::vector<Address> senders;
    state::MemoryState state;  // what its transactions read of the state before it
};

inline const json::array& list_of(const json::value& v) {
    return v.is_array() ? v.as_array() : v.as_object().at("result").as_array();
}

inline MainnetBlock load_mainnet_block(const std::filesystem::path& folder) {
    const auto file = parse_json_file(folder / "22244135-block.json");
    const auto& fields = file.as_object().at("result").as_object();
    MainnetBlock out;
    out.block.header = read_header(fields);
    out.state = read_state_before(list_of(parse_json_file(folder / "22244135-prestatetrace.json")));
    out.state.block_hashes[out.block.header.number - 1] = out.block.header.parent_hash;
    for (const auto& tx : fields.at("transactions").as_array()) {
        out.block.transactions.push_back(read_transaction(tx.as_object()));
        out.senders.push_back(to_fixed<Address>(text(tx.as_object(), "from")));
    }
    return out;
}

}  // namespace entresol::testing
