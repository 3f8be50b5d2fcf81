#include "core/stf/base_fee.hpp"

#include <algorithm>

#include "core/base/endian.hpp"

namespace entresol::stf {

namespace {

using chain::Fork;
using chain::OpFork;

constexpr std::size_t HOLOCENE_SIZE = 9, JOVIAN_SIZE = 17;

/// The parameters for the block after `parent`: Ethereum's constants, the OP chain's, or what the parent's extra data says.
Eip1559Params params_after(const chain::Header& parent, const chain::ChainConfig& config,
                           const chain::Rules& parent_rules, const chain::Rules& rules) {
    if (!config.op || !rules.is_op()) return {};
    if (parent_rules.at_least(OpFork::Holocene)) {
        if (const auto params = decode_extra_data(parent.extra_data, parent_rules)) return *params;
    }
    const bool canyon = rules.at_least(OpFork::Canyon);
    return {canyon ? config.op->eip1559_denominator_canyon : config.op->eip1559_denominator,
            config.op->eip1559_elasticity, 0};
}

/// Jovian: the footprint counts where it is larger (header field blobGasUsed).
std::uint64_t metered_gas(const chain::Header& parent, const chain::Rules& parent_rules) {
    if (!parent_rules.at_least(OpFork::Jovian)) return parent.gas_used;
    return std::max(parent.gas_used, parent.blob_gas_used.value_or(0));
}

U256 adjust(const U256& base_fee, std::uint64_t gas, std::uint64_t target, std::uint64_t denominator) {
    if (gas == target) return base_fee;
    const std::uint64_t distance = gas > target ? gas - target : target - gas;
    const U256 delta = base_fee * U256{distance} / U256{target} / U256{denominator};
    if (gas > target) return base_fee + std::max(delta, U256{1});
    return base_fee - delta;
}

}  // namespace

U256 compute_base_fee(const chain::Header& parent, const chain::ChainConfig& config, std::uint64_t timestamp) {
    if (!parent.base_fee_per_gas) return INITIAL_BASE_FEE;
    const chain::Rules parent_rules = config.rules_at(parent.number, parent.timestamp);
    const chain::Rules rules = config.rules_at(parent.number + 1, timestamp);
    const Eip1559Params params = params_after(parent, config, parent_rules, rules);
    const std::uint64_t target = params.elasticity == 0 ? 0 : parent.gas_limit / params.elasticity;
    if (target == 0 || params.denominator == 0) return *parent.base_fee_per_gas;  // a misconfigured chain keeps its fee
    return std::max(adjust(*parent.base_fee_per_gas, metered_gas(parent, parent_rules), target, params.denominator),
                    U256{params.min_base_fee});
}

Bytes encode_extra_data(const Eip1559Params& params, const chain::Rules& rules) {
    const bool jovian = rules.at_least(OpFork::Jovian);
    Bytes out(jovian ? JOVIAN_SIZE : HOLOCENE_SIZE);
    out[0] = jovian ? 1 : 0;
    store_be32(&out[1], static_cast<std::uint32_t>(params.denominator));
    store_be32(&out[5], static_cast<std::uint32_t>(params.elasticity));
    if (jovian) store_be64(&out[9], params.min_base_fee);
    return out;
}

std::optional<Eip1559Params> decode_extra_data(ByteView extra_data, const chain::Rules& rules) {
    const bool jovian = rules.at_least(OpFork::Jovian);
    if (extra_data.size() != (jovian ? JOVIAN_SIZE : HOLOCENE_SIZE) || extra_data[0] != (jovian ? 1 : 0))
        return std::nullopt;
    Eip1559Params params{load_be32(&extra_data[1]), load_be32(&extra_data[5]), jovian ? load_be64(&extra_data[9]) : 0};
    if (params.denominator == 0 || params.elasticity == 0) return std::nullopt;
    return params;
}

Eip1559Params resolve_attribute_params(std::uint32_t denominator, std::uint32_t elasticity, std::uint64_t min_base_fee,
                                       const chain::OpChainConfig& config) {
    if (denominator == 0 && elasticity == 0)
        return {config.eip1559_denominator_canyon, config.eip1559_elasticity, min_base_fee};
    return {denominator, elasticity, min_base_fee};
}

}  // namespace entresol::stf
