// References to blocks, and what an L2 block says about its own derivation.
#pragma once

#include "core/chain/block.hpp"
#include "core/derive/l1_info.hpp"

namespace entresol::derive {

struct L1BlockRef {
    Hash32 hash;
    std::uint64_t number = 0;
    Hash32 parent_hash;
    std::uint64_t timestamp = 0;  // seconds
    [[nodiscard]] BlockId id() const { return {hash, number}; }
    bool operator==(const L1BlockRef&) const = default;
};

struct L2BlockRef {
    Hash32 hash;
    std::uint64_t number = 0;
    Hash32 parent_hash;
    std::uint64_t timestamp = 0;  // seconds
    BlockId l1_origin;
    std::uint64_t sequence_number = 0;  // position within its epoch
    [[nodiscard]] BlockId id() const { return {hash, number}; }
    bool operator==(const L2BlockRef&) const = default;
};

[[nodiscard]] L1BlockRef make_l1_block_ref(const chain::Header& header);

/// Why a block cannot be one of this rollup.
enum class L2BlockError : std::uint8_t { WrongGenesis, NoL1Attributes, MalformedL1Attributes, MalformedExtraData };
[[nodiscard]] const char* to_string(L2BlockError error);

[[nodiscard]] Result<L2BlockRef, L2BlockError> make_l2_block_ref(const RollupConfig& config, const chain::Block& block);
/// The system configuration under which the block was made, from its L1 attributes and header.
[[nodiscard]] Result<SystemConfig, L2BlockError> read_system_config(const RollupConfig& config,
                                                                    const chain::Block& block);

/// EIP-1559 parameters in a header's extra data: version 0 since Holocene, version 1 with the minimum base fee since Jovian.
struct FeeExtraData {
    std::uint32_t denominator = 0;
    std::uint32_t elasticity = 0;
    std::optional<std::uint64_t> min_base_fee;  // wei, Jovian
    bool operator==(const FeeExtraData&) const = default;
};
[[nodiscard]] Bytes encode(const FeeExtraData& data);
[[nodiscard]] std::optional<FeeExtraData> decode_fee_extra_data(ByteView extra_data);

}  // namespace entresol::derive
