// The L1 attributes that the first transaction of every L2 block tells the L1Block predeploy: calldata of every fork from Bedrock to Jovian.
#pragma once

#include "core/derive/rollup_config.hpp"

namespace entresol::derive {

struct L1Info {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  // seconds
    U256 base_fee;
    Hash32 block_hash;
    std::uint64_t sequence_number = 0;  // of the L2 block within its epoch
    Address batcher;
    U256 overhead;                              // Bedrock
    Hash32 scalar;                              // Bedrock as it is; later forks as version 1 of the scalar word
    U256 blob_base_fee;                         // Ecotone
    std::uint32_t operator_fee_scalar = 0;      // Isthmus
    std::uint64_t operator_fee_constant = 0;    // Isthmus
    std::uint16_t da_footprint_gas_scalar = 0;  // Jovian
    bool operator==(const L1Info&) const = default;
};

/// Layouts of the calldata; each but the first is packed.
enum class L1InfoLayout : std::uint8_t { Bedrock, Ecotone, Isthmus, Jovian };
/// Of a block whose parent has parent_timestamp: a fork's activation block still speaks to the old L1Block contract.
[[nodiscard]] L1InfoLayout l1_info_layout(const chain::ChainConfig& l2, std::uint64_t parent_timestamp,
                                          std::uint64_t timestamp);

[[nodiscard]] Bytes encode_l1_info(const L1Info& info, L1InfoLayout layout);

enum class L1InfoError : std::uint8_t { MissingSelector, UnknownSelector, WrongLength, OutOfRange };
[[nodiscard]] const char* to_string(L1InfoError error);
[[nodiscard]] Result<L1Info, L1InfoError> decode_l1_info(ByteView calldata);

}  // namespace entresol::derive
