#include "node/rpc/format.hpp"

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"

namespace entresol::rpc {

using chain::TxType;

template <std::size_t N>
json::value to_json(const FixedBytes<N>& value) {
    return json::value(to_hex(value));
}
template json::value to_json(const FixedBytes<32>&);
template json::value to_json(const FixedBytes<20>&);
template json::value to_json(const FixedBytes<256>&);
template json::value to_json(const FixedBytes<8>&);
template json::value to_json(const FixedBytes<48>&);

json::value quantity(std::uint64_t value) { return json::value(to_quantity(value)); }
json::value quantity(const U256& value) { return json::value(to_quantity(value)); }
json::value hex_data(ByteView bytes) { return json::value(to_hex(bytes)); }

std::string to_checksum_hex(const Address& address) {
    std::string text = to_hex(address);
    const Hash32 hash = crypto::keccak256({reinterpret_cast<const std::uint8_t*>(text.data()) + 2, text.size() - 2});
    for (std::size_t i = 0; i + 2 < text.size(); ++i) {
        const unsigned nibble = (hash.bytes[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xF;
        char& digit = text[i + 2];
        if (nibble >= 8 && digit >= 'a') digit = static_cast<char>(digit - 'a' + 'A');
    }
    return text;
}

namespace {

std::size_t encoded_size(const chain::Block& block) { return chain::encode(block).size(); }

void put_signature(json::object& out, const chain::Transaction& tx) {
    const auto& signature = tx.signature;
    if (tx.type == TxType::Legacy) {
        const U256 v = tx.chain_id ? U256{*tx.chain_id} * U256{2} + U256{35U + signature.y_parity}
                                   : U256{27U + signature.y_parity};  // EIP-155
        out["v"] = quantity(v);
    } else {
        out["v"] = quantity(std::uint64_t{signature.y_parity});
    }
    out["r"] = quantity(signature.r);
    out["s"] = quantity(signature.s);
    if (tx.type != TxType::Legacy) out["yParity"] = quantity(std::uint64_t{signature.y_parity});
}

json::value authorizations_to_json(const std::vector<chain::Authorization>& list) {
    json::array out;
    for (const auto& entry : list)
        out.push_back(json::object{{"chainId", quantity(entry.chain_id)},
                                   {"address", to_json(entry.address)},
                                   {"nonce", quantity(entry.nonce)},
                                   {"yParity", quantity(entry.y_parity)},
                                   {"r", quantity(entry.signature.r)},
                                   {"s", quantity(entry.signature.s)}});
    return out;
}

void put_deposit(json::object& out, const chain::Transaction& tx, const chain::Receipt* receipt) {
    out["sourceHash"] = to_json(tx.source_hash);
    // Absent where there is none, as op-geth has it.
    if (!tx.mint.is_zero()) out["mint"] = quantity(tx.mint);
    if (tx.is_system) out["isSystemTx"] = true;
    out["gasPrice"] = "0x0";
    out["nonce"] = quantity(receipt != nullptr && receipt->deposit_nonce ? *receipt->deposit_nonce : 0);
    if (receipt != nullptr && receipt->deposit_receipt_version)
        out["depositReceiptVersion"] = quantity(*receipt->deposit_receipt_version);
    out["v"] = "0x0";
    out["r"] = "0x0";
    out["s"] = "0x0";
    out["yParity"] = "0x0";
}

void put_prices(json::object& out, const chain::Transaction& tx, bool is_mined, const U256& base_fee) {
    if (tx.type == TxType::Legacy || tx.type == TxType::AccessList) {
        out["gasPrice"] = quantity(tx.max_fee_per_gas);
        return;
    }
    const U256 effective = std::min(tx.max_fee_per_gas, base_fee + tx.max_priority_fee_per_gas);
    out["gasPrice"] = quantity(is_mined ? effective : tx.max_fee_per_gas);
    out["maxFeePerGas"] = quantity(tx.max_fee_per_gas);
    out["maxPriorityFeePerGas"] = quantity(tx.max_priority_fee_per_gas);
    if (tx.type == TxType::Blob) out["maxFeePerBlobGas"] = quantity(tx.max_fee_per_blob_gas);
}

std::size_t log_offset(const std::vector<stf::TxOutcome>& outcomes, std::size_t index) {
    std::size_t offset = 0;
    for (std::size_t i = 0; i < index; ++i) offset += outcomes[i].receipt.logs.size();
    return offset;
}

json::object receipt_object(const chain::Transaction& tx, const Hash32& hash, const Address& sender,
                            const stf::TxOutcome& outcome, const TxPlace& place, std::size_t first_log,
                            const chain::Header& header, const chain::ChainConfig& config) {
    json::object out;
    const auto& receipt = outcome.receipt;
    out["type"] = quantity(static_cast<std::uint64_t>(tx.type));
    if (receipt.post_state)
        out["root"] = to_json(*receipt.post_state);
    else
        out["status"] = receipt.succeeded ? "0x1" : "0x0";
    out["cumulativeGasUsed"] = quantity(receipt.cumulative_gas_used);
    json::array logs;
    for (std::size_t i = 0; i < receipt.logs.size(); ++i)
        logs.push_back(log_to_json(receipt.logs[i], place, hash, first_log + i));
    out["logs"] = std::move(logs);
    out["logsBloom"] = to_json(receipt.bloom);
    out["transactionHash"] = to_json(hash);
    out["transactionIndex"] = quantity(place.index);
    out["blockHash"] = place.block_hash != nullptr ? to_json(*place.block_hash) : json::value(nullptr);
    out["blockNumber"] = quantity(place.block_number);
    out["gasUsed"] = quantity(outcome.gas_used);
    out["effectiveGasPrice"] = quantity(outcome.effective_gas_price);
    out["from"] = to_json(sender);
    out["to"] = tx.to ? to_json(*tx.to) : json::value(nullptr);
    out["contractAddress"] = !tx.to && outcome.created ? to_json(*outcome.created) : json::value(nullptr);
    const auto rules = config.rules_at(header.number, header.timestamp);
    if (tx.type == TxType::Blob) {
        out["blobGasUsed"] = quantity(outcome.blob_gas_used);
        out["blobGasPrice"] = quantity(stf::compute_blob_base_fee(header.excess_blob_gas.value_or(0), rules.blobs));
    }
    if (rules.is_op() && tx.type != TxType::Deposit) {
        out["l1Fee"] = quantity(outcome.l1_fee);
        out["l1GasUsed"] = quantity(outcome.l1_gas_used);
        out["operatorFee"] = quantity(outcome.operator_fee);
        if (rules.at_least(chain::OpFork::Jovian)) out["blobGasUsed"] = quantity(outcome.da_footprint);
        // Every part of what the sender paid, so that nothing of it is invisible: gas, L1 data and operator fee together.
        out["totalFee"] =
            quantity(outcome.effective_gas_price * U256{outcome.gas_used} + outcome.l1_fee + outcome.operator_fee);
    }
    if (receipt.deposit_nonce) out["depositNonce"] = quantity(*receipt.deposit_nonce);
    if (receipt.deposit_receipt_version) out["depositReceiptVersion"] = quantity(*receipt.deposit_receipt_version);
    return out;
}

}  // namespace

json::value access_list_to_json(const chain::AccessList& list) {
    json::array out;
    for (const auto& entry : list) {
        json::array keys;
        for (const auto& key : entry.storage_keys) keys.push_back(to_json(key));
        out.push_back(json::object{{"address", to_json(entry.address)}, {"storageKeys", std::move(keys)}});
    }
    return out;
}

json::object header_to_json(const chain::Header& header, const Hash32& hash) {
    json::object out;
    out["number"] = quantity(header.number);
    out["hash"] = to_json(hash);
    out["parentHash"] = to_json(header.parent_hash);
    out["nonce"] = to_json(header.nonce);
    out["mixHash"] = to_json(header.prev_randao);
    out["sha3Uncles"] = to_json(header.ommers_hash);
    out["logsBloom"] = to_json(header.logs_bloom);
    out["stateRoot"] = to_json(header.state_root);
    out["miner"] = to_json(header.coinbase);
    out["difficulty"] = quantity(header.difficulty);
    out["extraData"] = hex_data(header.extra_data);
    out["gasLimit"] = quantity(header.gas_limit);
    out["gasUsed"] = quantity(header.gas_used);
    out["timestamp"] = quantity(header.timestamp);
    out["transactionsRoot"] = to_json(header.transactions_root);
    out["receiptsRoot"] = to_json(header.receipts_root);
    if (header.base_fee_per_gas) out["baseFeePerGas"] = quantity(*header.base_fee_per_gas);
    if (header.withdrawals_root) out["withdrawalsRoot"] = to_json(*header.withdrawals_root);
    if (header.blob_gas_used) out["blobGasUsed"] = quantity(*header.blob_gas_used);
    if (header.excess_blob_gas) out["excessBlobGas"] = quantity(*header.excess_blob_gas);
    if (header.parent_beacon_block_root) out["parentBeaconBlockRoot"] = to_json(*header.parent_beacon_block_root);
    if (header.requests_hash) out["requestsHash"] = to_json(*header.requests_hash);
    return out;
}

json::object block_to_json(const ledger::StoredBlock& block, bool full_transactions) {
    json::object out = header_to_json(block.block.header, block.hash);
    out["size"] = quantity(block.size_bytes);
    json::array transactions;
    for (std::size_t i = 0; i < block.tx_hashes.size(); ++i) {
        if (full_transactions)
            transactions.push_back(transaction_to_json(block, i));
        else
            transactions.push_back(to_json(block.tx_hashes[i]));
    }
    out["transactions"] = std::move(transactions);
    json::array uncles;
    for (const auto& ommer : block.block.ommers) uncles.push_back(to_json(chain::header_hash(ommer)));
    out["uncles"] = std::move(uncles);
    if (block.block.withdrawals) {
        json::array withdrawals;
        for (const auto& entry : *block.block.withdrawals)
            withdrawals.push_back(json::object{{"index", quantity(entry.index)},
                                               {"validatorIndex", quantity(entry.validator_index)},
                                               {"address", to_json(entry.address)},
                                               {"amount", quantity(entry.amount_gwei)}});
        out["withdrawals"] = std::move(withdrawals);
    }
    return out;
}

json::object preview_to_json(const sequencer::Preview& preview, bool full_transactions) {
    chain::Header header = preview.header;
    header.parent_hash = preview.parent_hash;
    json::object out = header_to_json(header, Hash32{});
    for (const char* name : {"hash", "nonce", "logsBloom"})
        out[name] = nullptr;  // as execution-apis has pending blocks
    json::array transactions;
    chain::Block block{
        .header = header, .transactions = {}, .ommers = {}, .withdrawals = std::vector<chain::Withdrawal>{}};
    for (std::size_t i = 0; i < preview.transactions.size(); ++i) {
        const auto& tx = *preview.transactions[i];
        block.transactions.push_back(tx.tx);
        if (!full_transactions) {
            transactions.push_back(to_json(tx.hash));
            continue;
        }
        const TxPlace place{
            .block_hash = nullptr, .block_number = header.number, .block_timestamp = header.timestamp, .index = i};
        transactions.push_back(transaction_to_json(tx.tx, tx.hash, tx.sender, &place,
                                                   header.base_fee_per_gas.value_or(U256{}), &tx.outcome.receipt));
    }
    out["size"] = quantity(encoded_size(block));
    out["transactions"] = std::move(transactions);
    out["uncles"] = json::array{};
    out["withdrawals"] = json::array{};
    return out;
}

json::object transaction_to_json(const chain::Transaction& tx, const Hash32& hash, const Address& sender,
                                 const TxPlace* place, const U256& base_fee, const chain::Receipt* receipt) {
    json::object out;
    out["type"] = quantity(static_cast<std::uint64_t>(tx.type));
    out["hash"] = to_json(hash);
    out["nonce"] = quantity(tx.nonce);
    out["blockHash"] =
        place != nullptr && place->block_hash != nullptr ? to_json(*place->block_hash) : json::value(nullptr);
    out["blockNumber"] = place != nullptr ? quantity(place->block_number) : json::value(nullptr);
    if (place != nullptr) out["blockTimestamp"] = quantity(place->block_timestamp);
    out["transactionIndex"] = place != nullptr ? quantity(place->index) : json::value(nullptr);
    out["from"] = to_json(sender);
    out["to"] = tx.to ? to_json(*tx.to) : json::value(nullptr);
    out["value"] = quantity(tx.value);
    out["gas"] = quantity(tx.gas_limit);
    out["input"] = hex_data(tx.data);
    if (tx.type == TxType::Deposit) {
        put_deposit(out, tx, receipt);
        return out;
    }
    put_prices(out, tx, place != nullptr, base_fee);
    if (tx.chain_id) out["chainId"] = quantity(*tx.chain_id);
    if (tx.type != TxType::Legacy) out["accessList"] = access_list_to_json(tx.access_list);
    if (tx.type == TxType::Blob) {
        json::array hashes;
        for (const auto& blob_hash : tx.blob_hashes) hashes.push_back(to_json(blob_hash));
        out["blobVersionedHashes"] = std::move(hashes);
    }
    if (tx.type == TxType::SetCode) out["authorizationList"] = authorizations_to_json(tx.authorizations);
    put_signature(out, tx);
    return out;
}

json::object transaction_to_json(const ledger::StoredBlock& block, std::size_t index) {
    const auto& header = block.block.header;
    const TxPlace place{
        .block_hash = &block.hash, .block_number = header.number, .block_timestamp = header.timestamp, .index = index};
    return transaction_to_json(block.block.transactions[index], block.tx_hashes[index], block.senders[index], &place,
                               header.base_fee_per_gas.value_or(U256{}), &block.outcomes[index].receipt);
}

json::object log_to_json(const chain::Log& log, const TxPlace& place, const Hash32& tx_hash, std::size_t log_index,
                         bool removed) {
    json::array topics;
    for (const auto& topic : log.topics) topics.push_back(to_json(topic));
    return {{"address", to_json(log.address)},
            {"topics", std::move(topics)},
            {"data", hex_data(log.data)},
            {"blockNumber", quantity(place.block_number)},
            {"transactionHash", to_json(tx_hash)},
            {"transactionIndex", quantity(place.index)},
            {"blockHash", place.block_hash != nullptr ? to_json(*place.block_hash) : json::value(nullptr)},
            {"blockTimestamp", quantity(place.block_timestamp)},
            {"logIndex", quantity(log_index)},
            {"removed", removed}};
}

json::object receipt_to_json(const ledger::StoredBlock& block, std::size_t index, const chain::ChainConfig& config) {
    const auto& header = block.block.header;
    const TxPlace place{
        .block_hash = &block.hash, .block_number = header.number, .block_timestamp = header.timestamp, .index = index};
    return receipt_object(block.block.transactions[index], block.tx_hashes[index], block.senders[index],
                          block.outcomes[index], place, log_offset(block.outcomes, index), header, config);
}

json::object preview_receipt_to_json(const sequencer::Preview& preview, std::size_t index,
                                     const chain::ChainConfig& config) {
    const auto& tx = *preview.transactions[index];
    // The block has no hash yet: the mini-block's stands in, and `miniBlock` says so.
    const Hash32 hash = tx.mini_block != nullptr ? tx.mini_block->hash : Hash32{};
    const TxPlace place{.block_hash = &hash,
                        .block_number = preview.header.number,
                        .block_timestamp = preview.header.timestamp,
                        .index = index};
    json::object out =
        receipt_object(tx.tx, tx.hash, tx.sender, tx.outcome, place, tx.first_log, preview.header, config);
    if (tx.mini_block != nullptr) out["miniBlock"] = mini_block_to_json(*tx.mini_block);
    return out;
}

json::object mini_block_to_json(const sequencer::MiniBlock& mini_block) {
    json::array hashes;
    for (const auto& hash : mini_block.tx_hashes) hashes.push_back(to_json(hash));
    return {{"parent", to_json(mini_block.parent)},
            {"blockNumber", quantity(mini_block.block_number)},
            {"blockTimestamp", quantity(mini_block.block_timestamp)},
            {"index", quantity(std::uint64_t{mini_block.index})},
            {"firstTransactionIndex", quantity(std::uint64_t{mini_block.first_tx})},
            {"transactions", std::move(hashes)},
            {"receiptsRoot", to_json(mini_block.receipts_root)},
            {"hash", to_json(mini_block.hash)},
            {"signature", json::object{{"r", quantity(mini_block.signature.r)},
                                       {"s", quantity(mini_block.signature.s)},
                                       {"yParity", quantity(std::uint64_t{mini_block.signature.y_parity})}}}};
}

}  // namespace entresol::rpc
