// What an L2 transaction pays beside its gas: the L1 data fee (Bedrock, Ecotone, Fjord), the operator fee (Isthmus, Jovian), and its DA footprint.
#include "core/stf/l1_fee.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/stf/op_stack.hpp"

namespace entresol::stf {

using chain::OpFork;

namespace {

constexpr std::uint64_t DATA_ZERO_GAS = 4, DATA_NONZERO_GAS = 16;

std::uint64_t calldata_gas(ByteView encoded_tx) {
    const auto zeros = static_cast<std::uint64_t>(std::count(encoded_tx.begin(), encoded_tx.end(), std::uint8_t{0}));
    return zeros * DATA_ZERO_GAS + (encoded_tx.size() - zeros) * DATA_NONZERO_GAS;
}

/// Before Regolith 68 more bytes were counted, for a signature that the encoding holds already.
std::uint64_t bedrock_gas(const L1FeeParams& params, ByteView encoded_tx, const chain::Rules& rules) {
    const std::uint64_t padding = rules.at_least(OpFork::Regolith) ? 0 : 68 * DATA_NONZERO_GAS;
    return calldata_gas(encoded_tx) + padding + params.bedrock_overhead.saturate_u64();
}

/// The chain's first Ecotone block still pays by Bedrock's rule: its attributes have not yet set the new scalars.
bool uses_bedrock_formula(const L1FeeParams& params, const chain::Rules& rules) {
    return !rules.at_least(OpFork::Ecotone) ||
           (params.blob_base_fee.is_zero() && params.base_fee_scalar == 0 && params.blob_base_fee_scalar == 0);
}

U256 weighted_gas_price(const L1FeeParams& params) {
    return params.base_fee * U256{16} * U256{params.base_fee_scalar} +
           params.blob_base_fee * U256{params.blob_base_fee_scalar};
}

std::uint64_t estimated_size_scaled(ByteView encoded_tx) {
    const std::int64_t regression =
        L1_COST_INTERCEPT + L1_COST_FASTLZ_COEF * std::int64_t{flz_compressed_size(encoded_tx)};
    return static_cast<std::uint64_t>(std::max(MIN_TRANSACTION_SIZE * SIZE_SCALE, regression));
}

}  // namespace

U256 compute_l1_fee(const L1FeeParams& params, ByteView encoded_tx, const chain::Rules& rules) {
    if (!rules.is_op() || (!encoded_tx.empty() && encoded_tx[0] == static_cast<std::uint8_t>(chain::TxType::Deposit)))
        return {};
    if (uses_bedrock_formula(params, rules))
        return U256{bedrock_gas(params, encoded_tx, rules)} * params.base_fee * params.bedrock_scalar / U256{1'000'000};
    if (!rules.at_least(OpFork::Fjord))
        return weighted_gas_price(params) * U256{calldata_gas(encoded_tx)} / U256{16'000'000};
    return weighted_gas_price(params) * U256{estimated_size_scaled(encoded_tx)} / U256{1'000'000'000'000};
}

std::uint64_t compute_l1_gas_used(const L1FeeParams& params, ByteView encoded_tx, const chain::Rules& rules) {
    if (!rules.is_op()) return 0;
    if (uses_bedrock_formula(params, rules)) return bedrock_gas(params, encoded_tx, rules);
    if (!rules.at_least(OpFork::Fjord)) return calldata_gas(encoded_tx);
    return estimated_size_scaled(encoded_tx) * DATA_NONZERO_GAS / SIZE_SCALE;
}

std::uint64_t compute_da_footprint(const L1FeeParams& params, ByteView encoded_tx, const chain::Rules& rules) {
    if (!rules.at_least(OpFork::Jovian)) return 0;
    return estimated_size_scaled(encoded_tx) / SIZE_SCALE * params.da_footprint_gas_scalar;
}

U256 compute_operator_fee(const L1FeeParams& params, std::uint64_t gas, const chain::Rules& rules) {
    if (!rules.at_least(OpFork::Isthmus)) return {};
    const U256 product = U256{gas} * U256{params.operator_fee_scalar};
    const U256 variable = rules.at_least(OpFork::Jovian) ? product * U256{100} : product / U256{1'000'000};
    return variable + U256{params.operator_fee_constant};
}

// Storage layout of L1Block (specs: isthmus/l1-attributes.md, jovian/l1-attributes.md). Only what the fork needs is read: a witness holds no more.
L1FeeParams load_l1_fee_params(state::Journal& journal, const chain::Rules& rules) {
    L1FeeParams params;
    if (!rules.is_op()) return params;
    params.base_fee = journal.load_storage(L1_BLOCK, 1);
    if (rules.at_least(OpFork::Ecotone)) {
        const Hash32 scalars = to_hash32(journal.load_storage(L1_BLOCK, 3));
        params.base_fee_scalar = load_be32(scalars.data() + 16);
        params.blob_base_fee_scalar = load_be32(scalars.data() + 20);
        params.blob_base_fee = journal.load_storage(L1_BLOCK, 7);
    }
    if (uses_bedrock_formula(params, rules)) {
        params.bedrock_overhead = journal.load_storage(L1_BLOCK, 5);
        params.bedrock_scalar = journal.load_storage(L1_BLOCK, 6);
    }
    if (!rules.at_least(OpFork::Isthmus)) return params;
    const Hash32 operator_fee = to_hash32(journal.load_storage(L1_BLOCK, 8));
    params.operator_fee_scalar = load_be32(operator_fee.data() + 20);
    params.operator_fee_constant = load_be64(operator_fee.data() + 24);
    if (!rules.at_least(OpFork::Jovian)) return params;
    params.da_footprint_gas_scalar = load_be16(operator_fee.data() + 18);
    if (params.da_footprint_gas_scalar == 0) params.da_footprint_gas_scalar = DA_FOOTPRINT_GAS_SCALAR_DEFAULT;
    return params;
}

}  // namespace entresol::stf
