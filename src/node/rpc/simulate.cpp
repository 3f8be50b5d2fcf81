#include "node/rpc/simulate.hpp"

#include <boost/json/object.hpp>

#include "core/base/hex.hpp"
#include "core/stf/requests.hpp"
#include "node/ledger/node_overlay.hpp"
#include "node/rpc/execute_call.hpp"
#include "node/rpc/format.hpp"
#include "node/rpc/transfer_log_tracer.hpp"
#include "node/store/block_store.hpp"

namespace entresol::rpc {
namespace {

using chain::Fork;

constexpr std::uint64_t MAX_BLOCKS = 256;
constexpr std::uint64_t SECONDS_BETWEEN_BLOCKS = 12;

// Codes of execution-apis' eth_simulateV1.
constexpr int NONCE_TOO_LOW = -38010, NONCE_TOO_HIGH = -38011, FEE_CAP_BELOW_BASE_FEE = -38012,
              INTRINSIC_GAS_TOO_LOW = -38013, INSUFFICIENT_FUNDS = -38014, BLOCK_GAS_LIMIT = -38015,
              BLOCK_NUMBER_ORDER = -38020, TIMESTAMP_ORDER = -38021, SENDER_NOT_EOA = -38024,
              INITCODE_TOO_LARGE = -38025, TOO_MANY_BLOCKS = -38026, VM_ERROR = -32015;

// The hashes of simulated blocks come before the chain's own.
class SimulatedView final : public state::StateView {
public:
    SimulatedView(std::unique_ptr<state::StateView> base, std::uint64_t base_number, const Hash32& base_hash)
        : base_(std::move(base)), first_(base_number), hashes_{base_hash} {}
    std::optional<state::Account> find_account(const Address& address) override { return base_->find_account(address); }
    U256 load_storage(const Address& address, const U256& key) override { return base_->load_storage(address, key); }
    bool has_storage(const Address& address) override { return base_->has_storage(address); }
    state::CodePtr load_code(const Hash32& code_hash) override { return base_->load_code(code_hash); }
    Hash32 load_block_hash(std::uint64_t number) override {
        if (number < first_) return base_->load_block_hash(number);
        return number - first_ < hashes_.size() ? hashes_[number - first_] : Hash32{};
    }
    bool has_failed() const override { return base_->has_failed(); }
    HashSeed hash_seed() const override { return base_->hash_seed(); }
    void add_block_hash(const Hash32& hash) { hashes_.push_back(hash); }

private:
    std::unique_ptr<state::StateView> base_;
    std::uint64_t first_;
    std::vector<Hash32> hashes_;
};

RpcError explain(stf::TxError error, const chain::Transaction& tx, const Address& sender, state::Journal& journal,
                 const evm::BlockContext& block) {
    int code = INTERNAL_ERROR;
    std::string detail;
    const std::string address = ": address " + to_checksum_hex(sender);
    const auto nonces = [&] {
        return address + ", tx: " + std::to_string(tx.nonce) + " state: " + std::to_string(journal.nonce(sender));
    };
    switch (error) {
        case stf::TxError::NonceTooLow:
            code = NONCE_TOO_LOW;
            detail = nonces();
            break;
        case stf::TxError::NonceTooHigh:
            code = NONCE_TOO_HIGH;
            detail = nonces();
            break;
        case stf::TxError::NonceOverflow: detail = address + ", nonce: " + std::to_string(tx.nonce); break;
        case stf::TxError::FeeCapBelowBaseFee:
            code = FEE_CAP_BELOW_BASE_FEE;
            detail = address + ", maxFeePerGas: " + to_decimal(tx.max_fee_per_gas) +
                     ", baseFee: " + to_decimal(block.base_fee);
            break;
        case stf::TxError::IntrinsicGasTooLow:
            code = INTRINSIC_GAS_TOO_LOW;
            detail = ": have " + std::to_string(tx.gas_limit) + ", want " +
                     std::to_string(stf::compute_intrinsic_gas(tx, block.rules).gas);
            break;
        case stf::TxError::InsufficientFunds: {
            code = INSUFFICIENT_FUNDS;
            const U256 want = tx.max_fee_per_gas * U256{tx.gas_limit} + tx.value +
                              tx.max_fee_per_blob_gas * U256{tx.blob_hashes.size()} * U256{1ULL << 17};
            detail = address + " have " + to_decimal(journal.balance(sender)) + " want " + to_decimal(want);
            break;
        }
        case stf::TxError::BlockGasLimitExceeded: code = BLOCK_GAS_LIMIT; break;
        case stf::TxError::SenderNotEoa: code = SENDER_NOT_EOA; break;
        case stf::TxError::InitcodeTooLarge: code = INITCODE_TOO_LARGE; break;
        case stf::TxError::PriorityFeeAboveFeeCap: code = INVALID_PARAMS; break;
        default: break;
    }
    return {code, "err: " + std::string(stf::geth_message(error)) + detail + " (supplied gas " +
                      std::to_string(tx.gas_limit) + ")"};
}

// Numbers and times of all blocks, with empty blocks where numbers leave a gap.
RpcResult<std::vector<SimulatedCalls>> complete_blocks(std::vector<SimulatedCalls> blocks, const chain::Header& base) {
    std::vector<SimulatedCalls> out;
    std::uint64_t number = base.number, time = base.timestamp;
    for (auto& block : blocks) {
        const std::uint64_t wanted = block.block.number.value_or(number + 1);
        if (wanted <= number)
            return rpc_fail(BLOCK_NUMBER_ORDER, "block numbers must be in order: " + std::to_string(wanted) +
                                                    " <= " + std::to_string(number));
        if (wanted - base.number > MAX_BLOCKS) return rpc_fail(TOO_MANY_BLOCKS, "too many blocks");
        while (++number < wanted) {
            time += SECONDS_BETWEEN_BLOCKS;
            SimulatedCalls empty;
            empty.block.number = number;
            empty.block.time = time;
            out.push_back(std::move(empty));
        }
        const std::uint64_t wanted_time = block.block.time.value_or(time + SECONDS_BETWEEN_BLOCKS);
        if (wanted_time <= time)
            return rpc_fail(TIMESTAMP_ORDER, "block timestamps must be in order: " + std::to_string(wanted_time) +
                                                 " <= " + std::to_string(time));
        time = wanted_time;
        block.block.number = number;
        block.block.time = time;
        out.push_back(std::move(block));
    }
    return out;
}

class Simulation {
public:
    Simulation(const Context& context, const ledger::BlockPtr& base, const ledger::StateSnapshot& state,
               const SimulationRequest& request)
        : context_(context),
          request_(request),
          view_(state.open(), base->number(), base->hash),
          journal_(view_),
          nodes_(*context.ledger.store()),
          state_root_(state.state_root()),
          parent_(base->block.header),
          gas_left_(context.limits.call_gas_cap) {
        const auto shown = state.preview_diff();
        if (!shown.is_empty())
            state_root_ = state::compute_state_root(nodes_, state_root_, shown, nodes_).value_or(Hash32{});
    }

    RpcResult<json::object> run(const SimulatedCalls& calls);

private:
    [[nodiscard]] chain::Header make_header(const BlockOverrides& overrides, const chain::Rules& rules) const;
    RpcResult<void> apply_overrides(const StateOverrides& overrides, const chain::Rules& rules,
                                    std::vector<evm::PrecompileMove>& moves);
    RpcResult<chain::Transaction> make_call(CallArgs args, const evm::BlockContext& block, std::uint64_t gas_used);
    RpcResult<stf::TxOutcome> run_call(const chain::Transaction& tx, const Address& sender, evm::BlockContext block,
                                       stf::BlockProgress& progress, evm::Tracer& tracer);
    void commit_state();

    const Context& context_;
    const SimulationRequest& request_;
    SimulatedView view_;
    state::Journal journal_;
    ledger::NodeOverlay nodes_;
    Hash32 state_root_;
    chain::Header parent_;
    std::uint64_t gas_left_;  // of the whole request
};

chain::Header Simulation::make_header(const BlockOverrides& overrides, const chain::Rules& rules) const {
    chain::Header header;
    header.parent_hash = chain::header_hash(parent_);
    header.number = *overrides.number;
    header.timestamp = *overrides.time;
    header.gas_limit = overrides.gas_limit.value_or(parent_.gas_limit);
    header.coinbase = overrides.coinbase.value_or(parent_.coinbase);
    header.difficulty = rules.at_least(Fork::Paris) ? U256{} : overrides.difficulty.value_or(parent_.difficulty);
    header.prev_randao = overrides.prev_randao.value_or(Hash32{});
    if (rules.is_op()) header.extra_data = parent_.extra_data;  // EIP-1559 parameters
    if (rules.at_least(Fork::London)) {
        const U256 natural =
            request_.validation ? stf::compute_base_fee(parent_, context_.ledger.config(), header.timestamp) : U256{};
        header.base_fee_per_gas = overrides.base_fee.value_or(natural);
    }
    if (rules.at_least(Fork::Cancun)) {
        header.blob_gas_used = 0;
        header.excess_blob_gas = parent_.excess_blob_gas ? stf::compute_excess_blob_gas(parent_, rules) : 0;
        header.parent_beacon_block_root = Hash32{};
    }
    return header;
}

RpcResult<void> Simulation::apply_overrides(const StateOverrides& overrides, const chain::Rules& rules,
                                            std::vector<evm::PrecompileMove>& moves) {
    TRY(moves, read_precompile_moves(overrides, rules));
    journal_.begin_transaction();
    for (const auto& [address, account] : overrides) {
        if (account.nonce) journal_.set_nonce(address, *account.nonce);
        if (account.code) journal_.set_code(address, account.code->view());
        if (account.balance) journal_.set_balance(address, *account.balance);
        if (account.state) journal_.clear_storage(address);
        for (const auto& [key, value] : account.state.value_or(std::map<U256, U256>{}))
            journal_.store_storage(address, key, value);
        for (const auto& [key, value] : account.state_diff) journal_.store_storage(address, key, value);
    }
    journal_.finish_transaction(rules);
    return {};
}

RpcResult<chain::Transaction> Simulation::make_call(CallArgs args, const evm::BlockContext& block,
                                                    std::uint64_t gas_used) {
    const std::uint64_t room = block.gas_limit - std::min(gas_used, block.gas_limit);
    const std::uint64_t gas = args.gas.value_or(room);
    if (gas > room)
        return rpc_fail(BLOCK_GAS_LIMIT, "block gas limit reached: " + std::to_string(gas_used) +
                                             " >= " + std::to_string(block.gas_limit));
    args.gas = std::min(gas, gas_left_);
    if (!block.rules.at_least(Fork::London) && !args.gas_price) args.gas_price = args.fee_cap();
    return make_transaction(args, journal_.nonce(args.from), *args.gas, block.rules.chain_id);
}

RpcResult<stf::TxOutcome> Simulation::run_call(const chain::Transaction& tx, const Address& sender,
                                               evm::BlockContext block, stf::BlockProgress& progress,
                                               evm::Tracer& tracer) {
    const bool names_no_price = tx.max_fee_per_gas.is_zero() && tx.max_priority_fee_per_gas.is_zero();
    const stf::CallOptions options{.skip_nonce_check = !request_.validation,
                                   .skip_balance_check = false,
                                   .skip_base_fee_check = !request_.validation && names_no_price,
                                   .skip_eoa_check = true,
                                   .skip_gas_cap = true,
                                   .charge_l1_fee = false};
    evm::Vm vm(journal_, block, &tracer);
    auto outcome = stf::apply_transaction(journal_, vm, block, progress, tx, sender, options);
    if (view_.has_failed()) return rpc_fail(SERVER_ERROR, "missing trie node: the state is not available");
    if (!outcome) return fail(explain(outcome.error(), tx, sender, journal_, block));
    gas_left_ -= std::min(gas_left_, outcome->gas_used);
    if (!block.rules.at_least(Fork::Byzantium)) {
        state_root_ = state::compute_state_root(nodes_, state_root_, journal_.take_diff(), nodes_).value_or(Hash32{});
        outcome->receipt.post_state = state_root_;
    }
    return std::move(*outcome);
}

void Simulation::commit_state() {
    state_root_ = state::compute_state_root(nodes_, state_root_, journal_.take_diff(), nodes_).value_or(Hash32{});
}

json::object call_json(const stf::TxOutcome& outcome) {
    const bool succeeded = outcome.status == evm::Status::Success;
    json::object out{{"returnData", succeeded ? hex_data(outcome.output) : json::value("0x")},
                     {"gasUsed", quantity(outcome.gas_used)},
                     // Before refunds; where EIP-7623's floor was charged instead, an upper bound.
                     {"maxUsedGas", quantity(outcome.gas_used + outcome.gas_refunded)},
                     {"status", succeeded ? "0x1" : "0x0"}};
    if (succeeded) return out;
    const auto error = rpc::to_rpc_error(outcome);
    json::object body{{"code", error.code == EXECUTION_REVERTED ? EXECUTION_REVERTED : VM_ERROR},
                      {"message", error.message}};
    if (error.data) body["data"] = *error.data;
    out["error"] = std::move(body);
    return out;
}

json::array logs_json(const std::vector<TransferLogTracer::Entry>& entries, const TxPlace& place,
                      const Hash32& tx_hash) {
    json::array out;
    for (const auto& entry : entries) out.push_back(log_to_json(entry.log, place, tx_hash, entry.index));
    return out;
}

RpcResult<json::object> Simulation::run(const SimulatedCalls& calls) {
    const auto& config = context_.ledger.config();
    const chain::Rules rules = config.rules_at(*calls.block.number, *calls.block.time);
    ledger::StoredBlock stored;
    chain::Block& block = stored.block;
    block.header = make_header(calls.block, rules);
    if (rules.at_least(Fork::Shanghai))
        block.withdrawals = calls.block.withdrawals.value_or(std::vector<chain::Withdrawal>{});

    evm::BlockContext environment = stf::make_block_context(block.header, rules);
    if (calls.block.blob_base_fee) environment.blob_base_fee = *calls.block.blob_base_fee;
    std::vector<evm::PrecompileMove> moves;
    TRY_VOID(apply_overrides(calls.state, rules, moves));
    environment.precompile_moves = moves;

    evm::Vm system(journal_, environment);
    stf::begin_block(journal_, system, block.header, rules);
    stf::BlockProgress progress;
    progress.saw_user_transaction = true;
    TransferLogTracer tracer(request_.trace_transfers);
    std::vector<std::vector<TransferLogTracer::Entry>> logs;
    for (const auto& args : calls.calls) {
        TRY(auto tx, make_call(args, environment, progress.gas_used));
        TRY(auto outcome, run_call(tx, args.from, environment, progress, tracer));
        logs.push_back(tracer.take());
        stored.tx_hashes.push_back(chain::transaction_hash(tx));
        stored.senders.push_back(args.from);
        stored.outcomes.push_back(std::move(outcome));
        block.transactions.push_back(std::move(tx));
    }
    stf::BlockOutcome outcome;
    outcome.transactions = stored.outcomes;
    auto requests = stf::end_block(journal_, system, block, rules, config, outcome.transactions);
    if (!requests) return rpc_fail(SERVER_ERROR, "simulated block: " + requests.error().detail);
    outcome.requests = std::move(*requests);
    commit_state();
    if (view_.has_failed()) return rpc_fail(SERVER_ERROR, "missing trie node: the state is not available");

    chain::Header& header = block.header;
    header.state_root = state_root_;
    header.transactions_root = chain::compute_transactions_root(block.transactions);
    header.receipts_root = chain::compute_receipts_root(outcome.receipts());
    for (const auto& transaction : stored.outcomes) chain::merge_bloom(header.logs_bloom, transaction.receipt.bloom);
    header.gas_used = progress.gas_used;
    if (header.blob_gas_used) header.blob_gas_used = progress.blob_gas_used;
    if (block.withdrawals) header.withdrawals_root = chain::compute_withdrawals_root(*block.withdrawals);
    if (rules.at_least(Fork::Prague)) header.requests_hash = stf::compute_requests_hash(outcome.requests);
    stored.hash = chain::header_hash(header);
    stored.size_bytes = chain::encode(block).size();
    view_.add_block_hash(stored.hash);
    parent_ = header;

    json::object out = block_to_json(stored, request_.return_full_transactions);
    json::array results;
    for (std::size_t i = 0; i < stored.outcomes.size(); ++i) {
        json::object result = call_json(stored.outcomes[i]);
        const TxPlace place{
            .block_hash = &stored.hash, .block_number = header.number, .block_timestamp = header.timestamp, .index = i};
        result["logs"] = logs_json(logs[i], place, stored.tx_hashes[i]);
        results.push_back(std::move(result));
    }
    out["calls"] = std::move(results);
    return out;
}

}  // namespace

RpcResult<json::value> simulate(const Context& context, const ledger::BlockPtr& base,
                                const ledger::StateSnapshot& state, SimulationRequest request) {
    TRY(const auto blocks, complete_blocks(std::move(request.blocks), base->block.header));
    Simulation simulation(context, base, state, request);
    json::array out;
    for (const auto& block : blocks) {
        TRY(auto result, simulation.run(block));
        out.push_back(std::move(result));
    }
    return json::value(std::move(out));
}

}  // namespace entresol::rpc
