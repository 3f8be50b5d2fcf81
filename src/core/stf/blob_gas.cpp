// The blob gas market: EIP-4844, with the schedule of EIP-7840 and the reserve price of EIP-7918.
#include "core/stf/transition.hpp"
#include "core/stf/validate_transaction.hpp"

namespace entresol::stf {

namespace {
constexpr std::uint64_t MIN_BASE_FEE_PER_BLOB_GAS = 1;
constexpr std::uint64_t BLOB_BASE_COST = 1ULL << 13;  // EIP-7918

/// EIP-4844's integer approximation of factor * e^(numerator / denominator). Saturates where the series would leave 256 bits: no balance pays it.
U256 fake_exponential(const U256& factor, const U256& numerator, const U256& denominator) {
    U256 output, accumulator = factor * denominator;
    for (std::uint64_t i = 1; !accumulator.is_zero(); ++i) {
        if (add_overflow(output, accumulator, output)) return U256::max();
        std::uint64_t product[8];
        mul_full(accumulator, numerator, product);
        if ((product[4] | product[5] | product[6] | product[7]) != 0) return U256::max();
        accumulator = U256{product[0], product[1], product[2], product[3]} / (denominator * U256{i});
    }
    return output / denominator;
}
}  // namespace

U256 compute_blob_base_fee(std::uint64_t excess_blob_gas, const chain::BlobParams& params) {
    return fake_exponential(MIN_BASE_FEE_PER_BLOB_GAS, excess_blob_gas, params.base_fee_update_fraction);
}

std::uint64_t compute_excess_blob_gas(const chain::Header& parent, const chain::Rules& rules) {
    if (rules.is_op()) return 0;  // OP Stack: no blobs; the header's fields have other meanings
    const std::uint64_t excess = parent.excess_blob_gas.value_or(0);
    const std::uint64_t used = parent.blob_gas_used.value_or(0);
    const std::uint64_t target = rules.blobs.target * GAS_PER_BLOB;
    const std::uint64_t sum = excess > ~std::uint64_t{0} - used ? ~std::uint64_t{0} : excess + used;
    if (sum < target) return 0;
    const bool below_reserve =
        rules.at_least(chain::Fork::Osaka) && U256{BLOB_BASE_COST} * parent.base_fee_per_gas.value_or(U256{}) >
                                                  U256{GAS_PER_BLOB} * compute_blob_base_fee(excess, rules.blobs);
    if (below_reserve && rules.blobs.max != 0)
        return excess + used * (rules.blobs.max - rules.blobs.target) / rules.blobs.max;
    return sum - target;
}

}  // namespace entresol::stf
