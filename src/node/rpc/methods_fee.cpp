// Prices: gas price, tips, fee history, blob base fee.
#include <algorithm>

#include <boost/json/array.hpp>

#include "node/rpc/format.hpp"
#include "node/rpc/method.hpp"

namespace entresol::rpc {
namespace {

constexpr std::uint64_t MAX_HISTORY_BLOCKS = 1024;      // as geth
constexpr std::uint64_t SUGGESTED_TIP_WEI = 1'000'000;  // what an empty chain asks for: 0.001 gwei
constexpr std::size_t SAMPLED_BLOCKS = 20;

U256 next_base_fee(Context& context) {
    const auto& config = context.ledger.config();
    const auto head = context.ledger.head();
    if (context.sequencer != nullptr) {
        const auto preview = context.sequencer->preview();
        if (preview->header.number > head->number()) return preview->header.base_fee_per_gas.value_or(U256{});
    }
    const std::uint64_t next_time = head->block.header.timestamp + 1;
    if (!config.rules_at(head->number() + 1, next_time).at_least(chain::Fork::London)) return {};
    return stf::compute_base_fee(head->block.header, config, next_time);
}

// The 60th percentile of the lowest tips of recent blocks (the idea of geth's oracle), at least a small constant.
U256 suggest_tip(Context& context) {
    std::vector<U256> tips;
    auto block = context.ledger.head();
    for (std::size_t i = 0; i < SAMPLED_BLOCKS && block != nullptr; ++i) {
        const U256 base_fee = block->block.header.base_fee_per_gas.value_or(U256{});
        std::vector<U256> in_block;
        for (std::size_t t = 0; t < block->outcomes.size(); ++t) {
            if (block->block.transactions[t].type == chain::TxType::Deposit) continue;
            const auto& price = block->outcomes[t].effective_gas_price;
            in_block.push_back(price >= base_fee ? price - base_fee : U256{});
        }
        std::sort(in_block.begin(), in_block.end());
        if (in_block.size() > 3) in_block.resize(3);
        tips.insert(tips.end(), in_block.begin(), in_block.end());
        block = block->number() == 0 ? nullptr : context.ledger.find_block(block->block.header.parent_hash);
    }
    if (tips.empty()) return U256{SUGGESTED_TIP_WEI};
    std::sort(tips.begin(), tips.end());
    return std::max(tips[(tips.size() - 1) * 60 / 100], U256{SUGGESTED_TIP_WEI});
}

RpcResult<json::value> eth_gas_price(Context& context, const Params&) {
    return quantity(next_base_fee(context) + suggest_tip(context));
}
RpcResult<json::value> eth_max_priority_fee_per_gas(Context& context, const Params&) {
    return quantity(suggest_tip(context));
}
RpcResult<json::value> eth_base_fee(Context& context, const Params&) { return quantity(next_base_fee(context)); }

U256 blob_base_fee_of(Context& context, const chain::Header& header) {
    if (!header.excess_blob_gas) return {};
    return stf::compute_blob_base_fee(*header.excess_blob_gas, context.ledger.rules_of(header).blobs);
}

// The fee of the block after this header.
U256 next_blob_base_fee(Context& context, const chain::Header& header) {
    const auto rules = context.ledger.config().rules_at(header.number + 1, header.timestamp + 1);
    if (!rules.at_least(chain::Fork::Cancun)) return {};
    if (rules.is_op()) return U256{1};
    return stf::compute_blob_base_fee(stf::compute_excess_blob_gas(header, rules), rules.blobs);
}

RpcResult<json::value> eth_blob_base_fee(Context& context, const Params&) {
    return quantity(next_blob_base_fee(context, context.ledger.head()->block.header));
}

RpcResult<std::vector<double>> read_percentiles(const json::value* value) {
    std::vector<double> out;
    if (value == nullptr) return out;
    if (!value->is_array() || value->get_array().size() > 100)
        return invalid_params("invalid argument 2: expected at most 100 percentiles");
    for (const auto& entry : value->get_array()) {
        if (!entry.is_number()) return invalid_params("invalid argument 2: percentiles are numbers");
        const double p = entry.to_number<double>();
        if (p < 0 || p > 100) return rpc_fail(SERVER_ERROR, "invalid reward percentile: " + std::to_string(p));
        if (!out.empty() && p < out.back())
            return rpc_fail(SERVER_ERROR, "invalid reward percentile: they must ascend");
        out.push_back(p);
    }
    return out;
}

// Tips at the given percentiles of gas, as geth computes them.
json::array rewards_of(const ledger::StoredBlock& block, const std::vector<double>& percentiles) {
    struct Paid {
        U256 tip;
        std::uint64_t gas;
    };
    std::vector<Paid> paid;
    const U256 base_fee = block.block.header.base_fee_per_gas.value_or(U256{});
    for (std::size_t i = 0; i < block.outcomes.size(); ++i) {
        const auto& price = block.outcomes[i].effective_gas_price;
        paid.push_back({price >= base_fee ? price - base_fee : U256{}, block.outcomes[i].gas_used});
    }
    std::stable_sort(paid.begin(), paid.end(), [](const Paid& a, const Paid& b) { return a.tip < b.tip; });
    json::array out;
    std::size_t at = 0;
    std::uint64_t sum = paid.empty() ? 0 : paid[0].gas;
    for (const double p : percentiles) {
        const auto threshold = static_cast<std::uint64_t>(static_cast<double>(block.block.header.gas_used) * p / 100);
        while (at + 1 < paid.size() && sum < threshold) sum += paid[++at].gas;
        out.push_back(paid.empty() ? json::value("0x0") : quantity(paid[at].tip));
    }
    return out;
}

RpcResult<json::value> eth_fee_history(Context& context, const Params& params) {
    TRY(auto count, params.quantity64(0));
    TRY(const auto id, block_id(params, 1));
    TRY(const auto percentiles, read_percentiles(params.find(2)));
    const auto newest = find_block(context, id);
    if (newest == nullptr) return rpc_fail(SERVER_ERROR, "request beyond head block");
    count = std::min({count, MAX_HISTORY_BLOCKS, newest->number() + 1});
    if (count == 0) return json::value(json::object{{"oldestBlock", "0x0"}, {"gasUsedRatio", json::array{}}});
    json::array base_fees, gas_ratios, blob_fees, blob_ratios, rewards;
    const std::uint64_t oldest = newest->number() + 1 - count;
    for (std::uint64_t number = oldest; number <= newest->number(); ++number) {
        const auto block = context.ledger.find_block(number);
        if (block == nullptr) return rpc_fail(SERVER_ERROR, "missing block " + std::to_string(number));
        const auto& header = block->block.header;
        const auto max_blob_gas = context.ledger.rules_of(header).blobs.max << 17;
        base_fees.push_back(quantity(header.base_fee_per_gas.value_or(U256{})));
        gas_ratios.push_back(static_cast<double>(header.gas_used) / static_cast<double>(header.gas_limit));
        blob_fees.push_back(quantity(blob_base_fee_of(context, header)));
        const double blob_ratio = header.blob_gas_used && max_blob_gas != 0
                                      ? static_cast<double>(*header.blob_gas_used) / static_cast<double>(max_blob_gas)
                                      : 0;
        if (blob_ratio == 0)
            blob_ratios.push_back(0);
        else
            blob_ratios.push_back(blob_ratio);
        if (!percentiles.empty()) rewards.push_back(rewards_of(*block, percentiles));
    }
    const auto& last = newest->block.header;
    const auto next_rules = context.ledger.config().rules_at(last.number + 1, last.timestamp + 1);
    base_fees.push_back(next_rules.at_least(chain::Fork::London)
                            ? quantity(stf::compute_base_fee(last, context.ledger.config(), last.timestamp + 1))
                            : json::value("0x0"));
    blob_fees.push_back(quantity(next_blob_base_fee(context, last)));
    json::object out{{"oldestBlock", quantity(oldest)},
                     {"baseFeePerGas", std::move(base_fees)},
                     {"gasUsedRatio", std::move(gas_ratios)},
                     {"baseFeePerBlobGas", std::move(blob_fees)},
                     {"blobGasUsedRatio", std::move(blob_ratios)}};
    if (!percentiles.empty()) out["reward"] = std::move(rewards);
    return json::value(std::move(out));
}

constexpr Method METHODS[] = {
    {"eth_gasPrice", eth_gas_price},     {"eth_maxPriorityFeePerGas", eth_max_priority_fee_per_gas},
    {"eth_baseFee", eth_base_fee},       {"eth_blobBaseFee", eth_blob_base_fee},
    {"eth_feeHistory", eth_fee_history},
};

}  // namespace

std::span<const Method> fee_methods() { return METHODS; }

}  // namespace entresol::rpc
