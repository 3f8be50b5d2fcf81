// Development methods under the names that Hardhat, Foundry and viem call. They exist on a devnet only.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/call_args.hpp"
#include "node/rpc/dev_methods.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"
#include "node/rpc/submit.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint64_t MAX_MINED_BLOCKS = 100'000;  // in one call

state::Account newest_account(Context& context, const Address& address) {
    return context.newest_state().open()->find_account(address).value_or(state::Account{});
}

RpcResult<json::value> set_balance(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto balance, params.quantity(1));
    auto account = newest_account(context, address);
    account.balance = balance;
    context.dev->set_account(address, account, std::nullopt);
    return json::value(true);
}

RpcResult<json::value> set_nonce(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto nonce, params.quantity64(1));
    auto account = newest_account(context, address);
    account.nonce = nonce;
    context.dev->set_account(address, account, std::nullopt);
    return json::value(true);
}

RpcResult<json::value> set_code(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(auto code, params.data(1));
    auto account = newest_account(context, address);
    account.code_hash = code.empty() ? crypto::EMPTY_CODE_HASH : crypto::keccak256(code);
    context.dev->set_account(address, account, std::move(code));
    return json::value(true);
}

RpcResult<json::value> set_storage_at(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto slot, params.quantity(1));
    TRY(const auto value, params.quantity(2));
    context.dev->set_storage(address, slot, value);
    return json::value(true);
}

RpcResult<json::value> impersonate(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    context.dev->impersonate(address, true);
    return json::value(true);
}
RpcResult<json::value> stop_impersonating(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    context.dev->impersonate(address, false);
    return json::value(true);
}
RpcResult<json::value> auto_impersonate(Context& context, const Params& params) {
    TRY(const bool on, params.boolean(0, true));
    context.dev->impersonate_all(on);
    return json::value(nullptr);
}

RpcResult<json::value> mine(Context& context, const Params& params) {
    std::uint64_t count = 1;
    std::optional<std::uint64_t> interval;
    if (params.find(0) != nullptr) {
        TRY(count, params.quantity64(0));
    }
    if (params.find(1) != nullptr) {
        TRY(interval, params.quantity64(1));
    }
    if (count > MAX_MINED_BLOCKS)
        return invalid_params("at most " + std::to_string(MAX_MINED_BLOCKS) + " blocks at once");
    context.dev->mine(count, interval);
    return json::value(nullptr);
}

// evm_mine: nothing, a timestamp, or {timestamp, blocks}.
RpcResult<json::value> evm_mine(Context& context, const Params& params) {
    const auto* argument = params.find(0);
    std::uint64_t count = 1;
    if (argument != nullptr && argument->is_object()) {
        const auto& object = argument->get_object();
        if (const auto* blocks = object.if_contains("blocks")) {
            TRY(count, read_quantity64(*blocks, "invalid argument 0.blocks"));
        }
        argument = object.if_contains("timestamp");
    }
    if (count > MAX_MINED_BLOCKS)
        return invalid_params("at most " + std::to_string(MAX_MINED_BLOCKS) + " blocks at once");
    if (argument != nullptr && !argument->is_null()) {
        TRY(const auto timestamp, read_quantity64(*argument, "invalid argument 0"));
        if (!context.dev->set_next_timestamp(timestamp))
            return invalid_params("the timestamp is not after the latest block's");
    }
    context.dev->mine(count, std::nullopt);
    return json::value("0x0");
}

RpcResult<json::value> increase_time(Context& context, const Params& params) {
    TRY(const auto seconds, params.quantity64(0));
    if (seconds > 100ULL * 365 * 24 * 3600) return invalid_params("at most a hundred years at once");
    return json::value(context.dev->increase_time(seconds));
}
RpcResult<json::value> set_time(Context& context, const Params& params) {
    TRY(const auto time, params.quantity64(0));
    context.dev->set_time(time > 10'000'000'000ULL ? time / 1000 : time);  // some tools send milliseconds
    return json::value(true);
}
RpcResult<json::value> set_next_timestamp(Context& context, const Params& params) {
    TRY(const auto timestamp, params.quantity64(0));
    if (!context.dev->set_next_timestamp(timestamp))
        return invalid_params("Timestamp error: " + std::to_string(timestamp) +
                              " is lower than or equal to previous block's timestamp");
    return json::value(nullptr);
}
RpcResult<json::value> set_automine(Context& context, const Params& params) {
    TRY(const bool on, params.boolean(0, true));
    context.dev->set_automine(on);
    return json::value(true);
}
RpcResult<json::value> get_automine(Context& context, const Params&) { return json::value(context.dev->automine()); }
// evm_setIntervalMining counts in milliseconds (Hardhat), anvil_setIntervalMining in seconds.
RpcResult<json::value> set_interval_ms(Context& context, const Params& params) {
    TRY(const auto interval, params.quantity64(0));
    context.dev->set_interval_ms(interval);
    return json::value(true);
}
RpcResult<json::value> set_interval_s(Context& context, const Params& params) {
    TRY(const auto interval, params.quantity64(0));
    context.dev->set_interval_ms(interval * 1000);
    return json::value(nullptr);
}
RpcResult<json::value> set_block_gas_limit(Context& context, const Params& params) {
    TRY(const auto limit, params.quantity64(0));
    context.dev->set_block_gas_limit(limit);
    return json::value(true);
}
RpcResult<json::value> set_next_base_fee(Context& context, const Params& params) {
    TRY(const auto fee, params.quantity(0));
    context.dev->set_next_base_fee(fee);
    return json::value(nullptr);
}
RpcResult<json::value> set_coinbase(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    context.dev->set_coinbase(address);
    return json::value(nullptr);
}
RpcResult<json::value> refuse_min_gas_price(Context&, const Params&) {
    return rpc_fail(SERVER_ERROR,
                    "a minimum gas price has no meaning on a chain with EIP-1559: set the next base fee instead");
}
// Calls are not logged here, whatever is asked.
RpcResult<json::value> accept(Context&, const Params&) { return json::value(true); }

RpcResult<json::value> snapshot(Context& context, const Params&) { return quantity(context.dev->snapshot()); }
RpcResult<json::value> revert(Context& context, const Params& params) {
    TRY(const auto id, params.quantity64(0));
    return json::value(context.dev->revert(id));
}
// anvil_reset and hardhat_reset without a fork: back to the first snapshot, which is taken when the devnet starts.
RpcResult<json::value> reset(Context& context, const Params& params) {
    const auto* options = params.find(0);
    const auto* forking =
        options != nullptr && options->is_object() ? options->get_object().if_contains("forking") : nullptr;
    if (forking != nullptr && forking->is_object() && forking->get_object().contains("jsonRpcUrl"))
        return rpc_fail(SERVER_ERROR, "this devnet does not fork another chain");
    context.dev->revert(0);
    return json::value(true);
}

RpcResult<json::value> dump_state(Context& context, const Params&) {
    const auto archive = context.dev->dump_state();
    if (archive.size() > context.limits.max_response_bytes / 2)
        return rpc_fail(SERVER_ERROR, "the state is too large for an answer (" + std::to_string(archive.size()) +
                                          " bytes): stop the devnet with --dump-state FILE instead");
    return hex_data(archive);
}
RpcResult<json::value> load_state(Context& context, const Params& params) {
    TRY(auto archive, params.data(0));
    const auto loaded = context.dev->load_state(std::move(archive));
    if (!loaded) return rpc_fail(SERVER_ERROR, "the state cannot be loaded: " + loaded.error());
    return json::value(true);
}

RpcResult<json::value> reorg(Context& context, const Params& params) {
    TRY(const auto depth, params.quantity64(0));
    if (!context.dev->reorg(depth)) return invalid_params("the reorg is deeper than the finalized block");
    return json::value(nullptr);
}

RpcResult<json::value> drop_transaction(Context& context, const Params& params) {
    TRY(const auto hash, params.hash(0));
    if (!context.dev->drop_transaction(hash)) return json::value(nullptr);
    return to_json(hash);
}
RpcResult<json::value> drop_all(Context& context, const Params&) {
    context.dev->drop_all_transactions();
    return json::value(nullptr);
}

RpcResult<json::value> metadata(Context& context, const Params&) {
    const auto head = context.ledger.head();
    return json::value(json::object{{"clientVersion", context.client_version},
                                    {"chainId", context.ledger.config().chain_id},
                                    {"instanceId", to_json(context.ledger.genesis()->hash)},
                                    {"latestBlockNumber", head->number()},
                                    {"latestBlockHash", to_json(head->hash)}});
}
RpcResult<json::value> node_info(Context& context, const Params&) {
    const auto head = context.ledger.head();
    return json::value(json::object{
        {"currentBlockNumber", head->number()},
        {"currentBlockTimestamp", head->block.header.timestamp},
        {"currentBlockHash", to_json(head->hash)},
        {"hardFork", "osaka"},
        {"transactionOrder", "fees"},
        {"environment", json::object{{"baseFee", quantity(head->block.header.base_fee_per_gas.value_or(U256{}))},
                                     {"chainId", context.ledger.config().chain_id},
                                     {"gasLimit", quantity(head->block.header.gas_limit)},
                                     {"gasPrice", quantity(head->block.header.base_fee_per_gas.value_or(U256{}))}}},
        {"forkConfig", json::object{}}});
}

RpcResult<json::value> eth_accounts(Context& context, const Params&) {
    json::array out;
    for (const auto& address : context.dev->accounts()) out.push_back(to_json(address));
    return json::value(std::move(out));
}

// Fills what eth_sendTransaction's caller left out: nonce, gas, fees.
RpcResult<chain::Transaction> complete_transaction(Context& context, CallArgs args) {
    std::uint64_t nonce = 0;
    context.loop.run_and_wait([&] { nonce = context.sequencer->pool().pending_nonce(args.from); });
    const auto snapshot = context.newest_state();
    const U256 base_fee = snapshot.context().base_fee_per_gas.value_or(U256{});
    if (!args.gas) {
        CallEnvironment environment(context, snapshot, {}, {});
        TRY(const auto outcome, environment.run(args, environment.block().gas_limit));
        if (outcome.status != evm::Status::Success) return fail(to_rpc_error(outcome));
        // Gas used, with the 64th that each level of calls keeps back and what refunds hid, and a margin for the state to have moved.
        args.gas = std::min((outcome.gas_used + outcome.gas_refunded) * 3 / 2 + 10'000, environment.block().gas_limit);
        args.gas = std::min<std::uint64_t>(*args.gas, 1ULL << 24);  // EIP-7825
        if (outcome.gas_used == 21'000) args.gas = 21'000;
    }
    if (!args.gas_price && !args.max_fee_per_gas) {
        args.max_priority_fee_per_gas = args.max_priority_fee_per_gas.value_or(U256{1'000'000});
        args.max_fee_per_gas = base_fee * U256{2} + *args.max_priority_fee_per_gas;
    }
    return make_transaction(args, nonce, *args.gas, context.ledger.config().chain_id);
}

void eth_send_transaction(Context& context, const Params& params, const Caller&, Reply reply) {
    const auto* value = params.find(0);
    if (value == nullptr) return reply(invalid_params("missing value for required argument 0"));
    auto args = read_call_args(*value, "invalid argument 0");
    if (!args) return reply(fail(args.error()));
    const Address from = args->from;
    const auto key = context.dev->find_key(from);
    if (!key && !context.dev->is_impersonated(from))
        return reply(rpc_fail(SERVER_ERROR,
                              "unknown account " + to_hex(from) + ": no key for it here, and it is not impersonated"));
    auto tx = complete_transaction(context, std::move(*args));
    if (!tx) return reply(fail(tx.error()));
    if (key) {
        if (!chain::sign_transaction(*tx, *key)) return reply(rpc_fail(INTERNAL_ERROR, "signing failed"));
    } else {
        tx->signature = {
            .r = to_u256(from), .s = U256{1}, .y_parity = 0};  // no signature: only this devnet believes the sender
    }
    auto checked = std::make_shared<pool::CheckedTransaction>();
    checked->tx = std::move(*tx);
    checked->hash = chain::transaction_hash(checked->tx);
    checked->sender = from;
    checked->size_bytes = chain::encode(checked->tx).size();
    checked->arrived_ms = context.now_ms();
    checked->impersonated = !key;
    submit_checked(context, std::move(checked), [reply = std::move(reply)](RpcResult<Hash32> hash) {
        if (!hash) return reply(fail(hash.error()));
        reply(to_json(*hash));
    });
}

// EIP-191's personal message.
RpcResult<json::value> sign_message(Context& context, const Address& address, const Bytes& message) {
    const auto key = context.dev->find_key(address);
    if (!key) return rpc_fail(SERVER_ERROR, "unknown account " + to_hex(address));
    const std::string prefix =
        "\x19"
        "Ethereum Signed Message:\n" +
        std::to_string(message.size());
    Bytes text(prefix.begin(), prefix.end());
    append(text, message);
    const auto signature = crypto::sign(crypto::keccak256(text), *key);
    if (!signature) return rpc_fail(INTERNAL_ERROR, "signing failed");
    Bytes out(65);
    store_be256(out.data(), signature->r);
    store_be256(out.data() + 32, signature->s);
    out[64] = static_cast<std::uint8_t>(27 + signature->y_parity);
    return hex_data(out);
}
RpcResult<json::value> eth_sign(Context& context, const Params& params) {
    TRY(const auto address, params.address(0));
    TRY(const auto message, params.data(1));
    return sign_message(context, address, message);
}
RpcResult<json::value> personal_sign(Context& context, const Params& params) {
    TRY(const auto message, params.data(0));
    TRY(const auto address, params.address(1));
    return sign_message(context, address, message);
}

constexpr Method METHODS[] = {
#define BOTH(name, handler) \
    {"anvil_" name, handler, nullptr, Needs::Dev}, { "hardhat_" name, handler, nullptr, Needs::Dev }
    BOTH("setBalance", set_balance),
    BOTH("setNonce", set_nonce),
    BOTH("setCode", set_code),
    BOTH("setStorageAt", set_storage_at),
    BOTH("impersonateAccount", impersonate),
    BOTH("stopImpersonatingAccount", stop_impersonating),
    BOTH("autoImpersonateAccount", auto_impersonate),
    BOTH("mine", mine),
    BOTH("reset", reset),
    BOTH("dumpState", dump_state),
    BOTH("loadState", load_state),
    BOTH("dropTransaction", drop_transaction),
    BOTH("dropAllTransactions", drop_all),
    BOTH("setCoinbase", set_coinbase),
    BOTH("setNextBlockBaseFeePerGas", set_next_base_fee),
    BOTH("setMinGasPrice", refuse_min_gas_price),
    BOTH("setLoggingEnabled", accept),
    BOTH("metadata", metadata),
#undef BOTH
    {"hardhat_getAutomine", get_automine, nullptr, Needs::Dev},
    {"anvil_getAutomine", get_automine, nullptr, Needs::Dev},
    {"anvil_setAutomine", set_automine, nullptr, Needs::Dev},
    {"anvil_setIntervalMining", set_interval_s, nullptr, Needs::Dev},
    {"anvil_nodeInfo", node_info, nullptr, Needs::Dev},
    {"anvil_reorg", reorg, nullptr, Needs::Dev},
    {"anvil_snapshot", snapshot, nullptr, Needs::Dev},
    {"anvil_revert", revert, nullptr, Needs::Dev},
    {"evm_snapshot", snapshot, nullptr, Needs::Dev},
    {"evm_revert", revert, nullptr, Needs::Dev},
    {"evm_mine", evm_mine, nullptr, Needs::Dev},
    {"evm_increaseTime", increase_time, nullptr, Needs::Dev},
    {"anvil_increaseTime", increase_time, nullptr, Needs::Dev},
    {"evm_setTime", set_time, nullptr, Needs::Dev},
    {"evm_setNextBlockTimestamp", set_next_timestamp, nullptr, Needs::Dev},
    {"anvil_setNextBlockTimestamp", set_next_timestamp, nullptr, Needs::Dev},
    {"evm_setAutomine", set_automine, nullptr, Needs::Dev},
    {"evm_setIntervalMining", set_interval_ms, nullptr, Needs::Dev},
    {"evm_setBlockGasLimit", set_block_gas_limit, nullptr, Needs::Dev},
    {"eth_accounts", eth_accounts, nullptr, Needs::Dev},
    {"eth_sendTransaction", nullptr, eth_send_transaction, Needs::Dev},
    {"eth_sign", eth_sign, nullptr, Needs::Dev},
    {"personal_sign", personal_sign, nullptr, Needs::Dev},
};

}  // namespace

std::span<const Method> dev_methods() { return METHODS; }

}  // namespace entresol::rpc
