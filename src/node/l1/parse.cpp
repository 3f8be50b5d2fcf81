#include "node/l1/parse.hpp"

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"

namespace entresol::l1 {
namespace {

namespace json = boost::json;
using chain::TxType;

const json::value* find_field(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(json::string_view(name.data(), name.size()));
    return value == nullptr || value->is_null() ? nullptr : value;
}

// Puts a mandatory field in place, or remembers that one was missing.
struct Reader {
    const json::object& object;
    bool ok = true;

    template <typename T, typename Found>
    void put(T& into, std::optional<Found> found) {
        if (found)
            into = std::move(*found);
        else
            ok = false;
    }
    void u64(std::uint64_t& into, std::string_view name) { put(into, field_u64(object, name)); }
    void u256(U256& into, std::string_view name) { put(into, field_u256(object, name)); }
    void bytes(Bytes& into, std::string_view name) { put(into, field_bytes(object, name)); }
    template <typename T>
    void fixed(T& into, std::string_view name) {
        put(into, field_fixed<T>(object, name));
    }
};

std::optional<chain::AccessList> parse_access_list(const json::object& object) {
    chain::AccessList list;
    const auto* field = find_field(object, "accessList");
    if (field == nullptr || !field->is_array()) return std::nullopt;
    for (const auto& entry : field->get_array()) {
        if (!entry.is_object()) return std::nullopt;
        const auto address = field_fixed<Address>(entry.get_object(), "address");
        const auto* keys = find_field(entry.get_object(), "storageKeys");
        if (!address || keys == nullptr || !keys->is_array()) return std::nullopt;
        chain::AccessListEntry out{.address = *address, .storage_keys = {}};
        for (const auto& key : keys->get_array()) {
            const auto hash = key.is_string() ? parse_fixed<Hash32>(std::string_view(key.get_string())) : std::nullopt;
            if (!hash) return std::nullopt;
            out.storage_keys.push_back(*hash);
        }
        list.push_back(std::move(out));
    }
    return list;
}

std::optional<std::vector<Hash32>> parse_hashes(const json::object& object, std::string_view name) {
    std::vector<Hash32> out;
    const auto* field = find_field(object, name);
    if (field == nullptr || !field->is_array()) return std::nullopt;
    for (const auto& entry : field->get_array()) {
        const auto hash = entry.is_string() ? parse_fixed<Hash32>(std::string_view(entry.get_string())) : std::nullopt;
        if (!hash) return std::nullopt;
        out.push_back(*hash);
    }
    return out;
}

std::optional<std::vector<chain::Authorization>> parse_authorizations(const json::object& object) {
    std::vector<chain::Authorization> out;
    const auto* field = find_field(object, "authorizationList");
    if (field == nullptr || !field->is_array()) return std::nullopt;
    for (const auto& entry : field->get_array()) {
        if (!entry.is_object()) return std::nullopt;
        Reader reader{entry.get_object()};
        chain::Authorization authorization;
        reader.u256(authorization.chain_id, "chainId");
        reader.fixed(authorization.address, "address");
        reader.u64(authorization.nonce, "nonce");
        reader.u256(authorization.y_parity, "yParity");
        reader.u256(authorization.signature.r, "r");
        reader.u256(authorization.signature.s, "s");
        if (!reader.ok) return std::nullopt;
        authorization.signature.y_parity = static_cast<std::uint8_t>(authorization.y_parity.limb[0] & 1);
        out.push_back(authorization);
    }
    return out;
}

// Legacy v carries the parity and, with EIP-155, the chain id.
bool put_signature(const json::object& object, chain::Transaction& tx) {
    Reader reader{object};
    reader.u256(tx.signature.r, "r");
    reader.u256(tx.signature.s, "s");
    std::uint64_t v = 0;
    if (tx.type != TxType::Legacy && find_field(object, "yParity") != nullptr)
        reader.u64(v, "yParity");
    else
        reader.u64(v, "v");
    if (!reader.ok) return false;
    if (tx.type != TxType::Legacy) {
        if (v > 1) return false;
        tx.signature.y_parity = static_cast<std::uint8_t>(v);
        return true;
    }
    tx.chain_id.reset();
    if (v == 27 || v == 28) {
        tx.signature.y_parity = static_cast<std::uint8_t>(v - 27);
        return true;
    }
    if (v < 35) return false;
    tx.chain_id = (v - 35) / 2;
    tx.signature.y_parity = static_cast<std::uint8_t>((v - 35) % 2);
    return true;
}

bool put_type_fields(const json::object& object, chain::Transaction& tx) {
    Reader reader{object};
    if (tx.type == TxType::Legacy || tx.type == TxType::AccessList) {
        reader.u256(tx.max_fee_per_gas, "gasPrice");
        tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
    } else {
        reader.u256(tx.max_fee_per_gas, "maxFeePerGas");
        reader.u256(tx.max_priority_fee_per_gas, "maxPriorityFeePerGas");
    }
    if (tx.type != TxType::Legacy) {
        reader.put(tx.chain_id, field_u64(object, "chainId"));
        reader.put(tx.access_list, parse_access_list(object));
    }
    if (tx.type == TxType::Blob) {
        reader.u256(tx.max_fee_per_blob_gas, "maxFeePerBlobGas");
        reader.put(tx.blob_hashes, parse_hashes(object, "blobVersionedHashes"));
    }
    if (tx.type == TxType::SetCode) reader.put(tx.authorizations, parse_authorizations(object));
    return reader.ok && put_signature(object, tx);
}

}  // namespace

std::optional<std::uint64_t> field_u64(const json::object& object, std::string_view name) {
    const auto* value = find_field(object, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return parse_quantity64(std::string_view(value->get_string()));
    if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
    if (value->is_uint64()) return value->get_uint64();
    return std::nullopt;
}

std::optional<U256> field_u256(const json::object& object, std::string_view name) {
    const auto* value = find_field(object, name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return parse_quantity(std::string_view(value->get_string()));
}

std::optional<Bytes> field_bytes(const json::object& object, std::string_view name) {
    const auto* value = find_field(object, name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return parse_hex(std::string_view(value->get_string()));
}

std::optional<chain::Header> parse_header(const json::object& object) {
    chain::Header header;
    Reader reader{object};
    reader.fixed(header.parent_hash, "parentHash");
    reader.fixed(header.ommers_hash, "sha3Uncles");
    reader.fixed(header.coinbase, "miner");
    reader.fixed(header.state_root, "stateRoot");
    reader.fixed(header.transactions_root, "transactionsRoot");
    reader.fixed(header.receipts_root, "receiptsRoot");
    reader.fixed(header.logs_bloom, "logsBloom");
    reader.u256(header.difficulty, "difficulty");
    reader.u64(header.number, "number");
    reader.u64(header.gas_limit, "gasLimit");
    reader.u64(header.gas_used, "gasUsed");
    reader.u64(header.timestamp, "timestamp");
    reader.bytes(header.extra_data, "extraData");
    reader.fixed(header.prev_randao, "mixHash");
    reader.fixed(header.nonce, "nonce");
    if (!reader.ok) return std::nullopt;
    header.base_fee_per_gas = field_u256(object, "baseFeePerGas");
    header.withdrawals_root = field_fixed<Hash32>(object, "withdrawalsRoot");
    header.blob_gas_used = field_u64(object, "blobGasUsed");
    header.excess_blob_gas = field_u64(object, "excessBlobGas");
    header.parent_beacon_block_root = field_fixed<Hash32>(object, "parentBeaconBlockRoot");
    header.requests_hash = field_fixed<Hash32>(object, "requestsHash");
    return header;
}

std::optional<chain::Transaction> parse_transaction(const json::object& object) {
    chain::Transaction tx;
    const auto type = field_u64(object, "type").value_or(0);
    if (type > 4) return std::nullopt;
    tx.type = static_cast<TxType>(type);
    Reader reader{object};
    reader.u64(tx.nonce, "nonce");
    reader.u64(tx.gas_limit, "gas");
    reader.u256(tx.value, "value");
    reader.bytes(tx.data, "input");
    if (find_field(object, "to") != nullptr) reader.put(tx.to, field_fixed<Address>(object, "to"));
    if (!reader.ok || !put_type_fields(object, tx)) return std::nullopt;
    return tx;
}

std::optional<chain::Log> parse_log(const json::object& object) {
    chain::Log log;
    Reader reader{object};
    reader.fixed(log.address, "address");
    reader.bytes(log.data, "data");
    reader.put(log.topics, parse_hashes(object, "topics"));
    if (!reader.ok || log.topics.size() > 4) return std::nullopt;
    return log;
}

std::optional<chain::Receipt> parse_receipt(const json::object& object) {
    chain::Receipt receipt;
    const auto type = field_u64(object, "type").value_or(0);
    if (type > 4) return std::nullopt;
    receipt.type = static_cast<TxType>(type);
    Reader reader{object};
    reader.u64(receipt.cumulative_gas_used, "cumulativeGasUsed");
    reader.fixed(receipt.bloom, "logsBloom");
    if (find_field(object, "root") != nullptr && find_field(object, "status") == nullptr)
        reader.put(receipt.post_state, field_fixed<Hash32>(object, "root"));
    else
        receipt.succeeded = field_u64(object, "status").value_or(0) == 1;
    const auto* logs = find_field(object, "logs");
    if (!reader.ok || logs == nullptr || !logs->is_array()) return std::nullopt;
    for (const auto& entry : logs->get_array()) {
        auto log = entry.is_object() ? parse_log(entry.get_object()) : std::nullopt;
        if (!log) return std::nullopt;
        receipt.logs.push_back(std::move(*log));
    }
    return receipt;
}

}  // namespace entresol::l1
