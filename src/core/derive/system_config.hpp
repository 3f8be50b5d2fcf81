// The parameters that the SystemConfig contract on L1 gives the L2, and their changes by its ConfigUpdate events (System Config specification).
#pragma once

#include <span>

#include "core/chain/receipt.hpp"

namespace entresol::derive {

struct SystemConfig {
    Address batcher;
    U256 overhead;  // Bedrock's L1 fee, zero since Ecotone
    Hash32
        scalar;  // versioned: 0 Bedrock's single scalar, 1 base fee scalar in bytes 28…31 and blob base fee scalar in 24…27
    std::uint64_t gas_limit = 0;
    std::uint32_t eip1559_denominator = 0;  // Holocene; both zero: the chain's constants
    std::uint32_t eip1559_elasticity = 0;
    std::uint32_t operator_fee_scalar = 0;  // Isthmus
    std::uint64_t operator_fee_constant = 0;
    std::uint64_t min_base_fee = 0;             // Jovian, wei
    std::uint16_t da_footprint_gas_scalar = 0;  // Jovian; zero: the default of 400
    bool operator==(const SystemConfig&) const = default;
};

struct FeeScalars {
    std::uint32_t base_fee_scalar = 0;
    std::uint32_t blob_base_fee_scalar = 0;
};
[[nodiscard]] FeeScalars fee_scalars(const Hash32& scalar);
/// Version 1 of the scalar word.
[[nodiscard]] Hash32 make_scalar(const FeeScalars& scalars);

/// keccak256("ConfigUpdate(uint256,uint8,bytes)").
inline constexpr Hash32 CONFIG_UPDATE_TOPIC{
    {{0x1d, 0x2b, 0x0b, 0xda, 0x21, 0xd5, 0x6b, 0x8b, 0xd1, 0x2d, 0x4f, 0x94, 0xeb, 0xac, 0xff, 0xdf,
      0xb3, 0x5f, 0x5e, 0x22, 0x6f, 0x84, 0xb4, 0x61, 0x10, 0x3b, 0xb8, 0xbe, 0xab, 0x63, 0x53, 0xbe}}};

/// SystemConfig.sol's UpdateType.
enum class ConfigUpdateType : std::uint8_t {
    Batcher = 0,
    FeeScalars = 1,
    GasLimit = 2,
    UnsafeBlockSigner = 3,  // of no concern here
    Eip1559Params = 4,
    OperatorFeeParams = 5,
    MinBaseFee = 6,
    DaFootprintGasScalar = 7,
};

enum class ConfigUpdateError : std::uint8_t { Topics, Version, Type, Data };
[[nodiscard]] const char* to_string(ConfigUpdateError error);

/// Applies one ConfigUpdate event. An unknown scalar version is ignored (Ecotone); anything else malformed is an error and changes nothing.
[[nodiscard]] Result<void, ConfigUpdateError> apply_config_update(SystemConfig& config, const chain::Log& log);
/// Applies the events of `contract` in successful receipts of one L1 block, in order. One that cannot be parsed is skipped, and the others count
/// (System Config specification, "System Config Updates"): a faulty upgrade of the contract must not halt the L2.
void apply_config_updates(SystemConfig& config, std::span<const chain::Receipt> receipts, const Address& contract);

}  // namespace entresol::derive
