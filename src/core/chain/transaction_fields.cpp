#include "core/chain/transaction_fields.hpp"

namespace entresol::chain {
namespace {

using codec::RlpError;
using codec::RlpReader;
using enum TxField;

constexpr TxField LEGACY[] = {Nonce, GasPrice, GasLimit, To, Value, Data};
// EIP-2930
constexpr TxField ACCESS_LIST[] = {ChainId, Nonce, GasPrice, GasLimit, To, Value, Data, Accesses};
// EIP-1559
constexpr TxField DYNAMIC_FEE[] = {ChainId, Nonce, MaxPriorityFee, MaxFee, GasLimit, To, Value, Data, Accesses};
// EIP-4844
constexpr TxField BLOB[] = {ChainId, Nonce, MaxPriorityFee, MaxFee,           GasLimit,  ToRequired,
                            Value,   Data,  Accesses,       MaxFeePerBlobGas, BlobHashes};
// EIP-7702
constexpr TxField SET_CODE[] = {ChainId,    Nonce, MaxPriorityFee, MaxFee,   GasLimit,
                                ToRequired, Value, Data,           Accesses, Authorizations};
// OP Stack specification, deposits
constexpr TxField DEPOSIT[] = {SourceHash, From, To, Mint, Value, GasLimit, IsSystem, Data};

void append_access_list(Bytes& out, const AccessList& list) {
    const std::size_t start = out.size();
    for (const auto& entry : list) {
        const std::size_t entry_start = out.size();
        codec::append_fixed(out, entry.address);
        const std::size_t keys_start = out.size();
        for (const auto& key : entry.storage_keys) codec::append_fixed(out, key);
        codec::close_list(out, keys_start);
        codec::close_list(out, entry_start);
    }
    codec::close_list(out, start);
}

Result<AccessList, RlpError> read_access_list(RlpReader& in) {
    TRY(RlpReader entries, in.read_list());
    AccessList list;
    while (!entries.empty()) {
        TRY(RlpReader fields, entries.read_list());
        AccessListEntry entry;
        TRY(entry.address, fields.read_fixed<Address>());
        TRY(RlpReader keys, fields.read_list());
        TRY_VOID(fields.expect_end());
        while (!keys.empty()) {
            TRY(const Hash32 key, keys.read_fixed<Hash32>());
            entry.storage_keys.push_back(key);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

void append_authorizations(Bytes& out, const std::vector<Authorization>& list) {
    const std::size_t start = out.size();
    for (const auto& item : list) {
        const std::size_t item_start = out.size();
        codec::append_uint(out, item.chain_id);
        codec::append_fixed(out, item.address);
        codec::append_uint(out, item.nonce);
        codec::append_uint(out, item.y_parity);
        codec::append_uint(out, item.signature.r);
        codec::append_uint(out, item.signature.s);
        codec::close_list(out, item_start);
    }
    codec::close_list(out, start);
}

Result<Authorization, RlpError> read_authorization(RlpReader& list) {
    TRY(RlpReader in, list.read_list());
    Authorization item;
    TRY(item.chain_id, in.read_u256());
    TRY(item.address, in.read_fixed<Address>());
    TRY(item.nonce, in.read_u64());
    TRY(item.y_parity, in.read_u256());
    if (item.y_parity > U256{255}) return fail(RlpError::IntegerOverflow);  // EIP-7702: y_parity < 2**8
    item.signature.y_parity = item.y_parity == U256{1} ? 1 : 0;
    TRY(item.signature.r, in.read_u256());
    TRY(item.signature.s, in.read_u256());
    TRY_VOID(in.expect_end());
    return item;
}

Result<std::vector<Authorization>, RlpError> read_authorizations(RlpReader& in) {
    TRY(RlpReader items, in.read_list());
    std::vector<Authorization> list;
    while (!items.empty()) {
        TRY(const Authorization item, read_authorization(items));
        list.push_back(item);
    }
    return list;
}

Result<std::vector<Hash32>, RlpError> read_hashes(RlpReader& in) {
    TRY(RlpReader items, in.read_list());
    std::vector<Hash32> hashes;
    while (!items.empty()) {
        TRY(const Hash32 hash, items.read_fixed<Hash32>());
        hashes.push_back(hash);
    }
    return hashes;
}

Result<std::optional<Address>, RlpError> read_recipient(RlpReader& in) {
    RlpReader ahead = in;
    TRY(const ByteView bytes, ahead.read_string());
    if (!bytes.empty() && bytes.size() != Address::SIZE) return fail(RlpError::WrongLength);
    in = ahead;
    if (bytes.empty()) return std::optional<Address>{};
    return std::optional{from_bytes<Address>(bytes)};
}

Result<bool, RlpError> read_bool(RlpReader& in) {
    TRY(const std::uint64_t value, in.read_u64());
    if (value > 1) return fail(RlpError::IntegerOverflow);
    return value == 1;
}

void append_hashes(Bytes& out, const std::vector<Hash32>& hashes) {
    const std::size_t start = out.size();
    for (const auto& hash : hashes) codec::append_fixed(out, hash);
    codec::close_list(out, start);
}

/// Puts what was read into its place, or passes the error on.
template <typename T, typename U>
Result<void, RlpError> assign(T& target, Result<U, RlpError> read) {
    if (!read) return fail(read.error());
    target = std::move(*read);
    return {};
}

}  // namespace

std::span<const TxField> fields_of(TxType type) {
    switch (type) {
        case TxType::Legacy: return LEGACY;
        case TxType::AccessList: return ACCESS_LIST;
        case TxType::DynamicFee: return DYNAMIC_FEE;
        case TxType::Blob: return BLOB;
        case TxType::SetCode: return SET_CODE;
        case TxType::Deposit: return DEPOSIT;
    }
    return {};
}

void append_field(Bytes& out, const Transaction& tx, TxField field) {
    switch (field) {
        case ChainId: return codec::append_uint(out, tx.chain_id.value_or(0));
        case Nonce: return codec::append_uint(out, tx.nonce);
        case GasPrice: return codec::append_uint(out, tx.max_fee_per_gas);
        case MaxPriorityFee: return codec::append_uint(out, tx.max_priority_fee_per_gas);
        case MaxFee: return codec::append_uint(out, tx.max_fee_per_gas);
        case GasLimit: return codec::append_uint(out, tx.gas_limit);
        case To:
        case ToRequired: return codec::append_string(out, tx.to ? tx.to->view() : ByteView{});
        case Value: return codec::append_uint(out, tx.value);
        case Data: return codec::append_string(out, tx.data);
        case Accesses: return append_access_list(out, tx.access_list);
        case MaxFeePerBlobGas: return codec::append_uint(out, tx.max_fee_per_blob_gas);
        case BlobHashes: return append_hashes(out, tx.blob_hashes);
        case Authorizations: return append_authorizations(out, tx.authorizations);
        case SourceHash: return codec::append_fixed(out, tx.source_hash);
        case From: return codec::append_fixed(out, tx.from);
        case Mint: return codec::append_uint(out, tx.mint);
        case IsSystem: return codec::append_uint(out, std::uint64_t{tx.is_system});
    }
}

Result<void, RlpError> read_field(RlpReader& in, Transaction& tx, TxField field) {
    switch (field) {
        case ChainId: return assign(tx.chain_id, in.read_u64());
        case Nonce: return assign(tx.nonce, in.read_u64());
        case GasPrice: {
            TRY_VOID(assign(tx.max_fee_per_gas, in.read_u256()));
            tx.max_priority_fee_per_gas = tx.max_fee_per_gas;
            return {};
        }
        case MaxPriorityFee: return assign(tx.max_priority_fee_per_gas, in.read_u256());
        case MaxFee: return assign(tx.max_fee_per_gas, in.read_u256());
        case GasLimit: return assign(tx.gas_limit, in.read_u64());
        case To: return assign(tx.to, read_recipient(in));
        case ToRequired: return assign(tx.to, in.read_fixed<Address>());
        case Value: return assign(tx.value, in.read_u256());
        case Data: {
            TRY(const ByteView data, in.read_string());
            tx.data = to_bytes(data);
            return {};
        }
        case Accesses: return assign(tx.access_list, read_access_list(in));
        case MaxFeePerBlobGas: return assign(tx.max_fee_per_blob_gas, in.read_u256());
        case BlobHashes: return assign(tx.blob_hashes, read_hashes(in));
        case Authorizations: return assign(tx.authorizations, read_authorizations(in));
        case SourceHash: return assign(tx.source_hash, in.read_fixed<Hash32>());
        case From: return assign(tx.from, in.read_fixed<Address>());
        case Mint: return assign(tx.mint, in.read_u256());
        case IsSystem: return assign(tx.is_system, read_bool(in));
    }
    return {};
}

}  // namespace entresol::chain
