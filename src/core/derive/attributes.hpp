// Payload attributes: everything that fixes an L2 block before it is executed (derivation specification, "Deriving Payload Attributes").
#pragma once

#include "core/derive/providers.hpp"
#include "core/stf/build_block.hpp"

namespace entresol::derive {

struct PayloadAttributes {
    L2BlockRef parent;
    std::uint64_t timestamp = 0;  // seconds
    Hash32 prev_randao;           // of the L1 origin
    std::uint64_t gas_limit = 0;
    Hash32 parent_beacon_block_root;  // of the L1 origin
    /// Deposits as derived, then the batch's transactions as they came: they may fail to decode.
    std::vector<Bytes> transactions;
    std::size_t deposit_count = 0;
    // eip1559Params (Holocene; both zero: the chain's constants) and minBaseFee (Jovian).
    std::uint32_t eip1559_denominator = 0;
    std::uint32_t eip1559_elasticity = 0;
    std::uint64_t min_base_fee = 0;  // wei

    BlockId l1_origin;
    std::uint64_t sequence_number = 0;
    /// The L1 block whose data completed the batch. Unset in what a sequencer prepares.
    L1BlockRef derived_from;
    bool is_last_in_span = true;
};

/// Attributes with deposits only, of the block after `parent` with the given epoch: its L1 origin, or the one after it. Sequencer and derivation both
/// start with them. parent_config: read_system_config of the parent.
[[nodiscard]] Result<PayloadAttributes, Stall> prepare_attributes(const RollupConfig& config, L1Provider& l1,
                                                                  const L2BlockRef& parent,
                                                                  const SystemConfig& parent_config,
                                                                  const BlockId& epoch, std::uint64_t timestamp);

/// What the block builder takes.
[[nodiscard]] stf::BlockAttributes make_block_attributes(const RollupConfig& config,
                                                         const PayloadAttributes& attributes);

/// Holocene, "Steady Block Derivation": what replaces attributes whose block is invalid.
[[nodiscard]] PayloadAttributes without_batch(const PayloadAttributes& attributes);

/// Is an existing block exactly the one that the attributes make (L1-consolidation)? Compares header fields and transactions; nothing is executed.
[[nodiscard]] bool matches(const RollupConfig& config, const PayloadAttributes& attributes, const chain::Block& block);

}  // namespace entresol::derive
