#include "core/derive/attributes.hpp"

#include <algorithm>

#include "core/derive/deposit.hpp"
#include "core/stf/base_fee.hpp"
#include "core/stf/op_stack.hpp"

namespace entresol::derive {
namespace {

U256 blob_base_fee_of(const chain::Header& l1_header, const chain::ChainConfig& l1) {
    if (!l1_header.excess_blob_gas) return U256(1);
    return stf::compute_blob_base_fee(*l1_header.excess_blob_gas,
                                      l1.rules_at(l1_header.number, l1_header.timestamp).blobs);
}

L1Info make_l1_info(const RollupConfig& config, const chain::Header& l1_header, const Hash32& l1_hash,
                    const SystemConfig& system, std::uint64_t sequence_number) {
    L1Info info;
    info.number = l1_header.number;
    info.timestamp = l1_header.timestamp;
    info.base_fee = l1_header.base_fee_per_gas.value_or(U256());
    info.block_hash = l1_hash;
    info.sequence_number = sequence_number;
    info.batcher = system.batcher;
    info.overhead = system.overhead;
    info.scalar = system.scalar;
    info.blob_base_fee = blob_base_fee_of(l1_header, config.l1);
    info.operator_fee_scalar = system.operator_fee_scalar;
    info.operator_fee_constant = system.operator_fee_constant;
    info.da_footprint_gas_scalar = system.da_footprint_gas_scalar;
    return info;
}

}  // namespace

Result<PayloadAttributes, Stall> prepare_attributes(const RollupConfig& config, L1Provider& l1,
                                                    const L2BlockRef& parent, const SystemConfig& parent_config,
                                                    const BlockId& epoch, std::uint64_t timestamp) {
    const auto header = l1.header_by_hash(epoch.hash);
    if (!header) return fail(to_stall(header.error()));
    if (header->number != epoch.number) return fail(Stall::Reset);
    SystemConfig system = parent_config;
    std::vector<chain::Transaction> deposits;
    PayloadAttributes out;
    if (parent.l1_origin.number == epoch.number) {
        if (parent.l1_origin.hash != epoch.hash) return fail(Stall::Reset);
        out.sequence_number = parent.sequence_number + 1;
    } else {
        // The first block of an epoch: user deposits and configuration changes of its L1 block.
        if (parent.l1_origin.hash != header->parent_hash) return fail(Stall::Reset);
        const auto receipts = l1.receipts(epoch.hash);
        if (!receipts) return fail(to_stall(receipts.error()));
        auto derived = derive_user_deposits(*receipts, epoch.hash, config.deposit_contract);
        if (!derived) return fail(Stall::Broken);
        apply_config_updates(system, *receipts, config.system_config_contract);
        deposits = *std::move(derived);
    }
    if (timestamp < header->timestamp) return fail(Stall::Reset);  // L2 time ≥ L1 time

    out.parent = parent;
    out.timestamp = timestamp;
    out.prev_randao = header->prev_randao;
    out.gas_limit = system.gas_limit;
    out.parent_beacon_block_root = header->parent_beacon_block_root.value_or(Hash32{});
    out.eip1559_denominator = system.eip1559_denominator;
    out.eip1559_elasticity = system.eip1559_elasticity;
    out.min_base_fee = system.min_base_fee;
    out.l1_origin = epoch;
    const L1Info info = make_l1_info(config, *header, epoch.hash, system, out.sequence_number);
    const L1InfoLayout layout = l1_info_layout(config.l2, parent.timestamp, timestamp);
    out.transactions.push_back(
        chain::encode(make_l1_info_deposit(epoch.hash, out.sequence_number, encode_l1_info(info, layout))));
    for (const chain::Transaction& deposit : deposits) out.transactions.push_back(chain::encode(deposit));
    out.deposit_count = out.transactions.size();
    return out;
}

stf::BlockAttributes make_block_attributes(const RollupConfig& config, const PayloadAttributes& attributes) {
    CHECK(config.l2.op.has_value());
    const chain::Rules rules = config.l2.rules_at(attributes.parent.number + 1, attributes.timestamp);
    stf::BlockAttributes out;
    out.timestamp = attributes.timestamp;
    out.coinbase = stf::SEQUENCER_FEE_VAULT;
    out.prev_randao = attributes.prev_randao;
    out.gas_limit = attributes.gas_limit;
    out.parent_beacon_block_root = attributes.parent_beacon_block_root;
    out.extra_data = stf::encode_extra_data(
        stf::resolve_attribute_params(attributes.eip1559_denominator, attributes.eip1559_elasticity,
                                      attributes.min_base_fee, *config.l2.op),
        rules);
    out.withdrawals.emplace();  // none on an L2, but the list exists since Canyon
    return out;
}

PayloadAttributes without_batch(const PayloadAttributes& attributes) {
    PayloadAttributes out = attributes;
    out.transactions.resize(out.deposit_count);
    return out;
}

bool matches(const RollupConfig& config, const PayloadAttributes& attributes, const chain::Block& block) {
    const stf::BlockAttributes expected = make_block_attributes(config, attributes);
    const chain::Header& header = block.header;
    if (header.parent_hash != attributes.parent.hash || header.number != attributes.parent.number + 1) return false;
    if (header.timestamp != expected.timestamp || header.coinbase != expected.coinbase ||
        header.prev_randao != expected.prev_randao)
        return false;
    if (header.gas_limit != expected.gas_limit || header.extra_data != expected.extra_data) return false;
    if (header.parent_beacon_block_root != expected.parent_beacon_block_root) return false;
    return std::equal(block.transactions.begin(), block.transactions.end(), attributes.transactions.begin(),
                      attributes.transactions.end(),
                      [](const chain::Transaction& tx, const Bytes& encoded) { return chain::encode(tx) == encoded; });
}

}  // namespace entresol::derive
