#include "node/rpc/call_args.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/format.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_LIST = 100'000;  // entries of one access list, override or authorization list

template <typename T, typename Read>
RpcResult<void> read_field(const json::object& object, const char* name, std::optional<T>& into,
                           const std::string& where, Read read) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return {};
    TRY(into, read(*value, where + "." + name));
    return {};
}

RpcResult<const json::array*> list_field(const json::object& object, const char* name, const std::string& where) {
    static const json::array EMPTY;
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return &EMPTY;
    if (!value->is_array()) return invalid_params(where + "." + name + ": expected an array");
    if (value->get_array().size() > MAX_LIST) return invalid_params(where + "." + name + ": too many entries");
    return &value->get_array();
}

RpcResult<chain::AccessList> read_access_list(const json::object& object, const std::string& where) {
    chain::AccessList list;
    TRY(const auto* entries, list_field(object, "accessList", where));
    for (const auto& entry : *entries) {
        const auto* fields = entry.if_object();
        if (fields == nullptr || !fields->contains("address"))
            return invalid_params(where + ".accessList: expected {address, storageKeys}");
        chain::AccessListEntry out;
        TRY(out.address, read_address(fields->at("address"), where + ".accessList"));
        TRY(const auto* keys, list_field(*fields, "storageKeys", where));
        for (const auto& key : *keys) {
            TRY(const auto hash, read_hash(key, where + ".accessList"));
            out.storage_keys.push_back(hash);
        }
        list.push_back(std::move(out));
    }
    return list;
}

RpcResult<chain::Authorization> read_authorization(const json::value& value, const std::string& where) {
    const auto* object = value.if_object();
    if (object == nullptr) return invalid_params(where + ": expected an authorization object");
    chain::Authorization out;
    std::optional<U256> chain_id, r, s, y_parity;
    std::optional<std::uint64_t> nonce;
    std::optional<Address> address;
    TRY_VOID(read_field(*object, "chainId", chain_id, where, read_quantity));
    TRY_VOID(read_field(*object, "address", address, where, read_address));
    TRY_VOID(read_field(*object, "nonce", nonce, where, read_quantity64));
    TRY_VOID(read_field(*object, "yParity", y_parity, where, read_quantity));
    TRY_VOID(read_field(*object, "r", r, where, read_quantity));
    TRY_VOID(read_field(*object, "s", s, where, read_quantity));
    if (!address) return invalid_params(where + ".address is missing");
    out.chain_id = chain_id.value_or(U256{});
    out.address = *address;
    out.nonce = nonce.value_or(0);
    out.y_parity = y_parity.value_or(U256{});
    out.signature = {.r = r.value_or(U256{}),
                     .s = s.value_or(U256{}),
                     .y_parity = static_cast<std::uint8_t>(out.y_parity.limb[0] & 1)};
    return out;
}

RpcResult<void> read_lists(const json::object& object, const std::string& where, CallArgs& args) {
    if (object.contains("accessList")) {
        TRY(args.access_list, read_access_list(object, where));
    }
    TRY(const auto* hashes, list_field(object, "blobVersionedHashes", where));
    for (const auto& entry : *hashes) {
        TRY(const auto hash, read_hash(entry, where + ".blobVersionedHashes"));
        args.blob_hashes.push_back(hash);
    }
    TRY(const auto* authorizations, list_field(object, "authorizationList", where));
    for (const auto& entry : *authorizations) {
        TRY(const auto authorization, read_authorization(entry, where + ".authorizationList"));
        args.authorizations.push_back(authorization);
    }
    return {};
}

RpcResult<std::map<U256, U256>> read_storage_map(const json::value& value, const std::string& where) {
    const auto* object = value.if_object();
    if (object == nullptr || object->size() > MAX_LIST) return invalid_params(where + ": expected an object of slots");
    std::map<U256, U256> out;
    for (const auto& [key, slot] : *object) {
        TRY(const auto key_hash, read_hash(json::value(key), where));
        TRY(const auto slot_hash, read_hash(slot, where));
        out[to_u256(key_hash)] = to_u256(slot_hash);
    }
    return out;
}

}  // namespace

RpcResult<CallArgs> read_call_args(const json::value& value, const std::string& where) {
    const auto* object = value.if_object();
    if (object == nullptr) return invalid_params(where + ": expected a transaction object");
    CallArgs args;
    std::optional<Address> from;
    std::optional<Bytes> data, input;
    TRY_VOID(read_field(*object, "from", from, where, read_address));
    TRY_VOID(read_field(*object, "to", args.to, where, read_address));
    TRY_VOID(read_field(*object, "gas", args.gas, where, read_quantity64));
    TRY_VOID(read_field(*object, "gasPrice", args.gas_price, where, read_quantity));
    TRY_VOID(read_field(*object, "maxFeePerGas", args.max_fee_per_gas, where, read_quantity));
    TRY_VOID(read_field(*object, "maxPriorityFeePerGas", args.max_priority_fee_per_gas, where, read_quantity));
    TRY_VOID(read_field(*object, "maxFeePerBlobGas", args.max_fee_per_blob_gas, where, read_quantity));
    TRY_VOID(read_field(*object, "value", args.value, where, read_quantity));
    TRY_VOID(read_field(*object, "nonce", args.nonce, where, read_quantity64));
    TRY_VOID(read_field(*object, "chainId", args.chain_id, where, read_quantity64));
    TRY_VOID(read_field(*object, "data", data, where, read_data));
    TRY_VOID(read_field(*object, "input", input, where, read_data));
    TRY_VOID(read_lists(*object, where, args));
    if (data && input && *data != *input)
        return invalid_params(
            "both \"data\" and \"input\" are set and not equal. Please use \"input\" to pass transaction call data");
    if (args.gas_price && (args.max_fee_per_gas || args.max_priority_fee_per_gas))
        return rpc_fail(SERVER_ERROR, "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified");
    if (args.max_fee_per_gas && args.max_priority_fee_per_gas && *args.max_priority_fee_per_gas > *args.max_fee_per_gas)
        return rpc_fail(SERVER_ERROR, "max priority fee per gas higher than max fee per gas");
    args.from = from.value_or(Address{});
    args.input = input ? std::move(*input) : data.value_or(Bytes{});
    return args;
}

chain::Transaction make_transaction(const CallArgs& args, std::uint64_t nonce, std::uint64_t gas,
                                    std::uint64_t chain_id) {
    chain::Transaction tx;
    using chain::TxType;
    if (!args.authorizations.empty())
        tx.type = TxType::SetCode;
    else if (!args.blob_hashes.empty())
        tx.type = TxType::Blob;
    else if (args.gas_price)
        tx.type = args.access_list ? TxType::AccessList : TxType::Legacy;
    else
        tx.type = TxType::DynamicFee;
    tx.chain_id = args.chain_id.value_or(chain_id);
    tx.nonce = args.nonce.value_or(nonce);
    tx.max_fee_per_gas = args.fee_cap();
    tx.max_priority_fee_per_gas = args.gas_price.value_or(args.max_priority_fee_per_gas.value_or(U256{}));
    tx.gas_limit = args.gas.value_or(gas);
    tx.to = args.to;
    tx.value = args.value.value_or(U256{});
    tx.data = args.input;
    tx.access_list = args.access_list.value_or(chain::AccessList{});
    tx.max_fee_per_blob_gas = args.max_fee_per_blob_gas.value_or(U256{});
    tx.blob_hashes = args.blob_hashes;
    tx.authorizations = args.authorizations;
    return tx;
}

RpcResult<StateOverrides> read_state_overrides(const json::value* value) {
    StateOverrides out;
    if (value == nullptr) return out;
    const auto* object = value->if_object();
    if (object == nullptr || object->size() > MAX_LIST)
        return invalid_params("state overrides: expected an object of accounts");
    for (const auto& [name, entry] : *object) {
        const std::string where = "state overrides";
        TRY(const auto address, read_address(json::value(name), where));
        const auto* fields = entry.if_object();
        if (fields == nullptr) return invalid_params(where + ": expected an object");
        AccountOverride account;
        std::optional<Bytes> code;
        std::optional<std::map<U256, U256>> state_diff;
        TRY_VOID(read_field(*fields, "balance", account.balance, where, read_quantity));
        TRY_VOID(read_field(*fields, "nonce", account.nonce, where, read_quantity64));
        TRY_VOID(read_field(*fields, "code", code, where, read_data));
        TRY_VOID(read_field(*fields, "state", account.state, where, read_storage_map));
        TRY_VOID(read_field(*fields, "stateDiff", state_diff, where, read_storage_map));
        TRY_VOID(read_field(*fields, "movePrecompileToAddress", account.move_precompile_to, where, read_address));
        if (account.state && state_diff)
            return invalid_params("account " + to_hex(address) + " has both 'state' and 'stateDiff'");
        if (state_diff) account.state_diff = std::move(*state_diff);
        if (code) account.code = state::make_code(*code);
        out.emplace(address, std::move(account));
    }
    return out;
}

RpcResult<std::vector<evm::PrecompileMove>> read_precompile_moves(const StateOverrides& overrides,
                                                                  const chain::Rules& rules) {
    std::vector<evm::PrecompileMove> moves;
    for (const auto& [address, account] : overrides) {
        const bool is_precompile = evm::is_precompile(address, rules);
        if (account.move_precompile_to) {
            if (!is_precompile)
                return rpc_fail(SERVER_ERROR, "account " + to_checksum_hex(address) + " is not a precompile");
            if (overrides.contains(*account.move_precompile_to))
                return rpc_fail(SERVER_ERROR,
                                "account " + to_checksum_hex(*account.move_precompile_to) + " is already overridden");
            moves.push_back({*account.move_precompile_to, address});
        }
        if (is_precompile) moves.push_back({address, std::nullopt});
    }
    return moves;
}

RpcResult<BlockOverrides> read_block_overrides(const json::value* value) {
    BlockOverrides out;
    if (value == nullptr) return out;
    const auto* fields = value->if_object();
    const std::string where = "block overrides";
    if (fields == nullptr) return invalid_params(where + ": expected an object");
    TRY_VOID(read_field(*fields, "number", out.number, where, read_quantity64));
    TRY_VOID(read_field(*fields, "time", out.time, where, read_quantity64));
    TRY_VOID(read_field(*fields, "gasLimit", out.gas_limit, where, read_quantity64));
    TRY_VOID(read_field(*fields, "baseFee", out.base_fee, where, read_quantity));
    TRY_VOID(read_field(*fields, "baseFeePerGas", out.base_fee, where, read_quantity));
    TRY_VOID(read_field(*fields, "blobBaseFee", out.blob_base_fee, where, read_quantity));
    TRY_VOID(read_field(*fields, "difficulty", out.difficulty, where, read_quantity));
    TRY_VOID(read_field(*fields, "coinbase", out.coinbase, where, read_address));
    TRY_VOID(read_field(*fields, "feeRecipient", out.coinbase, where, read_address));
    TRY_VOID(read_field(*fields, "random", out.prev_randao, where, read_hash));
    TRY_VOID(read_field(*fields, "prevRandao", out.prev_randao, where, read_hash));
    return out;
}

std::optional<state::Account> OverriddenView::find_account(const Address& address) {
    auto account = base_->find_account(address);
    const auto it = overrides_.find(address);
    if (it == overrides_.end()) return account;
    auto result = account.value_or(state::Account{});
    if (it->second.balance) result.balance = *it->second.balance;
    if (it->second.nonce) result.nonce = *it->second.nonce;
    if (it->second.code) result.code_hash = crypto::keccak256(it->second.code->view());
    return result;
}

U256 OverriddenView::load_storage(const Address& address, const U256& key) {
    if (const auto it = overrides_.find(address); it != overrides_.end()) {
        if (const auto slot = it->second.state_diff.find(key); slot != it->second.state_diff.end()) return slot->second;
        if (it->second.state) {
            const auto slot = it->second.state->find(key);
            return slot == it->second.state->end() ? U256{} : slot->second;
        }
    }
    return base_->load_storage(address, key);
}

bool OverriddenView::has_storage(const Address& address) {
    if (const auto it = overrides_.find(address); it != overrides_.end()) {
        if (!it->second.state_diff.empty()) return true;
        if (it->second.state) return !it->second.state->empty();
    }
    return base_->has_storage(address);
}

state::CodePtr OverriddenView::load_code(const Hash32& code_hash) {
    for (const auto& [address, entry] : overrides_)
        if (entry.code && crypto::keccak256(entry.code->view()) == code_hash) return entry.code;
    return base_->load_code(code_hash);
}

}  // namespace entresol::rpc
