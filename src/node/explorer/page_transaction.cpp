// One transaction, wherever it is: in a block, in a mini-block, in the pool.
#include "core/base/hex.hpp"
#include "node/explorer/summaries.hpp"

namespace entresol::explorer {
namespace {

using chain::TxType;

void put_fields(json::object& out, const chain::Transaction& tx) {
    const bool has_caps = tx.type != TxType::Legacy && tx.type != TxType::AccessList && tx.type != TxType::Deposit;
    out["nonce"] = tx.nonce;
    out["gasLimit"] = tx.gas_limit;
    out["maxFeePerGas"] = has_caps ? json::value(to_decimal(tx.max_fee_per_gas)) : json::value(nullptr);
    out["maxPriorityFeePerGas"] =
        has_caps ? json::value(to_decimal(tx.max_priority_fee_per_gas)) : json::value(nullptr);
    out["input"] = to_hex(tx.data);
    out["isDeposit"] = tx.type == TxType::Deposit;
    if (tx.type == TxType::Deposit) {
        out["mint"] = to_decimal(tx.mint);
        out["sourceHash"] = to_hex(tx.source_hash);
    }
    for (const char* name :
         {"gasUsed", "gasPrice", "contractAddress", "l1Fee", "operatorFee", "totalFee", "revertReason"})
        out[name] = nullptr;
    out["logs"] = json::array();
}

void put_outcome(json::object& out, const chain::Transaction& tx, const stf::TxOutcome& outcome,
                 std::size_t first_log) {
    if (outcome.receipt.deposit_nonce) out["nonce"] = *outcome.receipt.deposit_nonce;
    out["gasUsed"] = outcome.gas_used;
    out["gasPrice"] = to_decimal(outcome.effective_gas_price);
    if (!tx.to && outcome.created) out["contractAddress"] = to_hex(*outcome.created);
    out["l1Fee"] = to_decimal(outcome.l1_fee);
    out["operatorFee"] = to_decimal(outcome.operator_fee);
    out["totalFee"] =
        to_decimal(outcome.effective_gas_price * U256{outcome.gas_used} + outcome.l1_fee + outcome.operator_fee);
    auto& logs = out["logs"].as_array();
    for (const auto& log : outcome.receipt.logs) {
        json::array topics;
        for (const auto& topic : log.topics) topics.push_back(json::value(to_hex(topic)));
        logs.push_back(json::object{{"address", to_hex(log.address)},
                                    {"topics", std::move(topics)},
                                    {"data", to_hex(log.data)},
                                    {"index", first_log++}});
    }
}

// Receipts do not hold why a transaction failed: it is executed again with a tracer.
json::value revert_reason(const State& state, const Hash32& hash) {
    const json::object options{{"tracer", "callTracer"}, {"tracerConfig", json::object{{"onlyTopCall", true}}}};
    const auto trace = state.sources.l2->call("debug_traceTransaction", {to_hex(hash), options});
    if (!trace || !trace->is_object()) return nullptr;
    const auto& frame = trace->get_object();
    if (const auto* reason = frame.if_contains("revertReason")) return *reason;
    const auto* error = frame.if_contains("error");
    return error != nullptr ? *error : json::value(nullptr);
}

std::size_t logs_before(const ledger::StoredBlock& block, std::size_t index) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < index; ++i) count += block.outcomes[i].receipt.logs.size();
    return count;
}

json::object in_block(const State& state, const ledger::StoredBlock& block, std::size_t index) {
    auto out = transaction_summary(state, block, index);
    const auto& tx = block.block.transactions[index];
    put_fields(out, tx);
    put_outcome(out, tx, block.outcomes[index], logs_before(block, index));
    if (!block.outcomes[index].receipt.succeeded) out["revertReason"] = revert_reason(state, block.tx_hashes[index]);
    out["timeline"] = block_timeline(state, block, index);
    return out;
}

std::optional<json::object> in_mini_block(const sequencer::Preview& preview, const Hash32& hash) {
    std::size_t logs = 0;
    for (std::size_t i = 0; i < preview.transactions.size(); ++i) {
        const auto& shown = *preview.transactions[i];
        if (shown.hash == hash) {
            auto out = transaction_summary(preview, i);
            put_fields(out, shown.tx);
            put_outcome(out, shown.tx, shown.outcome, logs);
            out["timeline"] = early_timeline(shown.mini_block.get(), "mini-block", "the seal of its block");
            return out;
        }
        logs += shown.outcome.receipt.logs.size();
    }
    return std::nullopt;
}

struct Waiting {
    pool::TxPtr tx;
    pool::Whereabouts where;
};

}  // namespace

ApiResult<json::object> transaction_page(const State& state, const Request& request) {
    const auto hash = parse_fixed<Hash32>(request.path[1]);
    if (!hash) return bad_request("not a transaction hash");
    if (const auto found = state.sources.ledger().find_transaction(*hash))
        return in_block(state, *found->block, found->index);
    const auto& context = state.sources.context();
    if (context.sequencer == nullptr) return not_found("no transaction has this hash");
    if (auto shown = in_mini_block(*context.sequencer->preview(), *hash)) return std::move(*shown);

    Waiting waiting;
    context.loop.run_and_wait([&] {
        waiting = {.tx = context.sequencer->pool().find(*hash), .where = context.sequencer->pool().why(*hash)};
    });
    if (waiting.tx == nullptr) {
        // Between the two looks its block may have been sealed.
        if (const auto found = state.sources.ledger().find_transaction(*hash))
            return in_block(state, *found->block, found->index);
        const bool is_known = waiting.where.state != pool::Whereabouts::State::Unknown;
        return not_found(is_known ? "this transaction is in no block: " + waiting.where.reason
                                  : "no transaction has this hash");
    }
    auto out = transaction_summary(*waiting.tx);
    put_fields(out, waiting.tx->tx);
    out["timeline"] = early_timeline(nullptr, "waiting", waiting.where.reason);
    return out;
}

}  // namespace entresol::explorer
