#include <stdexcept>

#include <boost/json/array.hpp>

#include "core/base/endian.hpp"
#include "core/stf/base_fee.hpp"
#include "node/conformance/fields.hpp"
#include "node/replay/json_parts.hpp"
#include "node/replay/read_files.hpp"

namespace entresol::replay {
namespace {

using namespace conformance;  // NOLINT: the readers of JSON fields
using chain::OpFork;

constexpr std::pair<OpFork, const char*> TIMES[] = {
    {OpFork::Canyon, "canyon_time"},   {OpFork::Ecotone, "ecotone_time"},   {OpFork::Fjord, "fjord_time"},
    {OpFork::Granite, "granite_time"}, {OpFork::Holocene, "holocene_time"}, {OpFork::Isthmus, "isthmus_time"},
};

std::optional<std::uint64_t> number(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
    return static_cast<std::uint64_t>(value->get_int64());
}

std::uint64_t must_number(const json::object& object, const char* name) {
    const auto found = number(object, name);
    if (!found) throw std::runtime_error(std::string("a number is missing: ") + name);
    return *found;
}

chain::ChainConfig read_rollup(const json::object& rollup) {
    auto config = chain::ChainConfig::op_all_active(must_number(rollup, "l2_chain_id"));
    for (const auto fork : {chain::Fork::Prague, chain::Fork::Osaka})
        config.fork_times[static_cast<std::size_t>(fork)].reset();
    auto& times = config.op->fork_times;
    for (auto& time : times) time.reset();
    times[static_cast<std::size_t>(OpFork::Regolith)] = 0;
    for (const auto& [fork, name] : TIMES) times[static_cast<std::size_t>(fork)] = number(rollup, name);
    config.fork_times[static_cast<std::size_t>(chain::Fork::Prague)] = times[static_cast<std::size_t>(OpFork::Isthmus)];
    const auto& fees = object_member(rollup, "chain_op_config");
    config.op->eip1559_elasticity = must_number(fees, "eip1559Elasticity");
    config.op->eip1559_denominator = must_number(fees, "eip1559Denominator");
    config.op->eip1559_denominator_canyon = must_number(fees, "eip1559DenominatorCanyon");
    return config;
}

// What is known before execution; what is not stays as it is in an empty block, and only the hash tells.
chain::Header header_of(const json::object& payload, const chain::Header& parent, const chain::ChainConfig& config) {
    chain::Header header;
    header.parent_hash = chain::header_hash(parent);
    header.number = parent.number + 1;
    header.timestamp = to_u64(text(payload, "timestamp"));
    header.coinbase = to_fixed<Address>(text(payload, "suggestedFeeRecipient"));
    header.prev_randao = to_fixed<Hash32>(text(payload, "prevRandao"));
    header.gas_limit = to_u64(text(payload, "gasLimit"));
    const auto rules = config.rules_at(header.number, header.timestamp);
    const Bytes params = text(payload, "eip1559Params").empty() ? Bytes(8) : to_bytes(text(payload, "eip1559Params"));
    if (params.size() != 8) throw std::runtime_error("eip1559Params is malformed");
    if (rules.at_least(OpFork::Holocene))
        header.extra_data = stf::encode_extra_data(
            stf::resolve_attribute_params(load_be32(params.data()), load_be32(params.data() + 4), 0, *config.op),
            rules);
    header.base_fee_per_gas = stf::compute_base_fee(parent, config, header.timestamp);
    if (rules.at_least(chain::Fork::Shanghai)) header.withdrawals_root = crypto::EMPTY_TRIE_ROOT;
    if (rules.at_least(chain::Fork::Cancun)) {
        header.blob_gas_used = 0;
        header.excess_blob_gas = stf::compute_excess_blob_gas(parent, rules);
        header.parent_beacon_block_root = to_fixed<Hash32>(text(payload, "parentBeaconBlockRoot"));
    }
    if (rules.at_least(chain::Fork::Prague)) header.requests_hash = Hash32{};
    return header;
}

}  // namespace

void replay_payload(const json::object& fixture, const std::string& name, const Replay& replay) {
    ReplayInput input{.name = name, .config = read_rollup(object_member(fixture, "rollup_config"))};
    auto parent_fields = object_member(fixture, "parent_header");
    if (!parent_fields.contains("nonce")) parent_fields["nonce"] = "0x0000000000000000";
    const auto parent = read_header(parent_fields);
    const auto& payload = object_member(fixture, "executing_payload");
    input.parent = parent;
    input.block.header = header_of(payload, parent, input.config);
    input.block.withdrawals.emplace();
    for (const auto& value : array_member(payload, "transactions")) {
        if (!value.is_string()) throw std::runtime_error("a transaction is malformed");
        auto tx = chain::decode_transaction(to_bytes(value.get_string()));
        if (!tx) throw std::runtime_error("a transaction does not decode");
        input.block.transactions.push_back(std::move(*tx));
    }
    std::vector<Bytes> preimages;
    for (const auto& [hash, preimage] : object_member(fixture, "witness")) {
        if (!preimage.is_string()) throw std::runtime_error("the witness is malformed");
        preimages.push_back(to_bytes(preimage.get_string()));
    }
    input.before = make_witness_state(std::move(preimages), parent);
    input.has_header = false;
    input.block_hash = to_fixed<Hash32>(text(fixture, "expected_block_hash"));
    (void)replay(input);
}

}  // namespace entresol::replay
