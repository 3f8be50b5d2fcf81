// EIP-1559 parameters as OP Stack headers carry them (specs: holocene/exec-engine.md, jovian/exec-engine.md).
#pragma once

#include "core/stf/transition.hpp"

namespace entresol::stf {

/// EIP-1559's initial base fee.
inline constexpr std::uint64_t INITIAL_BASE_FEE = 1'000'000'000;

struct Eip1559Params {
    std::uint64_t denominator = 8;
    std::uint64_t elasticity = 2;
    std::uint64_t min_base_fee = 0;  // Jovian
    bool operator==(const Eip1559Params&) const = default;
};

/// extraData: version 0 with 9 bytes (Holocene) or version 1 with 17 bytes (Jovian), by the rules.
[[nodiscard]] Bytes encode_extra_data(const Eip1559Params& params, const chain::Rules& rules);
/// Nothing when version, length or a zero parameter is wrong under the rules.
[[nodiscard]] std::optional<Eip1559Params> decode_extra_data(ByteView extra_data, const chain::Rules& rules);
/// From the eight bytes of the payload attributes (denominator, elasticity; both zero means the chain's constants since Canyon).
[[nodiscard]] Eip1559Params resolve_attribute_params(std::uint32_t denominator, std::uint32_t elasticity,
                                                     std::uint64_t min_base_fee, const chain::OpChainConfig& config);

}  // namespace entresol::stf
