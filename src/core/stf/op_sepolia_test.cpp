// Six real blocks of OP Sepolia (Holocene): built from their payload attributes over their witness, each must get the hash it has on chain.
#include <gtest/gtest.h>

#include "core/state/memory_state.hpp"
#include "core/state/witness.hpp"
#include "core/stf/base_fee.hpp"
#include "core/stf/build_block.hpp"
#include "core/stf/state_root.hpp"
#include "testing/json_fields.hpp"

namespace entresol::stf {
namespace {

using namespace testing;  // NOLINT: the readers of JSON fields
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

BlockAttributes read_attributes(const json::object& o, const chain::ChainConfig& config, std::uint64_t number) {
    BlockAttributes a;
    a.timestamp = to_u64(text(o, "timestamp"));
    a.coinbase = to_fixed<Address>(text(o, "suggestedFeeRecipient"));
    a.prev_randao = to_fixed<Hash32>(text(o, "prevRandao"));
    a.gas_limit = to_u64(text(o, "gasLimit"));
    a.parent_beacon_block_root = to_fixed<Hash32>(text(o, "parentBeaconBlockRoot"));
    const Bytes params = to_bytes(text(o, "eip1559Params"));
    a.extra_data = encode_extra_data(
        resolve_attribute_params(load_be32(params.data()), load_be32(params.data() + 4), 0, *config.op),
        config.rules_at(number, a.timestamp));
    return a;
}

class RealBlock {
public:
    explicit RealBlock(const std::filesystem::path& path) : file(parse_json_file(path)), data(file.as_object()) {
        config = read_config(data.at("rollup_config").as_object());
        parent = read_header(data.at("parent_header").as_object());
        const auto& payload = data.at("executing_payload").as_object();
        attributes = read_attributes(payload, config, parent.number + 1);
        for (const auto& encoded : payload.at("transactions").as_array()) {
            transactions.push_back(chain::decode_transaction(to_bytes(encoded.as_string())).value());
            senders.push_back(chain::recover_sender(transactions.back()).value());
        }
        for (const auto& [hash, preimage] : data.at("witness").as_object())
            preimages.push_back(to_bytes(preimage.as_string()));
        expected_hash = to_fixed<Hash32>(text(data, "expected_block_hash"));
    }

    json::value file;
    const json::object& data;
    chain::ChainConfig config;
    chain::Header parent;
    BlockAttributes attributes;
    std::vector<chain::Transaction> transactions;
    std::vector<Address> senders;
    std::vector<Bytes> preimages;
    Hash32 expected_hash;
};

class OpSepolia : public ::testing::TestWithParam<const char*> {};

TEST_P(OpSepolia, BuildsTheBlockThatTheChainHas) {
    ENTRESOL_SHARED_OR_SKIP(path, std::string("op-sepolia/") + GetParam() + ".json");
    const RealBlock real(path);
    state::Witness witness(real.preimages);
    state::TrieStateView view(witness, witness, real.parent.state_root,
                              witness.block_hashes(real.parent.number, chain::header_hash(real.parent)));
    BlockBuilder builder(view, real.config, real.parent, real.attributes);
    state::StateDiff previews = builder.take_preview_diff();
    for (std::size_t i = 0; i < real.transactions.size(); ++i) {
        const auto added = builder.add(real.transactions[i], real.senders[i]);
        ASSERT_TRUE(added) << "transaction " << i << ": " << to_string(added.error());
        previews.merge(builder.take_preview_diff());
    }
    state::MemoryNodes sink, preview_sink;
    auto sealed = builder.seal(witness, real.parent.state_root, sink);
    ASSERT_TRUE(sealed) << to_string(sealed.error().error) << " " << sealed.error().detail;
    EXPECT_EQ(to_hex(sealed->hash), to_hex(real.expected_hash));
    EXPECT_EQ(state::compute_state_root(witness, real.parent.state_root, previews, preview_sink).value(),
              sealed->block.header.state_root)
        << "what was shown after each transaction is not the block";

    // And the other way round: the sealed block passes as one that came from elsewhere.
    state::Witness again(real.preimages);
    state::TrieStateView other(again, again, real.parent.state_root,
                               again.block_hashes(real.parent.number, chain::header_hash(real.parent)));
    const auto applied = apply_block(other, real.config, real.parent, sealed->block);
    ASSERT_TRUE(applied) << to_string(applied.error().error) << " " << applied.error().detail;
    const auto rules = real.config.rules_at(sealed->block.header.number, sealed->block.header.timestamp);
    EXPECT_TRUE(check_state_root(again, real.parent.state_root, sealed->block.header, *applied, rules, sink));
}

TEST(OpSepolia, AMissingNodeIsNoticed) {
    ENTRESOL_SHARED_OR_SKIP(path, std::string("op-sepolia/26207960.json"));
    RealBlock real(path);
    for (std::size_t removed = 0; removed < real.preimages.size(); removed += 37) {
        std::vector<Bytes> fewer = real.preimages;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(removed));
        state::Witness witness(fewer);
        state::TrieStateView view(witness, witness, real.parent.state_root, {});
        BlockBuilder builder(view, real.config, real.parent, real.attributes);
        bool refused = false;
        for (std::size_t i = 0; i < real.transactions.size() && !refused; ++i)
            refused = !builder.add(real.transactions[i], real.senders[i]).has_value();
        state::MemoryNodes sink;
        const auto sealed = builder.seal(witness, real.parent.state_root, sink);
        EXPECT_TRUE(!sealed || sealed->hash == real.expected_hash) << "preimage " << removed << " was needed after all";
    }
}

INSTANTIATE_TEST_SUITE_P(RealBlocks, OpSepolia,
                         ::testing::Values("26207960", "26207961", "26207962", "26207963", "26208384", "26208927"));

}  // namespace
}  // namespace entresol::stf
