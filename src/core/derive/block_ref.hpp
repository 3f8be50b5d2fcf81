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

}  // namespace entresol::derive
