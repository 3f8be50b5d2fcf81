// eth_ methods that read accounts, code, storage and their proofs.
#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "core/codec/rlp.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/store/block_store.hpp"

namespace entresol::rpc {
namespace {

constexpr std::size_t MAX_PROOF_KEYS = 1024;  // as geth
constexpr std::size_t MAX_STORAGE_VALUES = 1024;
constexpr const char* MISSING_STATE = "missing trie node: the state is not available";

/// A value counts only if nothing that it was read from has gone meanwhile.
RpcResult<json::value> checked(const state::StateView& view, json::value value) {
    if (view.has_failed()) return rpc_fail(SERVER_ERROR, MISSING_STATE);
    return value;
}

RpcResult<std::unique_ptr<state::StateView>> open_state(Context& context, const Params& params, std::size_t i) {
    TRY(const auto id, block_id(params, i));
    TRY(const auto snapshot, find_state(context, id));
    return snapshot.open();
}

state::Account account_of(state::StateView& view, const Address& address) {
    return view.find_account(address).value_or(state::Account{});
}

RpcResult<json::value> eth_get_balance(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto view, open_state(context, params, 1));
    const auto balance = account_of(*view, address).balance;
    return checked(*view, quantity(balance));
}

RpcResult<json::value> eth_get_transaction_count(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto id, block_id(params, 1));
    TRY(const auto snapshot, find_state(context, id));
    const auto view = snapshot.open();
    const auto nonce = account_of(*view, address).nonce;
    if (view->has_failed()) return rpc_fail(SERVER_ERROR, MISSING_STATE);
    const auto* tag = std::get_if<Tag>(&id.id);
    if (tag == nullptr || *tag != Tag::Pending || context.sequencer == nullptr) return quantity(nonce);
    std::uint64_t pending = nonce;
    context.loop.run_and_wait([&] { pending = context.sequencer->pool().pending_nonce(address); });
    return quantity(std::max(nonce, pending));
}

RpcResult<json::value> eth_get_code(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto view, open_state(context, params, 1));
    const auto account = account_of(*view, address);
    if (account.code_hash == crypto::EMPTY_CODE_HASH) return checked(*view, "0x");
    const auto code = view->load_code(account.code_hash);
    if (code == nullptr) return rpc_fail(SERVER_ERROR, MISSING_STATE);
    return checked(*view, hex_data(code->view()));
}

// A storage key as tools send it: hex of up to 32 bytes, short ones padded on the left.
RpcResult<U256> read_storage_key(const json::value* value) {
    const auto* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr) return invalid_params("missing storage key");
    std::string digits(*text);
    const std::string quoted = "\"" + digits + "\"";
    if (digits.size() >= 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) digits.erase(0, 2);
    if (digits.size() > 64) return invalid_params("storage key too long (want at most 32 bytes): " + quoted);
    if (digits.size() % 2 != 0) digits.insert(digits.begin(), '0');
    const auto bytes = parse_hex("0x" + digits);
    if (!bytes) return invalid_params("invalid hex in storage key: " + quoted);
    return load_be(*bytes);
}

RpcResult<json::value> eth_get_storage_at(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto key, read_storage_key(params.find(1)));
    TRY(const auto view, open_state(context, params, 2));
    const U256 value = view->load_storage(address, key);
    return checked(*view, to_json(to_hash32(value)));
}

// eth_getStorageValues: {address: [keys]} → {address: [values]}.
RpcResult<json::value> eth_get_storage_values(Context& context, const Params& params) {
    TRY(const auto* request, params.require(0));
    if (!request->is_object()) return invalid_params("invalid argument 0: expected an object of addresses");
    if (request->get_object().empty()) return invalid_params("empty request");
    TRY(const auto view, open_state(context, params, 1));
    std::size_t total = 0;
    json::object out;
    for (const auto& [name, keys] : request->get_object()) {
        TRY(const auto address, read_address(json::value(name), "invalid argument 0"));
        if (!keys.is_array()) return invalid_params("invalid argument 0: expected an array of keys");
        total += keys.get_array().size();
        if (total > MAX_STORAGE_VALUES)
            return invalid_params("too many slots (max " + std::to_string(MAX_STORAGE_VALUES) + ")");
        json::array values;
        for (const auto& key : keys.get_array()) {
            TRY(const auto slot, read_hash(key, "invalid argument 0"));
            values.push_back(to_json(to_hash32(view->load_storage(address, to_u256(slot)))));
        }
        out[to_hex(address)] = std::move(values);
    }
    return checked(*view, std::move(out));
}

json::array nodes_to_json(const std::vector<Bytes>& nodes) {
    json::array out;
    for (const auto& node : nodes) out.push_back(hex_data(node));
    return out;
}

RpcResult<json::value> storage_proof(trie::NodeSource& store, const Hash32& storage_root, const U256& key,
                                     const std::string& key_text) {
    const Hash32 hashed = crypto::keccak256(to_hash32(key).view());
    const auto value = trie::find_value(store, storage_root, hashed.view());
    const auto proof = trie::make_proof(store, storage_root, hashed.view());
    if (!value || !proof) return rpc_fail(SERVER_ERROR, "missing trie node");
    U256 number;
    if (*value) {
        const auto decoded = codec::RlpReader(**value).read_u256();
        if (decoded) number = *decoded;
    }
    return json::value(json::object{{"key", key_text}, {"value", quantity(number)}, {"proof", nodes_to_json(*proof)}});
}

// The sealed block whose state proofs stand on: previews have no root yet.
RpcResult<json::value> eth_get_proof(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    const auto* keys = params.find(1);
    if (keys != nullptr && !keys->is_array()) return invalid_params("invalid argument 1: expected an array");
    if (keys != nullptr && keys->get_array().size() > MAX_PROOF_KEYS)
        return invalid_params("too many keys requested: " + std::to_string(keys->get_array().size()) + " (max " +
                              std::to_string(MAX_PROOF_KEYS) + ")");
    TRY(const auto id, block_id(params, 2));
    const auto block = find_block(context, id);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
    TRY_VOID(check_state_kept(context, block->number()));
    const auto source = context.ledger.nodes_at(*block);
    if (!source) return rpc_fail(SERVER_ERROR, source.error());
    auto& store = **source;
    const auto& root = block->block.header.state_root;

    const auto proof = trie::make_proof(store, root, crypto::keccak256(address.view()).view());
    if (!proof) return rpc_fail(SERVER_ERROR, "missing trie node");
    state::TrieStateView view(store, *context.ledger.store(), root, [](std::uint64_t) { return std::nullopt; });
    const bool exists = view.find_trie_account(address).has_value();
    const auto account = view.find_trie_account(address).value_or(state::TrieAccount{});
    json::array storage;
    if (keys != nullptr) {
        for (const auto& key : keys->get_array()) {
            TRY(const auto slot, read_storage_key(&key));
            const bool is_word = key.get_string().size() == 66;
            TRY(auto entry, storage_proof(store, account.storage_root, slot,
                                          is_word ? std::string(key.get_string()) : to_quantity(slot)));
            storage.push_back(std::move(entry));
        }
    }
    return json::value(json::object{{"address", to_json(address)},
                                    {"accountProof", nodes_to_json(*proof)},
                                    {"balance", quantity(account.account.balance)},
                                    {"codeHash", to_json(exists ? account.account.code_hash : crypto::EMPTY_CODE_HASH)},
                                    {"nonce", quantity(account.account.nonce)},
                                    {"storageHash", to_json(account.storage_root)},
                                    {"storageProof", std::move(storage)}});
}

RpcResult<json::value> eth_get_account(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto id, block_id(params, 1));
    const auto block = find_block(context, id);
    if (block == nullptr) return rpc_fail(SERVER_ERROR, "header not found");
    TRY_VOID(check_state_kept(context, block->number()));
    const auto source = context.ledger.nodes_at(*block);
    if (!source) return rpc_fail(SERVER_ERROR, source.error());
    state::TrieStateView view(**source, *context.ledger.store(), block->block.header.state_root,
                              [](std::uint64_t) { return std::nullopt; });
    const auto account = view.find_trie_account(address);
    if (view.has_failed()) return rpc_fail(SERVER_ERROR, MISSING_STATE);
    if (!account) return json::value(nullptr);
    return json::value(json::object{{"balance", quantity(account->account.balance)},
                                    {"nonce", quantity(account->account.nonce)},
                                    {"codeHash", to_json(account->account.code_hash)},
                                    {"storageRoot", to_json(account->storage_root)}});
}

constexpr Method METHODS[] = {
    {"eth_getBalance", eth_get_balance},
    {"eth_getTransactionCount", eth_get_transaction_count},
    {"eth_getCode", eth_get_code},
    {"eth_getStorageAt", eth_get_storage_at},
    {"eth_getStorageValues", eth_get_storage_values},
    {"eth_getProof", eth_get_proof},
    {"eth_getAccount", eth_get_account},
};

}  // namespace

std::span<const Method> state_methods() { return METHODS; }

}  // namespace entresol::rpc
