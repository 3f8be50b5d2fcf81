// eth_call, eth_estimateGas, eth_createAccessList.
#include <map>
#include <set>

#include <boost/json/array.hpp>

#include "core/base/hex.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint64_t TX_GAS = 21'000;
constexpr std::uint64_t CALL_STIPEND = 2'300;
constexpr double ESTIMATE_ERROR_RATIO = 0.015;  // geth's: good enough, and a third of the runs
constexpr int MAX_ACCESS_LIST_ROUNDS = 16;

struct CallRequest {
    CallArgs args;
    CallEnvironment environment;
};

enum class Around : std::uint8_t { ThatBlock, NextBlock };

// Where no block is in progress (automine), number and time are those of the block that a transaction would go into: what a contract writes once
// in a block or a second costs more there than it would in the latest block.
void move_to_next_block(const Context& context, const ledger::StateSnapshot& snapshot, BlockOverrides& block) {
    const auto& latest = snapshot.context();
    if (context.sequencer == nullptr || snapshot.is_preview() || latest.number != context.ledger.head()->number())
        return;
    block.number = block.number.value_or(latest.number + 1);
    block.time = block.time.value_or(std::max(latest.timestamp + 1, context.now_ms() / 1000));
}

RpcResult<CallRequest> read_request(Context& context, const Params& params, Around around = Around::ThatBlock) {
    TRY(const auto* value, params.require(0));
    TRY(auto args, read_call_args(*value, "invalid argument 0"));
    TRY(const auto id, block_id(params, 1));
    TRY(auto overrides, read_state_overrides(params.find(2)));
    TRY(auto block_overrides, read_block_overrides(params.find(3)));
    TRY(const auto snapshot, find_state(context, id));
    if (around == Around::NextBlock) move_to_next_block(context, snapshot, block_overrides);
    return CallRequest{std::move(args), CallEnvironment(context, snapshot, std::move(overrides), block_overrides)};
}

RpcResult<json::value> eth_call(Context& context, const Params& params) {
    TRY(auto request, read_request(context, params));
    TRY(const auto outcome, request.environment.run(request.args, request.environment.gas_of(request.args)));
    if (outcome.status != evm::Status::Success) return fail(to_rpc_error(outcome));
    return hex_data(outcome.output);
}

// Most gas the sender can pay for at the named price.
RpcResult<std::uint64_t> gas_allowance(CallRequest& request, std::uint64_t high) {
    const U256 price = request.args.fee_cap();
    if (price.is_zero()) return high;
    const auto balance = request.environment.view().find_account(request.args.from).value_or(state::Account{}).balance;
    const U256 value = request.args.value.value_or(U256{});
    if (balance < value) return rpc_fail(SERVER_ERROR, "insufficient funds for transfer");
    const U256 allowance = (balance - value) / price;
    return std::min(high, allowance.saturate_u64());
}

RpcResult<bool> succeeds(CallRequest& request, std::uint64_t gas) {
    const auto outcome = request.environment.run(request.args, gas);
    if (!outcome) {  // too little even to begin with
        if (outcome.error().message.find("intrinsic gas") != std::string::npos ||
            outcome.error().message.find("floor data gas") != std::string::npos)
            return false;
        return fail(outcome.error());
    }
    return outcome->status == evm::Status::Success;
}

// The bisection of go-ethereum's eth/gasestimator: first at full gas, then an informed guess, then halves until close enough.
RpcResult<std::uint64_t> estimate(CallRequest& request, std::uint64_t block_gas_limit, std::uint64_t cap) {
    std::uint64_t high = request.args.gas && *request.args.gas >= TX_GAS ? *request.args.gas : block_gas_limit;
    TRY(high, gas_allowance(request, high));
    high = std::min(high, cap);
    const bool plain = request.args.input.empty() && request.args.to && !request.args.access_list &&
                       request.args.authorizations.empty() && request.args.blob_hashes.empty();
    if (plain) {
        const auto account = request.environment.view().find_account(*request.args.to).value_or(state::Account{});
        if (account.code_hash == crypto::EMPTY_CODE_HASH) {
            const auto simple = succeeds(request, TX_GAS);
            if (simple && *simple) return TX_GAS;
        }
    }
    TRY(const auto full, request.environment.run(request.args, high));
    if (full.status == evm::Status::Revert) return fail(to_rpc_error(full));
    if (full.status != evm::Status::Success) {
        if (full.status != evm::Status::OutOfGas) return fail(to_rpc_error(full));
        return rpc_fail(SERVER_ERROR, "gas required exceeds allowance (" + std::to_string(high) + ")");
    }
    std::uint64_t low = full.gas_used - 1;
    const std::uint64_t guess = (full.gas_used + full.gas_refunded + CALL_STIPEND) * 64 / 63;
    if (guess < high) {
        TRY(const bool enough, succeeds(request, guess));
        (enough ? high : low) = guess;
    }
    while (low + 1 < high) {
        if (static_cast<double>(high - low) / static_cast<double>(high) < ESTIMATE_ERROR_RATIO) break;
        const std::uint64_t middle = std::min(low + (high - low) / 2, low * 2);
        TRY(const bool enough, succeeds(request, middle));
        (enough ? high : low) = middle;
    }
    return high;
}

RpcResult<json::value> eth_estimate_gas(Context& context, const Params& params) {
    TRY(auto request, read_request(context, params, Around::NextBlock));
    TRY(const auto gas, estimate(request, request.environment.block().gas_limit, context.limits.call_gas_cap));
    return quantity(gas);
}

// Which addresses and slots a run touches, beside those that are warm anyway.
class AccessTracer final : public evm::Tracer {
public:
    explicit AccessTracer(std::set<Address> excluded) : excluded_(std::move(excluded)) {}
    void on_enter(const evm::Message&, ByteView) override {}
    void on_exit(const evm::CallResult&, std::uint64_t) override {}
    bool wants_steps() const override { return true; }
    void on_step(const Step& step) override {
        const auto top = [&](std::size_t i) { return step.stack[step.stack.size() - 1 - i]; };
        switch (step.opcode) {
            case 0x54:  // SLOAD
            case 0x55:  // SSTORE
                if (!step.stack.empty()) slots[step.message->recipient].insert(to_hash32(top(0)));
                break;
            case 0x31:  // BALANCE
            case 0x3b:  // EXTCODESIZE
            case 0x3c:  // EXTCODECOPY
            case 0x3f:  // EXTCODEHASH
            case 0xff:  // SELFDESTRUCT
                if (!step.stack.empty()) touch(to_address(top(0)));
                break;
            case 0xf1:  // CALL
            case 0xf2:  // CALLCODE
            case 0xf4:  // DELEGATECALL
            case 0xfa:  // STATICCALL
                if (step.stack.size() >= 5) touch(to_address(top(1)));
                break;
            default: break;
        }
    }
    [[nodiscard]] chain::AccessList list() const {
        chain::AccessList out;
        for (const auto& [address, keys] : slots) out.push_back({address, {keys.begin(), keys.end()}});
        return out;
    }

    std::map<Address, std::set<Hash32>> slots;

private:
    void touch(const Address& address) {
        if (!excluded_.contains(address)) slots[address];
    }
    std::set<Address> excluded_;
};

RpcResult<json::value> eth_create_access_list(Context& context, const Params& params) {
    TRY(auto request, read_request(context, params));
    const auto& rules = request.environment.block().rules;
    std::set<Address> excluded{request.args.from};
    const auto nonce = request.environment.view().find_account(request.args.from).value_or(state::Account{}).nonce;
    excluded.insert(request.args.to.value_or(chain::create_address(request.args.from, nonce)));
    evm::for_each_precompile(
        rules, [](void* set, const Address& address) { static_cast<std::set<Address>*>(set)->insert(address); },
        &excluded);

    chain::AccessList list = request.args.access_list.value_or(chain::AccessList{});
    for (int round = 0; round < MAX_ACCESS_LIST_ROUNDS; ++round) {
        request.args.access_list = list;
        AccessTracer tracer(excluded);
        for (const auto& entry : list) {
            if (!excluded.contains(entry.address) || !entry.storage_keys.empty())
                tracer.slots[entry.address].insert(entry.storage_keys.begin(), entry.storage_keys.end());
        }
        TRY(const auto outcome,
            request.environment.run(request.args, request.environment.gas_of(request.args), &tracer));
        auto next = tracer.list();
        if (next == list || round + 1 == MAX_ACCESS_LIST_ROUNDS) {
            json::object out{{"accessList", access_list_to_json(next)}, {"gasUsed", quantity(outcome.gas_used)}};
            if (outcome.status != evm::Status::Success) out["error"] = to_rpc_error(outcome).message;
            return json::value(std::move(out));
        }
        list = std::move(next);
    }
    return rpc_fail(INTERNAL_ERROR, "the access list does not settle");
}

constexpr Method METHODS[] = {
    {"eth_call", eth_call},
    {"eth_estimateGas", eth_estimate_gas},
    {"eth_createAccessList", eth_create_access_list},
};

}  // namespace

std::span<const Method> call_methods() { return METHODS; }

}  // namespace entresol::rpc
