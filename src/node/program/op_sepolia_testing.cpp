#include "node/program/op_sepolia_testing.hpp"

#include "core/stf/base_fee.hpp"
#include "testing/json_fields.hpp"

namespace entresol::program::testing {
namespace {

using namespace entresol::testing;  // NOLINT: the readers of JSON fields
using chain::OpFork;

constexpr std::pair<OpFork, const char*> TIMES[] = {
    {OpFork::Canyon, "canyon_time"},   {OpFork::Ecotone, "ecotone_time"},   {OpFork::Fjord, "fjord_time"},
    {OpFork::Granite, "granite_time"}, {OpFork::Holocene, "holocene_time"}, {OpFork::Isthmus, "isthmus_time"},
};

chain::ChainConfig read_config(const json::object& rollup) {
    chain::ChainConfig config =
        chain::ChainConfig::op_all_active(to_u64(std::to_string(rollup.at("l2_chain_id").as_int64())));
    config.fork_times[static_cast<std::size_t>(chain::Fork::Prague)].reset();
    config.fork_times[static_cast<std::size_t>(chain::Fork::Osaka)].reset();
    for (auto& time : config.op->fork_times) time.reset();
    config.op->fork_times[static_cast<std::size_t>(OpFork::Regolith)] = 0;
    for (const auto& [fork, name] : TIMES)
        config.op->fork_times[static_cast<std::size_t>(fork)] = static_cast<std::uint64_t>(rollup.at(name).as_int64());
    const auto& fees = rollup.at("chain_op_config").as_object();
    config.op->eip1559_elasticity = static_cast<std::uint64_t>(fees.at("eip1559Elasticity").as_int64());
    config.op->eip1559_denominator = static_cast<std::uint64_t>(fees.at("eip1559Denominator").as_int64());
    config.op->eip1559_denominator_canyon = static_cast<std::uint64_t>(fees.at("eip1559DenominatorCanyon").as_int64());
    return config;
}

chain::Header read_header(const json::object& o) {
    chain::Header h;
    h.parent_hash = to_fixed<Hash32>(text(o, "parentHash"));
    h.ommers_hash = to_fixed<Hash32>(text(o, "sha3Uncles"));
    h.coinbase = to_fixed<Address>(text(o, "miner"));
    h.state_root = to_fixed<Hash32>(text(o, "stateRoot"));
    h.transactions_root = to_fixed<Hash32>(text(o, "transactionsRoot"));
    h.receipts_root = to_fixed<Hash32>(text(o, "receiptsRoot"));
    h.logs_bloom = to_fixed<Bloom>(text(o, "logsBloom"));
    h.number = to_u64(text(o, "number"));
    h.gas_limit = to_u64(text(o, "gasLimit"));
    h.gas_used = to_u64(text(o, "gasUsed"));
    h.timestamp = to_u64(text(o, "timestamp"));
    h.extra_data = to_bytes(text(o, "extraData"));
    h.prev_randao = to_fixed<Hash32>(text(o, "mixHash"));
    h.base_fee_per_gas = to_u256(text(o, "baseFeePerGas"));
    h.withdrawals_root = to_fixed<Hash32>(text(o, "withdrawalsRoot"));
    h.blob_gas_used = to_u64(text(o, "blobGasUsed"));
    h.excess_blob_gas = to_u64(text(o, "excessBlobGas"));
    h.parent_beacon_block_root = to_fixed<Hash32>(text(o, "parentBeaconBlockRoot"));
    return h;
}

stf::BlockAttributes read_attributes(const json::object& o, const chain::ChainConfig& config, std::uint64_t number) {
    stf::BlockAttributes a;
    a.timestamp = to_u64(text(o, "timestamp"));
    a.coinbase = to_fixed<Address>(text(o, "suggestedFeeRecipient"));
    a.prev_randao = to_fixed<Hash32>(text(o, "prevRandao"));
    a.gas_limit = to_u64(text(o, "gasLimit"));
    a.parent_beacon_block_root = to_fixed<Hash32>(text(o, "parentBeaconBlockRoot"));
    const Bytes params = to_bytes(text(o, "eip1559Params"));
    a.extra_data = stf::encode_extra_data(
        stf::resolve_attribute_params(load_be32(params.data()), load_be32(params.data() + 4), 0, *config.op),
        config.rules_at(number, a.timestamp));
    return a;
}

}  // namespace

GivenBlock read_given_block(const std::filesystem::path& path) {
    const json::value file = parse_json_file(path);
    const json::object& data = file.as_object();
    GivenBlock given;
    given.config = read_config(data.at("rollup_config").as_object());
    given.task.parent = read_header(data.at("parent_header").as_object());
    const auto& payload = data.at("executing_payload").as_object();
    given.task.attributes = read_attributes(payload, given.config, given.task.parent.number + 1);
    for (const auto& encoded : payload.at("transactions").as_array())
        given.task.transactions.push_back(to_bytes(encoded.as_string()));
    for (const auto& [hash, preimage] : data.at("witness").as_object())
        given.preimages.push_back(to_bytes(preimage.as_string()));
    given.expected_hash = to_fixed<Hash32>(text(data, "expected_block_hash"));
    return given;
}

}  // namespace entresol::program::testing
