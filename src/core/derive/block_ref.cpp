#include "core/derive/block_ref.hpp"

#include "core/stf/base_fee.hpp"

namespace entresol::derive {
namespace {

Result<L1Info, L2BlockError> read_l1_info(const chain::Block& block) {
    if (block.transactions.empty() || block.transactions[0].type != chain::TxType::Deposit)
        return fail(L2BlockError::NoL1Attributes);
    auto info = decode_l1_info(block.transactions[0].data);
    if (!info) return fail(L2BlockError::MalformedL1Attributes);
    return *std::move(info);
}

}  // namespace

L1BlockRef make_l1_block_ref(const chain::Header& header) {
    return {chain::header_hash(header), header.number, header.parent_hash, header.timestamp};
}

const char* to_string(L2BlockError error) {
    switch (error) {
        case L2BlockError::WrongGenesis: return "genesis block of another rollup";
        case L2BlockError::NoL1Attributes: return "L2 block without the L1 attributes deposit";
        case L2BlockError::MalformedL1Attributes: return "L2 block with malformed L1 attributes";
        case L2BlockError::MalformedExtraData: return "L2 block with malformed extra data";
    }
    return "?";
}

Result<L2BlockRef, L2BlockError> make_l2_block_ref(const RollupConfig& config, const chain::Block& block) {
    L2BlockRef ref{chain::header_hash(block.header), block.header.number, block.header.parent_hash,
                   block.header.timestamp,           config.l1_genesis,   0};
    if (ref.number == config.l2_genesis.number) {
        if (ref.hash != config.l2_genesis.hash) return fail(L2BlockError::WrongGenesis);
        return ref;
    }
    TRY(const L1Info info, read_l1_info(block));
    ref.l1_origin = {info.block_hash, info.number};
    ref.sequence_number = info.sequence_number;
    return ref;
}

Result<SystemConfig, L2BlockError> read_system_config(const RollupConfig& config, const chain::Block& block) {
    if (block.header.number == config.l2_genesis.number) return config.genesis_system_config;
    TRY(const L1Info info, read_l1_info(block));
    const auto rules = config.l2.rules_at(block.header.number, block.header.timestamp);
    const auto fees = stf::decode_extra_data(block.header.extra_data, rules);
    if (!fees) return fail(L2BlockError::MalformedExtraData);
    SystemConfig out;
    out.batcher = info.batcher;
    out.overhead = info.overhead;
    out.scalar = info.scalar;
    out.gas_limit = block.header.gas_limit;
    out.eip1559_denominator = static_cast<std::uint32_t>(fees->denominator);
    out.eip1559_elasticity = static_cast<std::uint32_t>(fees->elasticity);
    out.operator_fee_scalar = info.operator_fee_scalar;
    out.operator_fee_constant = info.operator_fee_constant;
    out.min_base_fee = fees->min_base_fee;
    out.da_footprint_gas_scalar = info.da_footprint_gas_scalar;
    return out;
}

}  // namespace entresol::derive
