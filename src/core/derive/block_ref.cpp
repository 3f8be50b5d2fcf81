#include "core/derive/block_ref.hpp"

namespace entresol::derive {
namespace {

constexpr std::size_t HOLOCENE_EXTRA_BYTES = 1 + 4 + 4;
constexpr std::size_t JOVIAN_EXTRA_BYTES = HOLOCENE_EXTRA_BYTES + 8;

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
    const auto fees = decode_fee_extra_data(block.header.extra_data);
    if (!fees) return fail(L2BlockError::MalformedExtraData);
    SystemConfig out;
    out.batcher = info.batcher;
    out.overhead = info.overhead;
    out.scalar = info.scalar;
    out.gas_limit = block.header.gas_limit;
    out.eip1559_denominator = fees->denominator;
    out.eip1559_elasticity = fees->elasticity;
    out.operator_fee_scalar = info.operator_fee_scalar;
    out.operator_fee_constant = info.operator_fee_constant;
    out.min_base_fee = fees->min_base_fee.value_or(0);
    out.da_footprint_gas_scalar = info.da_footprint_gas_scalar;
    return out;
}

Bytes encode(const FeeExtraData& data) {
    Bytes out(data.min_base_fee ? JOVIAN_EXTRA_BYTES : HOLOCENE_EXTRA_BYTES);
    out[0] = data.min_base_fee ? 1 : 0;
    store_be32(out.data() + 1, data.denominator);
    store_be32(out.data() + 5, data.elasticity);
    if (data.min_base_fee) store_be64(out.data() + 9, *data.min_base_fee);
    return out;
}

std::optional<FeeExtraData> decode_fee_extra_data(ByteView extra_data) {
    const bool holocene = extra_data.size() == HOLOCENE_EXTRA_BYTES && extra_data[0] == 0;
    const bool jovian = extra_data.size() == JOVIAN_EXTRA_BYTES && extra_data[0] == 1;
    if (!holocene && !jovian) return std::nullopt;
    FeeExtraData data{load_be32(extra_data.data() + 1), load_be32(extra_data.data() + 5), std::nullopt};
    if (jovian) data.min_base_fee = load_be64(extra_data.data() + 9);
    return data;
}

}  // namespace entresol::derive
